import type { Value } from '@ergane/protocol';
import type { TrinoType } from '../sql/trino-type.ts';
import type { ArrowColumn } from './flat-batch.ts';
import type { KeySet } from './worker-messages.ts';

/** As many distinct values are kept one by one; more become the range from the least to the greatest. */
const MAX_KEYS = 512;
/** the same of whole numbers, which are short and quickly found in a list */
const MAX_INTEGER_KEYS = 12_288;
/** A larger side leaves out too little to be worth the counting. */
export const MAX_KEY_ROWS = 262_144;

/** The distinct values, or least and greatest, of a column that passes by. NULLs are left out: they equal nothing. */
export class KeyCollector {
  readonly #read: ReadKey;
  readonly #limit: number;
  #values: Set<Value> | undefined = new Set();
  #rows = 0;
  #low: Value | undefined;
  #high: Value | undefined;

  constructor(type: TrinoType) {
    this.#read = READERS[type.kind] ?? text;
    this.#limit = mostKeys(type);
  }

  add(column: ArrowColumn, rowCount: number): void {
    this.#rows += rowCount;
    if (this.#rows > MAX_KEY_ROWS) return;
    const { validity } = column;
    for (let row = 0; row < rowCount; row++) {
      if (column.nullCount > 0 && validity && (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 0) continue;
      const value = this.#read(column, row);
      if (this.#low === undefined || value < this.#low) this.#low = value;
      if (this.#high === undefined || value > this.#high) this.#high = value;
      this.#values?.add(value);
      if (this.#values && this.#values.size > this.#limit) this.#values = undefined;
    }
  }

  /** undefined: there were too many rows. */
  result(): KeySet | undefined {
    if (this.#rows > MAX_KEY_ROWS) return undefined;
    if (this.#values) return keySet([...this.#values]);
    if (this.#low === undefined || this.#high === undefined) return { kind: 'values', values: [] };
    return { kind: 'range', low: this.#low, high: this.#high };
  }
}

/** A long list of numbers that has most of those between its least and its greatest is no better than that range, and dear to send. */
export function keySet(values: readonly Value[]): KeySet {
  const [first] = values;
  if (values.length <= MAX_KEYS || (typeof first !== 'bigint' && typeof first !== 'number'))
    return { kind: 'values', values };
  const low = values.reduce((a, b) => (b < a ? b : a));
  const high = values.reduce((a, b) => (b > a ? b : a));
  const isDense = Number(high) - Number(low) < values.length * 2;
  return isDense ? { kind: 'range', low, high } : { kind: 'values', values };
}

/** How many distinct values of a type are kept one by one. */
export function mostKeys({ kind }: TrinoType): number {
  return INTEGERS.has(kind) ? MAX_INTEGER_KEYS : MAX_KEYS;
}

const INTEGERS: ReadonlySet<TrinoType['kind']> = new Set(['tinyint', 'smallint', 'integer', 'bigint']);

type ReadKey = (column: ArrowColumn, row: number) => Value;

const readInt32: ReadKey = (column, row) => int32(column.values, row * 4);
const readInt64: ReadKey = (column, row) => int64(column.values, row * 8);

/** Readers of values as constraints hold them (`Value` of the protocol), for the types whose equality is the same at every source. */
const READERS: Readonly<Partial<Record<TrinoType['kind'], ReadKey>>> = {
  tinyint: (column, row) => ((column.values[row] ?? 0) << 24) >> 24,
  smallint: (column, row) => (((column.values[row * 2] ?? 0) | ((column.values[row * 2 + 1] ?? 0) << 8)) << 16) >> 16,
  integer: readInt32,
  date: readInt32,
  bigint: readInt64,
  timestamp: readInt64,
  decimal: (column, row) =>
    (int64(column.values, row * 16 + 8) << 64n) | BigInt.asUintN(64, int64(column.values, row * 16)),
  varchar: text,
};

/** Whether keys of this type can travel: no floating point, nothing nested. */
export function canBeKey(type: TrinoType): boolean {
  return READERS[type.kind] !== undefined;
}

function int32(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

function int64(bytes: Uint8Array, at: number): bigint {
  return (BigInt(int32(bytes, at + 4)) << 32n) | BigInt(int32(bytes, at) >>> 0);
}

function text({ values, offsets }: ArrowColumn, row: number): string {
  const start = offsets?.[row] ?? 0;
  const end = offsets?.[row + 1] ?? 0;
  return Buffer.from(values.buffer, values.byteOffset + start, end - start).toString('utf8');
}
