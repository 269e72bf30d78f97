import type { Int32Column, Int64Column } from '@ergane/sdk';
import type { CellRun } from './cell-run.ts';
import { failOnCell } from './invalid-cell.ts';
import type { SpecialValues } from './invalid-cell.ts';

/** PostgreSQL counts from 2000-01-01. */
export const EPOCH_DAYS = 10_957;
const EPOCH_MS = EPOCH_DAYS * 86_400_000;
const INFINITE_DAY = 0x7fff_ffff;
const TWO_32 = 4_294_967_296;

/** What becomes of times that the protocol's milliseconds cannot hold. */
export interface TimeRules {
  readonly special: SpecialValues;
  /** true: an error where microseconds would be cut */
  readonly exact: boolean;
}

export function decodeDate(column: Int32Column, run: CellRun, special: SpecialValues): void {
  const { view, starts, lengths, base, rows, first } = run;
  const { values } = column;
  for (let i = 0; i < rows; i++) {
    if ((lengths[base + i] ?? 0) < 0) {
      column.setNull(first + i);
      continue;
    }
    const day = view.getInt32(starts[base + i] ?? 0);
    if (day === INFINITE_DAY || day === -INFINITE_DAY - 1) setInfinite(column, first + i, special);
    else values[first + i] = day + EPOCH_DAYS;
  }
}

/** timestamp: milliseconds since 1970-01-01. */
export function decodeTimestamp(column: Int64Column, run: CellRun, rules: TimeRules): void {
  const { view, starts, lengths, base, rows, first } = run;
  const { words } = column;
  for (let i = 0; i < rows; i++) {
    const row = first + i;
    const ms = (lengths[base + i] ?? 0) < 0 ? NaN : readMilliseconds(view, starts[base + i] ?? 0, rules.exact);
    if (ms - ms !== 0) {
      setMissing(column, row, { ms, rules });
      continue;
    }
    const high = Math.floor(ms / TWO_32);
    words[2 * row] = ms - high * TWO_32;
    words[2 * row + 1] = high;
  }
}

/** timestamptz: milliseconds in UTC, packed with zone key 0 (protocol reference, section 2.5). */
export function decodeTimestampTz(column: Int64Column, run: CellRun, rules: TimeRules): void {
  const { view, starts, lengths, base, rows, first } = run;
  const { words } = column;
  for (let i = 0; i < rows; i++) {
    const row = first + i;
    const ms = (lengths[base + i] ?? 0) < 0 ? NaN : readMilliseconds(view, starts[base + i] ?? 0, rules.exact);
    if (ms - ms !== 0) {
      setMissing(column, row, { ms, rules });
      continue;
    }
    const high = Math.floor(ms / TWO_32);
    const low = ms - high * TWO_32;
    words[2 * row] = low << 12;
    words[2 * row + 1] = (high << 12) | (low >>> 20);
  }
}

const TOO_FINE = -Infinity;
const INFINITE = Infinity;

/** Milliseconds since 1970, rounded down; INFINITE; TOO_FINE when `exact` and there are microseconds. */
export function readMilliseconds(view: DataView, at: number, exact: boolean): number {
  const high = view.getInt32(at);
  const low = view.getUint32(at + 4);
  if (high > 0xf_ffff || high < -0x10_0000) return readDistant(view, at, exact);
  const micros = high * TWO_32 + low;
  let ms = Math.floor(micros / 1000);
  // the quotient may have been rounded up to a whole number
  if (ms * 1000 > micros) ms--;
  if (exact && ms * 1000 !== micros) return TOO_FINE;
  return ms + EPOCH_MS;
}

function readDistant(view: DataView, at: number, exact: boolean): number {
  const micros = view.getBigInt64(at);
  if (micros === 2n ** 63n - 1n || micros === -(2n ** 63n)) return INFINITE;
  const rest = BigInt.asIntN(64, ((micros % 1000n) + 1000n) % 1000n);
  if (exact && rest !== 0n) return TOO_FINE;
  return Number((micros - rest) / 1000n) + EPOCH_MS;
}

function setMissing(column: Int64Column, row: number, found: { readonly ms: number; readonly rules: TimeRules }): void {
  if (found.ms === TOO_FINE) failOnCell(column.field, 'microseconds, and ergane_microseconds is error', 'microseconds');
  else if (found.ms === INFINITE) setInfinite(column, row, found.rules.special);
  else column.setNull(row);
}

function setInfinite(column: Int32Column | Int64Column, row: number, special: SpecialValues): void {
  if (special === 'null') column.setNull(row);
  else failOnCell(column.field, 'infinity', 'infinity');
}
