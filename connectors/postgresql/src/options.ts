import type { Settings } from '@ergane/sdk';
import { ErganeError } from '@ergane/protocol';

/** How the connector reads what the protocol cannot carry as it is, and how it divides tables. */
export interface PostgresqlOptions {
  /** digits after the point of `numeric` without precision, which is then DECIMAL(38, n); undefined: its exact text */
  readonly defaultScale: number | undefined;
  /** TIMESTAMP has milliseconds: cut what is finer, fail on it, or give timestamps as text */
  readonly microseconds: 'truncate' | 'error' | 'text';
  /** infinite dates and timestamps, and NaN in DECIMAL columns: fail, or null */
  readonly specialValues: 'error' | 'null';
  /** bytes of a table in one split */
  readonly splitBytes: number;
}

/** @throws ErganeError CONFIG_INVALID that names the setting */
export async function readOptions(settings: Settings): Promise<PostgresqlOptions> {
  const [scale, microseconds, special, split] = await Promise.all(
    ['default_scale', 'ergane_microseconds', 'ergane_special_values', 'ergane_split_mb'].map((name) =>
      settings.get(name),
    ),
  );
  return {
    defaultScale: isEmpty(scale) ? undefined : parseNumber('default_scale', scale, { low: 0, high: 38, whole: true }),
    microseconds: parseChoice('ergane_microseconds', microseconds, ['truncate', 'error', 'text'] as const),
    specialValues: parseChoice('ergane_special_values', special, ['error', 'null'] as const),
    splitBytes: isEmpty(split)
      ? 64 * 1024 * 1024
      : parseNumber('ergane_split_mb', split, { low: 0.008, high: 1e9, whole: false }) * 1024 * 1024,
  };
}

function isEmpty(text: string | undefined): text is undefined {
  return text === undefined || text.trim() === '';
}

interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
}

function parseNumber(name: string, text: string, { low, high, whole }: Bounds): number {
  const value = Number(text);
  if (value >= low && value <= high && (!whole || Number.isInteger(value))) return value;
  throw invalid(name, text, `a ${whole ? 'whole ' : ''}number from ${low} to ${high}`);
}

/** The first choice is the default. */
function parseChoice<Choice extends string>(
  name: string,
  text: string | undefined,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  if (isEmpty(text)) return choices[0];
  const found = choices.find((choice) => choice === text.trim().toLowerCase());
  if (found !== undefined) return found;
  throw invalid(name, text, choices.join(' or '));
}

function invalid(name: string, text: string, expected: string): ErganeError {
  return new ErganeError('CONFIG_INVALID', `the setting ${name} is "${text}": it must be ${expected}`, {
    where: { setting: name },
  });
}
