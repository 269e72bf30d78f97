import { ErganeError } from '@ergane/protocol';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `$${` is a literal `${`; `${secret:name}`; `${NAME}`; `${NAME:-otherwise}` */
const REFERENCE = /\$\$\{|\$\{secret:([^}]+)\}|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

export interface Resolution {
  readonly environment: Environment;
  /** the setting, for messages */
  readonly setting: string;
  readonly onSecret: (name: string) => string;
}

/**
 * A text of the configuration with its references filled in.
 * @throws ErganeError CONFIG_INVALID for a variable that is not set
 */
export function resolveText(text: string, { environment, setting, onSecret }: Resolution): string {
  return text.replaceAll(
    REFERENCE,
    (whole: string, secret: string | undefined, variable: string | undefined, otherwise: string | undefined) => {
      if (secret !== undefined) return onSecret(secret.trim());
      if (variable === undefined) return whole.slice(1);
      const value = environment[variable];
      // as in a shell, `:-` also stands in for an empty variable
      if (otherwise !== undefined) return value === undefined || value === '' ? otherwise : value;
      if (value !== undefined) return value;
      throw new ErganeError(
        'CONFIG_INVALID',
        `${setting} names the environment variable ${variable}, which is not set: set it, or write \${${variable}:-value} for a default`,
        { where: { setting, variable } },
      );
    },
  );
}

/** `ERGANE_SECRET_<NAME>`: where a secret of this name is looked for in the environment. */
export function secretVariable(name: string): string {
  return `ERGANE_SECRET_${name.replace(/[^a-zA-Z0-9]/g, '_').toUpperCase()}`;
}

/** A secret that Ergane itself needs (not a function), from the environment. */
export function readSecret(name: string, environment: Environment, setting: string): string {
  const variable = secretVariable(name);
  const value = environment[variable];
  if (value !== undefined) return value;
  throw new ErganeError(
    'SECRET_NOT_FOUND',
    `${setting} names the secret "${name}": set ${variable} in the environment`,
    {
      where: { setting, secret: name },
    },
  );
}
