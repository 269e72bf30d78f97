import { localToInstant, offsetAt, offsetText, zoneKey, zoneName } from './zones.ts';

export const PICOS_PER_MILLI = 1_000_000_000n;
export const PICOS_PER_SECOND = 1_000_000_000_000n;
export const PICOS_PER_DAY = 86_400n * PICOS_PER_SECOND;

const TIMESTAMP =
  /^([+-]?\d{4,})-(\d{1,2})-(\d{1,2})(?: +(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?)?(?:\s*(\S.*))?$/;

/** A timestamp read from text. With a zone, `picos` is the instant; without, the local time as if it were UTC. */
export interface ParsedTimestamp {
  readonly picos: bigint;
  readonly precision: number;
  readonly zoneKey?: number;
}

/** Days since 1970 of a date, undefined when there is no such date. */
export function daysOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return Math.floor(date.getTime() / 86_400_000);
}

export function parseTimestamp(text: string): ParsedTimestamp | undefined {
  const match = TIMESTAMP.exec(text);
  if (!match) return undefined;
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  const days = daysOf(Number(year), Number(month), Number(day));
  if (days === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || fraction.length > 12) {
    return undefined;
  }
  const seconds = BigInt(days) * 86_400n + BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second));
  const local = seconds * PICOS_PER_SECOND + BigInt(fraction.padEnd(12, '0'));
  if (zone === undefined) return { picos: local, precision: fraction.length };
  const key = zoneKey(zone);
  if (key === undefined) return undefined;
  return { picos: instantOf(local, key), precision: fraction.length, zoneKey: key };
}

/** The instant of a local time (both in picoseconds). */
export function instantOf(local: bigint, key: number): bigint {
  const millis = floorDivide(local, PICOS_PER_MILLI);
  return BigInt(localToInstant(key, Number(millis))) * PICOS_PER_MILLI + (local - millis * PICOS_PER_MILLI);
}

/** The local time of an instant (both in picoseconds). */
export function localOf(instant: bigint, key: number): bigint {
  const offset = offsetAt(key, Number(floorDivide(instant, PICOS_PER_MILLI)));
  return instant + BigInt(offset) * 60n * PICOS_PER_SECOND;
}

export function parseTime(
  text: string,
): { readonly picos: bigint; readonly precision: number; readonly offset?: number } | undefined {
  const match = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?\s*(?:([+-])(\d{1,2}):?(\d{2})|(Z|UTC))?$/i.exec(text);
  if (!match) return undefined;
  const [, hour = '', minute = '', second = '0', fraction = '', sign, offsetHour, offsetMinute, utc] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || fraction.length > 12) return undefined;
  const seconds = BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second));
  const picos = seconds * PICOS_PER_SECOND + BigInt(fraction.padEnd(12, '0'));
  const precision = fraction.length;
  if (utc !== undefined) return { picos, precision, offset: 0 };
  if (sign === undefined) return { picos, precision };
  const offset = Number(offsetHour) * 60 + Number(offsetMinute);
  return offset > 840 ? undefined : { picos, precision, offset: sign === '-' ? -offset : offset };
}

export function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

/** `2024-02-29`; years beyond four digits carry a sign. */
export function printDate(days: number): string {
  const date = new Date(days * 86_400_000);
  const year = date.getUTCFullYear();
  const size = String(Math.abs(year)).padStart(4, '0');
  const text = year < 0 ? `-${size}` : year > 9999 ? `+${size}` : size;
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${text}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
}

/** `01:02:03.456` with as many fraction digits as the precision says. */
export function printTime(picos: bigint, precision: number): string {
  const seconds = Number(picos / PICOS_PER_SECOND);
  const pad = (value: number) => String(value).padStart(2, '0');
  const text = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  if (precision === 0) return text;
  return `${text}.${String(picos % PICOS_PER_SECOND)
    .padStart(12, '0')
    .slice(0, precision)}`;
}

export function printTimestamp(picos: bigint, precision: number): string {
  const days = floorDivide(picos, PICOS_PER_DAY);
  return `${printDate(Number(days))} ${printTime(picos - days * PICOS_PER_DAY, precision)}`;
}

/** `2024-02-29 10:20:30.456 Europe/Berlin`. */
export function printZoned(instant: bigint, key: number, precision: number): string {
  return `${printTimestamp(localOf(instant, key), precision)} ${zoneName(key)}`;
}

export function printTimeTz(packed: bigint, precision: number): string {
  const offset = Number(packed % 4096n) - 1024;
  return `${printTime(packed / 4096n, precision)}${offsetText(offset)}`;
}

/** A value with its precision lowered, rounded half up as Trino rounds. */
export function roundPicos(picos: bigint, precision: number): bigint {
  const unit = 10n ** BigInt(12 - precision);
  return floorDivide(picos + unit / 2n, unit) * unit;
}

/** `3 04:05:06.789` */
export function printDayInterval(millis: bigint): string {
  const size = millis < 0n ? -millis : millis;
  const days = size / 86_400_000n;
  return `${millis < 0n ? '-' : ''}${days} ${printTime((size % 86_400_000n) * PICOS_PER_MILLI, 3)}`;
}

/** `2-6` */
export function printYearInterval(months: number): string {
  const size = Math.abs(months);
  return `${months < 0 ? '-' : ''}${Math.floor(size / 12)}-${size % 12}`;
}
