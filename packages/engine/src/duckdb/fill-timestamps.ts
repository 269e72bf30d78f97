import duckdb from '@duckdb/node-bindings';
import type { Vector } from '@duckdb/node-bindings';
import { ErganeError } from '@ergane/protocol';
import type { Slice } from './fill-vector.ts';

const TWO_32 = 4_294_967_296;
/** milliseconds whose microseconds are exact as a double: up to the year 2255 */
const EXACT_MILLIS = Math.floor(Number.MAX_SAFE_INTEGER / 1000);
/** DuckDB's timestamps end 2^63 microseconds from 1970 */
const LAST_MILLIS = 9_223_372_036_854_775n;

/** Milliseconds (int64) become DuckDB's microseconds; by doubles where they are exact, which is five times faster than by bigints. */
export function fillTimestamps(vector: Vector, { column, from, count, at }: Slice): void {
  const { values } = column;
  const words = new Int32Array(values.buffer, values.byteOffset + from * 8, count * 2);
  const out = new Int32Array(count * 2);
  for (let i = 0; i < count * 2; i += 2) {
    const millis = (words[i + 1] ?? 0) * TWO_32 + ((words[i] ?? 0) >>> 0);
    if (millis > EXACT_MILLIS || millis < -EXACT_MILLIS) {
      if (isValid(column.validity, from + (i >> 1))) multiplyExactly(words, out, i);
      continue;
    }
    const micros = millis * 1000;
    out[i] = micros;
    out[i + 1] = Math.floor(micros / TWO_32);
  }
  duckdb.copy_data_to_vector(vector, at * 8, out.buffer, 0, count * 8);
}

function multiplyExactly(words: Int32Array, out: Int32Array, at: number): void {
  const millis = (BigInt(words[at + 1] ?? 0) << 32n) | BigInt((words[at] ?? 0) >>> 0);
  if (millis > LAST_MILLIS || millis < -LAST_MILLIS)
    throw new ErganeError('SOURCE_DATA_INVALID', `a timestamp is out of range: ${millis} milliseconds from 1970`);
  const micros = millis * 1000n;
  out[at] = Number(BigInt.asIntN(32, micros));
  out[at + 1] = Number(BigInt.asIntN(32, micros >> 32n));
}

function isValid(validity: Uint8Array | undefined, row: number): boolean {
  return !validity || (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}
