import { functionError } from './errors.ts';
import {
  PICOS_PER_DAY,
  PICOS_PER_MILLI,
  PICOS_PER_SECOND,
  daysOf,
  floorDivide,
  instantOf,
  localOf,
} from './instant-text.ts';

/** Local date and time by its fields. */
export interface Fields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** picoseconds of the second */
  readonly picos: bigint;
  /** days since 1970 */
  readonly days: number;
  /** 1 is Monday */
  readonly weekday: number;
  readonly dayOfYear: number;
  /** ISO week and the year it belongs to */
  readonly week: number;
  readonly weekYear: number;
}

export function fieldsOf(local: bigint): Fields {
  const days = Number(floorDivide(local, PICOS_PER_DAY));
  const rest = local - BigInt(days) * PICOS_PER_DAY;
  const seconds = Number(rest / PICOS_PER_SECOND);
  const date = new Date(days * 86_400_000);
  const year = date.getUTCFullYear();
  const weekday = ((((days + 3) % 7) + 7) % 7) + 1;
  const thursday = days - weekday + 4;
  const weekYear = new Date(thursday * 86_400_000).getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    picos: rest % PICOS_PER_SECOND,
    days,
    weekday,
    dayOfYear: days - (daysOf(year, 1, 1) ?? 0) + 1,
    week: Math.floor((thursday - (daysOf(weekYear, 1, 1) ?? 0)) / 7) + 1,
    weekYear,
  };
}

/** The first day of an ISO week. */
export function weekStart(year: number, week: number): number {
  const fourth = daysOf(year, 1, 4) ?? 0;
  return fourth - (fieldsOf(BigInt(fourth) * PICOS_PER_DAY).weekday - 1) + (week - 1) * 7;
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (((year % 400) + 400) % 400), month, 0)).getUTCDate();
}

/** A local time some months later; a day that the month lacks becomes its last. */
export function plusMonths(local: bigint, months: number): bigint {
  const { year, month, day, days } = fieldsOf(local);
  const index = year * 12 + month - 1 + months;
  const newYear = Math.floor(index / 12);
  const newMonth = index - newYear * 12 + 1;
  const target = daysOf(newYear, newMonth, Math.min(day, lastDay(newYear, newMonth)));
  return local + BigInt((target ?? days) - days) * PICOS_PER_DAY;
}

/** The units of date_add, date_diff and date_trunc: months, or a fixed length. */
const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };
const LENGTHS: Readonly<Record<string, bigint>> = {
  millisecond: PICOS_PER_MILLI,
  second: PICOS_PER_SECOND,
  minute: 60n * PICOS_PER_SECOND,
  hour: 3600n * PICOS_PER_SECOND,
  day: PICOS_PER_DAY,
  week: 7n * PICOS_PER_DAY,
};
const LOCAL_UNITS = new Set(['day', 'week', 'month', 'quarter', 'year']);
const CLOCK_UNITS = new Set(['millisecond', 'second', 'minute', 'hour']);

export type InstantKind = 'DATE' | 'TIME' | 'TIMESTAMP';

/** A unit in lower case, once it is known to be one for the kind of value. */
export function checkUnit(unit: string, kind: InstantKind): string {
  const name = unit.toLowerCase();
  const known =
    kind === 'DATE'
      ? LOCAL_UNITS.has(name)
      : kind === 'TIME'
        ? CLOCK_UNITS.has(name)
        : LOCAL_UNITS.has(name) || CLOCK_UNITS.has(name);
  if (!known) throw functionError('INVALID_FUNCTION_ARGUMENT', `'${unit}' is not a valid ${kind} field`);
  return name;
}

export function addUnits(unit: string, count: bigint, local: bigint): bigint {
  const months = MONTHS[unit];
  if (months === undefined) return local + count * (LENGTHS[unit] ?? 0n);
  if (count !== BigInt.asIntN(32, count)) throw functionError('GENERIC_INTERNAL_ERROR', 'integer overflow');
  return plusMonths(local, Number(count) * months);
}

export function truncateTo(unit: string, local: bigint): bigint {
  const { year, month, days, weekday } = fieldsOf(local);
  const at = (day: number | undefined) => BigInt(day ?? days) * PICOS_PER_DAY;
  switch (unit) {
    case 'week':
      return at(days - weekday + 1);
    case 'month':
      return at(daysOf(year, month, 1));
    case 'quarter':
      return at(daysOf(year, month - ((month - 1) % 3), 1));
    case 'year':
      return at(daysOf(year, 1, 1));
    default: {
      const length = LENGTHS[unit] ?? 1n;
      return floorDivide(local, length) * length;
    }
  }
}

/** Whole units from one local time to another, toward zero. */
export function unitsBetween(unit: string, from: bigint, to: bigint): bigint {
  const months = MONTHS[unit];
  if (months === undefined) return (to - from) / (LENGTHS[unit] ?? 1n);
  const a = fieldsOf(from);
  const b = fieldsOf(to);
  let count = (b.year - a.year) * 12 + b.month - a.month;
  if (count > 0 && plusMonths(from, count) > to) count--;
  if (count < 0 && plusMonths(from, count) < to) count++;
  return BigInt(Math.trunc(count / months));
}

/** Units up to the hour are counted on the instant, longer ones on the local calendar. */
export const isLocalUnit = (unit: string) => LOCAL_UNITS.has(unit);

export function addZoned(unit: string, count: bigint, instant: bigint, key: number): bigint {
  if (!isLocalUnit(unit)) return addUnits(unit, count, instant);
  return instantOf(addUnits(unit, count, localOf(instant, key)), key);
}

export function truncateZoned(unit: string, instant: bigint, key: number): bigint {
  const local = localOf(instant, key);
  const truncated = truncateTo(unit, local);
  return isLocalUnit(unit) ? instantOf(truncated, key) : instant - (local - truncated);
}

export function betweenZoned(unit: string, from: bigint, to: bigint, key: number): bigint {
  return isLocalUnit(unit) ? unitsBetween(unit, localOf(from, key), localOf(to, key)) : unitsBetween(unit, from, to);
}
