import type { Int32Column, Int64Column } from '@ergane/sdk';
import type { Field } from 'apache-arrow';
import type { CellRun } from './cell-run.ts';
import { failOnCell } from './invalid-cell.ts';
import type { SpecialValues } from './invalid-cell.ts';

/** PostgreSQL counts from 2000-01-01. */
const EPOCH_DAYS = 10_957;
const EPOCH_MS = EPOCH_DAYS * 86_400_000;
const INFINITE_DAY = 0x7fff_ffff;
const TWO_32 = 4_294_967_296;
/** TIMESTAMP WITH TIME ZONE keeps 52 bits for milliseconds (protocol reference, section 2.5) */
const PACKED_LIMIT = 2n ** 51n;

/** What becomes of times that the protocol's milliseconds cannot hold. */
export interface TimeRules {
  readonly special: SpecialValues;
  /** true: an error where microseconds would be cut */
  readonly exact: boolean;
}

export function decodeDate(column: Int32Column, run: CellRun, special: SpecialValues): void {
  const { view, starts, base, rows, first } = run;
  const { values } = column;
  for (let i = 0; i < rows; i++) {
    const at = starts[base + i] ?? 0;
    if (view.getInt32(at - 4) < 0) {
      column.setNull(first + i);
      continue;
    }
    const day = readDay(view, at);
    if (day !== undefined) values[first + i] = day;
    else if (special === 'null') column.setNull(first + i);
    else failOnCell(column.field, 'infinity', 'infinity');
  }
}

/** Days since 1970-01-01; undefined: infinite. */
export function readDay(view: DataView, at: number): number | undefined {
  const day = view.getInt32(at);
  return day === INFINITE_DAY || day === -INFINITE_DAY - 1 ? undefined : day + EPOCH_DAYS;
}

/** timestamp: milliseconds since 1970-01-01. */
export function decodeTimestamp(column: Int64Column, run: CellRun, rules: TimeRules): void {
  const { view, starts, base, rows, first } = run;
  const { words } = column;
  for (let i = 0; i < rows; i++) {
    const row = first + i;
    const at = starts[base + i] ?? 0;
    if (view.getInt32(at - 4) < 0) {
      column.setNull(row);
      continue;
    }
    const ms = readUsual(view, at);
    if (ms === UNUSUAL || rules.exact) {
      const found = readInstant(column.field, { view, at, rules });
      if (found === undefined) column.setNull(row);
      else column.values[row] = found;
      continue;
    }
    const high = Math.floor(ms / TWO_32);
    words[2 * row] = ms - high * TWO_32;
    words[2 * row + 1] = high;
  }
}

/** timestamptz: milliseconds in UTC, packed with zone key 0 (protocol reference, section 2.5). */
export function decodeTimestampTz(column: Int64Column, run: CellRun, rules: TimeRules): void {
  const { view, starts, base, rows, first } = run;
  const { words } = column;
  for (let i = 0; i < rows; i++) {
    const row = first + i;
    const at = starts[base + i] ?? 0;
    if (view.getInt32(at - 4) < 0) {
      column.setNull(row);
      continue;
    }
    const ms = readUsual(view, at);
    if (ms === UNUSUAL || rules.exact) {
      const found = readInstant(column.field, { view, at, rules });
      if (found === undefined) column.setNull(row);
      else column.values[row] = pack(column.field, found);
      continue;
    }
    const high = Math.floor(ms / TWO_32);
    const low = ms - high * TWO_32;
    words[2 * row] = low << 12;
    words[2 * row + 1] = (high << 12) | (low >>> 20);
  }
}

function pack(field: Field, ms: bigint): bigint {
  if (ms >= PACKED_LIMIT || ms < -PACKED_LIMIT) failOnCell(field, 'a time after the year 73326', 'packed');
  return ms << 12n;
}

const UNUSUAL = Infinity;

/** Milliseconds since 1970, rounded down, for the years 1858 to 2142; UNUSUAL for all others. */
function readUsual(view: DataView, at: number): number {
  const high = view.getInt32(at);
  if (high > 0xf_ffff || high < -0x10_0000) return UNUSUAL;
  const micros = high * TWO_32 + view.getUint32(at + 4);
  const ms = Math.floor(micros / 1000);
  // the quotient may have been rounded up to a whole number
  return (ms * 1000 > micros ? ms - 1 : ms) + EPOCH_MS;
}

interface TimeCell {
  readonly view: DataView;
  readonly at: number;
  readonly rules: TimeRules;
}

/** Milliseconds since 1970, rounded down, of any time; undefined: infinite, and that is null. @throws ErganeError by the rules */
export function readInstant(field: Field, { view, at, rules }: TimeCell): bigint | undefined {
  const micros = view.getBigInt64(at);
  if (micros === 2n ** 63n - 1n || micros === -(2n ** 63n))
    return rules.special === 'null' ? undefined : failOnCell(field, 'infinity', 'infinity');
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  if (rules.exact && rest !== 0n) failOnCell(field, 'microseconds, and ergane_microseconds is error', 'microseconds');
  return (micros - rest) / 1000n + BigInt(EPOCH_MS);
}
