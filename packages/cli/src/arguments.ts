import { parseArgs } from 'node:util';
import { didYouMean } from './suggest.ts';
import { UsageError } from './usage-error.ts';

export interface OptionSpec {
  readonly short?: string;
  /** the name of its value in the help; without it the option is a flag */
  readonly value?: string;
  /** may be given more than once */
  readonly multiple?: boolean;
  readonly help: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** Options that every command takes. */
export const COMMON_OPTIONS: OptionSpecs = {
  config: { short: 'c', value: 'FILE', help: 'the configuration; default: ergane.config.* here or in a folder above' },
  verbose: { short: 'v', help: 'show the causes of errors' },
  help: { short: 'h', help: 'show this help' },
};

/** What the command line says, by option. */
export class Arguments {
  readonly positionals: readonly string[];
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>, positionals: readonly string[]) {
    this.#values = values;
    this.positionals = positionals;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  list(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  }
}

/** @throws UsageError that names the wrong option, with a suggestion */
export function parseArguments(argv: readonly string[], specs: OptionSpecs): Arguments {
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { short, value, multiple }]) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(short !== undefined && { short }),
        ...(multiple !== undefined && { multiple }),
      },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    return new Arguments(values, positionals);
  } catch (error) {
    throw new UsageError(explain(error, specs), { cause: error });
  }
}

function explain(error: unknown, specs: OptionSpecs): string {
  const message = error instanceof Error ? error.message : String(error);
  const unknown = /^Unknown option '(-[^' =]*)/.exec(message)?.[1];
  if (unknown === undefined) return message.split('\n')[0]?.replace(/\. To specify .*$/, '') ?? message;
  const names = Object.keys(specs).map((name) => `--${name}`);
  return `there is no option ${unknown}${didYouMean(unknown, names)}`;
}
