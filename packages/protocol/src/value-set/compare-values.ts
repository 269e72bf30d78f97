import { DataType, TimeUnit } from 'apache-arrow';
import type { Value } from '../constraints.ts';
import { ErganeError } from '../errors.ts';

/** -1, 0 or 1 */
export type Order = number;

/**
 * The order of two values of one type, as SQL (Trino) has it, so that a filter in a connector keeps what the engine's own comparison
 * keeps: text by code point, bytes unsigned, -0 equal to 0, NaN equal to itself and above all else, TIMESTAMP WITH TIME ZONE by its
 * instant. (AWS's Java SDK orders text by UTF-16 code unit and zoned timestamps by instant, then zone.)
 */
export function compareValues(type: DataType, a: Value, b: Value): Order {
  return comparatorOf(type)(a, b);
}

/** The comparison of a type's values, chosen once. */
export function comparatorOf(type: DataType): (a: Value, b: Value) => Order {
  return isPackedTimestamp(type) ? compareInstants : comparePlain;
}

/** TIMESTAMP WITH TIME ZONE as Athena sends it: an instant and a zone in one integer (section 2.5). */
export function isPackedTimestamp(type: DataType): boolean {
  return DataType.isTimestamp(type) && type.unit === TimeUnit.MILLISECOND && Boolean(type.timezone);
}

function compareInstants(a: Value, b: Value): Order {
  if (typeof a !== 'bigint' || typeof b !== 'bigint') throw incomparable(a, b);
  return order(a >> 12n, b >> 12n);
}

function comparePlain(a: Value, b: Value): Order {
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b);
  if (typeof a === 'bigint' && typeof b === 'bigint') return order(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return order(a, b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b);
  throw incomparable(a, b);
}

function compareNumbers(a: number, b: number): Order {
  if (a < b) return -1;
  if (a > b) return 1;
  return order(Number.isNaN(a), Number.isNaN(b));
}

function order<Ordered extends bigint | boolean | number>(a: Ordered, b: Ordered): Order {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By code point: code units compare alike but where one is half of a pair and the other is not. */
function compareText(a: string, b: string): Order {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === length) return order(a.length, b.length);
  return order(codePointRank(a.charCodeAt(at)), codePointRank(b.charCodeAt(at)));
}

/** Surrogates stand for code points above all those of one unit. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function compareBytes(a: Uint8Array, b: Uint8Array): Order {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return order(a.length, b.length);
}

function incomparable(a: Value, b: Value): ErganeError {
  return new ErganeError('INTERNAL', `a ${typeof a} and a ${typeof b} are not two values of one type`);
}
