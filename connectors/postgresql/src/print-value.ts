import type { Value } from '@ergane/protocol';
import { DataType, DateUnit } from 'apache-arrow';

/** Takes a parameter's text and answers its place, such as `$3`. */
export type Bind = (text: string | null) => string;

const DAY_MS = 86_400_000;
/** 4713-01-01 before Christ to the last day of JavaScript's Date; PostgreSQL's dates go on, the protocol's queries do not. */
const FIRST_MS = -210_866_803_200_000;
const LAST_MS = 8_640_000_000_000_000;

/**
 * A value as PostgreSQL reads it as text; undefined: PostgreSQL has no such value (a string with NUL, a lone surrogate, a time before
 * its calendar), so the comparison must be left to the engine.
 */
export function printParameter(value: Value, type: DataType): string | undefined {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? undefined : value;
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (DataType.isDecimal(type) && typeof value === 'bigint') return printDecimal(value, type.scale);
  if (DataType.isDate(type)) {
    if (type.unit === DateUnit.DAY) return printDay(Number(value));
    return printTimestamp(Number(value));
  }
  if (DataType.isTimestamp(type) && typeof value === 'bigint') return printTimestamp(Number(instantOf(value)), '+00');
  if (Object.is(value, -0)) return '-0';
  return String(value);
}

/** Milliseconds of a packed TIMESTAMP WITH TIME ZONE (protocol reference, section 2.5). Which zone it names does not matter to a comparison. */
export function instantOf(packed: bigint): bigint {
  return packed >> 12n;
}

export function printDecimal(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function printDay(day: number): string | undefined {
  const ms = day * DAY_MS;
  return ms < FIRST_MS || ms > LAST_MS ? undefined : printCalendar(ms, (iso) => iso.slice(0, 5));
}

/** With milliseconds; `zone` follows. */
export function printTimestamp(ms: number, zone = ''): string | undefined {
  // timestamps end in the year 294276, after JavaScript's last
  if (ms < FIRST_MS || ms > LAST_MS) return undefined;
  return printCalendar(ms, (iso) => `${iso.slice(0, 5)} ${iso.slice(6, 18)}${zone}`);
}

/** Years before 1 are written as PostgreSQL does: 0001-01-01 BC is year 0. `rest` takes `MM-DDTHH:MM:SS.mmmZ`. */
function printCalendar(ms: number, rest: (iso: string) => string): string {
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  const iso = date.toISOString();
  const tail = rest(iso.slice(iso.indexOf('-', 1) + 1));
  const shown = String(year > 0 ? year : 1 - year).padStart(4, '0');
  return `${shown}-${tail}${year > 0 ? '' : ' BC'}`;
}

/** An array literal, for `= any($1)`. */
export function printArray(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
