import { ErganeError, singleValues, type Value } from '@ergane/protocol';
import { plusMonths } from '../../sql/runtime/calendar.ts';
import { parseJoda, printJoda } from '../../sql/runtime/joda-format.ts';
import {
  failProperty,
  findProperty,
  MAX_PROJECTED,
  positiveProperty,
  requireProperty,
  tooMany,
  type ProjectedColumn,
  type ProjectedValue,
} from './column-projection.ts';

const PICOS_PER_MILLI = 1_000_000_000n;
const DAY = 86_400_000;
/** Lengths in milliseconds; a number of months where a unit has no fixed length. */
const UNITS: Readonly<Record<string, { readonly ms: number } | { readonly months: number }>> = {
  YEAR: { months: 12 },
  MONTH: { months: 1 },
  WEEK: { ms: 7 * DAY },
  DAY: { ms: DAY },
  HOUR: { ms: 3_600_000 },
  MINUTE: { ms: 60_000 },
  SECOND: { ms: 1000 },
  MILLISECOND: { ms: 1 },
};
const NOW = /^NOW(?:\s*([+-])\s*(\d{1,9})\s*(YEAR|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND)S?)?$/i;

type Step = { readonly ms: number } | { readonly months: number };

/**
 * `format` is a pattern of Java's DateTimeFormatter; `range` two dates in it, or `NOW`, `NOW-3YEARS`, … in UTC; `interval` and
 * `interval.unit` lie between the values: a day or a month when the format says no more than days or months, else they must be given.
 */
export function* dateValues(projected: ProjectedColumn): Generator<ProjectedValue> {
  const format = new DateFormat(projected);
  const range = requireProperty(projected, 'range', 'two dates such as 2020-01-01,NOW');
  const bounds = range.split(',').map((bound) => format.truncate(readBound(projected, format, bound.trim())));
  const [first, last] = bounds;
  if (bounds.length !== 2 || first === undefined || last === undefined || first > last)
    return failProperty(projected, 'range', `two dates in the format ${format.pattern} or NOW, the earlier one first`);
  const step = readStep(projected, format.pattern);
  let previous: string | undefined;
  let count = 0;
  for (const time of timesIn(projected, format, { first, last, step })) {
    const inLocation = format.print(time);
    if (inLocation === previous) continue;
    if (++count > MAX_PROJECTED) throw tooMany(projected);
    previous = inLocation;
    yield { text: printValue(projected, time, inLocation), inLocation };
  }
}

interface Sequence {
  readonly first: number;
  readonly last: number;
  readonly step: Step;
}

function* timesIn(projected: ProjectedColumn, format: DateFormat, sequence: Sequence): Generator<number> {
  const { admitted } = projected;
  const listed = admitted && singleValues(admitted);
  if (listed !== undefined) {
    for (const value of listed) {
      const time = timeOf(projected, format, value);
      if (time !== undefined) yield* between(sequence, time, time);
    }
    return;
  }
  if (admitted?.kind !== 'SortedRangeSet') return yield* between(sequence, sequence.first, sequence.last);
  for (const { low, high } of admitted.ranges) {
    const isTime = typeof (low.value ?? high.value) !== 'string';
    const from = isTime && low.value !== undefined ? timeOf(projected, format, low.value) : undefined;
    const to = isTime && high.value !== undefined ? timeOf(projected, format, high.value) : undefined;
    yield* between(sequence, from ?? sequence.first, to ?? sequence.last);
    // of text no range says between which times it lies: all of them are looked at, once
    if (!isTime) return;
  }
}

function* between({ first, last, step }: Sequence, low: number, high: number): Generator<number> {
  const end = Math.min(high, last);
  if ('ms' in step) {
    const skipped = low <= first ? 0 : Math.ceil((low - first) / step.ms);
    for (let time = first + skipped * step.ms; time <= end; time += step.ms) yield time;
    return;
  }
  for (let count = 0; ; count++) {
    const time = Number(plusMonths(BigInt(first) * PICOS_PER_MILLI, count * step.months) / PICOS_PER_MILLI);
    if (time > end) return;
    if (time >= low) yield time;
  }
}

/** The time of a value of the column, in milliseconds; undefined where it is none. */
function timeOf({ type }: ProjectedColumn, format: DateFormat, value: Value): number | undefined {
  if (type.kind === 'date' && typeof value === 'number') return value * DAY;
  if (type.kind === 'timestamp' && typeof value === 'bigint') return Number(value);
  return format.parse(String(value));
}

function printValue({ type }: ProjectedColumn, time: number, inLocation: string): string {
  if (type.kind === 'date') return new Date(time).toISOString().slice(0, 10);
  if (type.kind === 'timestamp') return new Date(time).toISOString().slice(0, 23).replace('T', ' ');
  return inLocation;
}

function readBound(projected: ProjectedColumn, format: DateFormat, text: string): number {
  const found = NOW.exec(text);
  if (found === null)
    return (
      format.parse(text) ??
      failProperty(projected, 'range', `two dates in the format ${format.pattern} or NOW, not "${text}"`)
    );
  const [, sign, count = '0', unit = 'DAY'] = found;
  const step = UNITS[unit.toUpperCase()] ?? { ms: 0 };
  const times = Number(count) * (sign === '-' ? -1 : 1);
  if ('ms' in step) return projected.now + times * step.ms;
  return Number(plusMonths(BigInt(projected.now) * PICOS_PER_MILLI, times * step.months) / PICOS_PER_MILLI);
}

function readStep(projected: ProjectedColumn, pattern: string): Step {
  const interval = positiveProperty(projected, 'interval') ?? 1;
  const text = findProperty(projected, 'interval.unit')?.toUpperCase().replace(/S$/, '');
  const letters = pattern.replace(/'[^']*'/g, '');
  const isFine = /[HhKkmsSAnN]/.test(letters);
  const implied = isFine ? undefined : /[dDeEF]/.test(letters) ? 'DAY' : /[ML]/.test(letters) ? 'MONTH' : 'YEAR';
  const name = text ?? implied;
  const unit = name !== undefined && Object.hasOwn(UNITS, name) ? UNITS[name] : undefined;
  if (unit === undefined)
    return failProperty(
      projected,
      'interval.unit',
      'YEARS, MONTHS, WEEKS, DAYS, HOURS, MINUTES, SECONDS or MILLISECONDS',
    );
  return 'ms' in unit ? { ms: unit.ms * interval } : { months: unit.months * interval };
}

/** The property `format`; Java's letters for what partitions are named by are Joda's. */
class DateFormat {
  readonly pattern: string;
  readonly #joda: string;

  constructor(projected: ProjectedColumn) {
    this.pattern = requireProperty(projected, 'format', 'a date format such as yyyy-MM-dd');
    this.#joda = this.pattern.replace(/'[^']*'|u+/g, (part) => (part.startsWith("'") ? part : 'y'.repeat(part.length)));
    try {
      this.print(projected.now);
    } catch {
      failProperty(projected, 'format', 'a date format of the letters y, M, d, H, m, s and S, such as yyyy-MM-dd');
    }
  }

  print(time: number): string {
    return printJoda(BigInt(time) * PICOS_PER_MILLI, 0, this.#joda, false);
  }

  /** Milliseconds; undefined where the text is not in the format. */
  parse(text: string): number | undefined {
    try {
      const time = Number(parseJoda(text, this.#joda).picos / PICOS_PER_MILLI);
      return this.print(time) === text ? time : undefined;
    } catch (cause) {
      if (cause instanceof Error && !(cause instanceof ErganeError)) return undefined;
      throw cause;
    }
  }

  /** The time without what the format does not say. */
  truncate(time: number): number {
    return this.parse(this.print(time)) ?? time;
  }
}
