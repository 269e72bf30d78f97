import duckdb from '@duckdb/node-bindings';
import type { Vector } from '@duckdb/node-bindings';
import { ErganeError } from '@ergane/protocol';
import type { Slice } from './fill-vector.ts';

/**
 * Arrow's 128-bit decimals (four little-endian words) become DuckDB's: 16, 32, 64 or 128 bits by precision. A value that does not
 * fit its declared precision's width is an error, never a shortened number.
 */
export function fillDecimals(vector: Vector, precision: number, { column, from, count, at }: Slice): void {
  const { values } = column;
  if (precision > 18) {
    duckdb.copy_data_to_vector(vector, at * 16, values.buffer, values.byteOffset + from * 16, count * 16);
    return;
  }
  const words = new Int32Array(values.buffer, values.byteOffset + from * 16, count * 4);
  if (precision > 9) {
    const out = new Int32Array(count * 2);
    if (narrowTo64(words, out) !== 0) checkEach(words, { column, from, count, at }, 64);
    duckdb.copy_data_to_vector(vector, at * 8, out.buffer, 0, out.byteLength);
    return;
  }
  const out = precision > 4 ? new Int32Array(count) : new Int16Array(count);
  const bits = precision > 4 ? 32 : 16;
  if (narrow(words, out) !== 0) checkEach(words, { column, from, count, at }, bits);
  duckdb.copy_data_to_vector(vector, (at * bits) / 8, out.buffer, 0, out.byteLength);
}

/** The lower halves; not 0 when some upper half is no sign extension. */
function narrowTo64(words: Int32Array, out: Int32Array): number {
  let lost = 0;
  for (let i = 0, to = 0; i < words.length; i += 4, to += 2) {
    const high = words[i + 1] ?? 0;
    const sign = high >> 31;
    out[to] = words[i] ?? 0;
    out[to + 1] = high;
    lost |= (sign ^ (words[i + 2] ?? 0)) | (sign ^ (words[i + 3] ?? 0));
  }
  return lost;
}

function narrow(words: Int32Array, out: Int32Array | Int16Array): number {
  let lost = 0;
  for (let i = 0, to = 0; i < words.length; i += 4, to++) {
    const low = words[i] ?? 0;
    out[to] = low;
    const sign = (out[to] ?? 0) >> 31;
    lost |=
      (low ^ (out[to] ?? 0)) |
      (sign ^ (words[i + 1] ?? 0)) |
      (sign ^ (words[i + 2] ?? 0)) |
      (sign ^ (words[i + 3] ?? 0));
  }
  return lost;
}

/** Something did not fit: an error unless it was only the unread bytes of a NULL. */
function checkEach(words: Int32Array, { column, from, count }: Slice, bits: number): void {
  const { validity } = column;
  for (let i = 0; i < count; i++) {
    const row = from + i;
    if (validity && (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 0) continue;
    let value = 0n;
    for (let word = 3; word >= 0; word--) value = (value << 32n) | BigInt((words[i * 4 + word] ?? 0) >>> 0);
    const signed = BigInt.asIntN(128, value);
    if (BigInt.asIntN(bits, signed) !== signed)
      throw new ErganeError(
        'SOURCE_DATA_INVALID',
        `a decimal value has more digits than its column's type allows: ${signed}`,
      );
  }
}
