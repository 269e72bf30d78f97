import { ErganeError } from '@ergane/protocol';
import type { Settings } from './connector.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Finds a secret by its name; undefined: there is none. */
export type SecretSource = (name: string) => Promise<string | undefined>;

/** AWS's pattern of `${secret}` with what managed secrets and ARNs need (section 7.3). */
const REFERENCE = /\$\{([a-zA-Z0-9/_\-.+=@!:]+)\}/g;
const CACHE_MS = 60_000;

/**
 * The settings of one function. `${name}` in a value is replaced by the secret: from the environment variable
 * `ERGANE_SECRET_<name>` (as written, or in upper or lower case, other characters than letters and digits as `_`), else from AWS
 * Secrets Manager. A secret that is JSON with `username` and `password` becomes `user:password` (percent-encoded in the user part
 * of a URL), or `user=…&password=…` where it stands among the parameters of a URL.
 */
export function makeSettings(
  environment: Environment,
  source: SecretSource,
  onSecret: (secret: string) => void = () => undefined,
): Settings {
  const resolve = async (text: string, name: string): Promise<string> => {
    if (!text.includes('${')) return text;
    let resolved = '';
    let from = 0;
    for (const match of text.matchAll(REFERENCE)) {
      const [whole, secretName = ''] = match;
      const secret = findInEnvironment(environment, secretName) ?? (await findInSource(source, name, secretName));
      onSecret(secret);
      const after = text.slice(match.index + whole.length);
      resolved += text.slice(from, match.index);
      resolved += printSecret(secret, { before: resolved, after });
      from = match.index + whole.length;
    }
    return resolved + text.slice(from);
  };
  const get = async (name: string): Promise<string | undefined> => {
    const text = environment[name];
    return text === undefined ? undefined : resolve(text, name);
  };
  return {
    get,
    resolve,
    async require(name) {
      const value = await get(name);
      if (value !== undefined && value.trim() !== '') return value;
      throw new ErganeError('CONFIG_INVALID', `the setting ${name} is missing: set it in the function's environment`, {
        where: { setting: name },
      });
    },
  };
}

/** Remembers secrets for 60 s, also those that are being fetched; a failure is not remembered. */
export function withSecretCache(source: SecretSource, now: () => number = Date.now): SecretSource {
  const cache = new Map<string, { readonly until: number; readonly value: Promise<string | undefined> }>();
  return (name) => {
    const found = cache.get(name);
    if (found !== undefined && found.until > now()) return found.value;
    const value = source(name);
    cache.set(name, { until: now() + CACHE_MS, value });
    value.catch(() => cache.delete(name));
    return value;
  };
}

/** AWS Secrets Manager, where a region is configured. The AWS SDK is loaded at the first secret. */
export function openSecretsManager(environment: Environment): SecretSource {
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  if (region === undefined) return () => Promise.resolve(undefined);
  return async (name) => {
    const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
    const client = new SecretsManagerClient({ region });
    try {
      const answer = await client.send(new GetSecretValueCommand({ SecretId: name }));
      return answer.SecretString;
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
      throw error;
    } finally {
      client.destroy();
    }
  };
}

function findInEnvironment(environment: Environment, secretName: string): string | undefined {
  const plain = secretName.replace(/[^a-zA-Z0-9]/g, '_');
  for (const name of [secretName, plain, plain.toUpperCase(), plain.toLowerCase()]) {
    const value = environment[`ERGANE_SECRET_${name}`];
    if (value !== undefined) return value;
  }
  return undefined;
}

async function findInSource(source: SecretSource, setting: string, secretName: string): Promise<string> {
  const where = { setting, secret: secretName };
  const variable = `ERGANE_SECRET_${secretName.replace(/[^a-zA-Z0-9]/g, '_').toUpperCase()}`;
  const advice = `set ${variable} in the function's environment, or make the secret in AWS Secrets Manager (with AWS_REGION and credentials set)`;
  let value: string | undefined;
  try {
    value = await source(secretName);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ErganeError(
      'SECRET_NOT_FOUND',
      `the secret "${secretName}" of setting ${setting} could not be read from AWS Secrets Manager (${reason}): ${advice}`,
      { where, cause },
    );
  }
  if (value !== undefined) return value;
  throw new ErganeError(
    'SECRET_NOT_FOUND',
    `there is no secret "${secretName}", which setting ${setting} names: ${advice}`,
    {
      where,
    },
  );
}

function printSecret(secret: string, { before, after }: { readonly before: string; readonly after: string }): string {
  const credentials = parseCredentials(secret);
  if (credentials === undefined) return secret;
  const { user, password } = credentials;
  if (/[?&;]$/.test(before)) return `user=${encodeURIComponent(user)}&password=${encodeURIComponent(password)}`;
  if (before.endsWith('//') && after.startsWith('@'))
    return `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return `${user}:${password}`;
}

/** JSON with username and password in any case; all else is a secret as it is. */
function parseCredentials(secret: string): { readonly user: string; readonly password: string } | undefined {
  if (!secret.trimStart().startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(secret);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const members = new Map(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
  const user: unknown = members.get('username');
  const password: unknown = members.get('password');
  return typeof user === 'string' && typeof password === 'string' ? { user, password } : undefined;
}
