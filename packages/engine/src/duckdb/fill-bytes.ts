import { isUtf8 } from 'node:buffer';
import duckdb from '@duckdb/node-bindings';
import type { Vector } from '@duckdb/node-bindings';
import { ErganeError } from '@ergane/protocol';
import type { Slice } from './fill-vector.ts';

/** bytes that a DuckDB string entry holds without a pointer */
const INLINE = 12;
const TWO_32 = 4_294_967_296;

/**
 * Strings and binaries without one call a value. DuckDB's vector holds 16 bytes a string: length, then either up to 12 bytes, or the first
 * four and a pointer. All bytes of the slice are handed over as one string, whose entry tells where DuckDB put them; the entries of
 * the longer strings then point into it (`../shared/spikes/arrow-to-duckdb.mjs` measured 3 to 6 ns a string).
 */
export function fillBytes(vector: Vector, { column, from, count, at }: Slice, text: boolean): void {
  const { offsets, values } = column;
  const entries = new Uint32Array(count * 4);
  if (offsets) {
    const start = offsets[from] ?? 0;
    const end = offsets[from + count] ?? 0;
    const all = values.subarray(start, end);
    if (text && !isText(all, offsets, { from, count, start })) throw invalidText(offsets, values, { from, count });
    const longest = writeInline(entries, values, { offsets, from, count });
    if (longest > INLINE) pointTo(handOver(vector, all, at), entries, { offsets, from, count });
  }
  duckdb.copy_data_to_vector(vector, at * 16, entries.buffer, 0, entries.byteLength);
}

interface Strings {
  readonly offsets: Int32Array;
  readonly from: number;
  readonly count: number;
}

/** Valid as a whole, and no string starts within a character. */
function isText(all: Uint8Array, offsets: Int32Array, range: { from: number; count: number; start: number }): boolean {
  if (!isUtf8(all)) return false;
  let continued = 0;
  for (let i = range.from; i < range.from + range.count; i++) {
    const first = all[(offsets[i] ?? 0) - range.start] ?? 0;
    continued |= (first & 0xc0) === 0x80 ? 1 : 0;
  }
  return continued === 0;
}

function invalidText(offsets: Int32Array, values: Uint8Array, range: { from: number; count: number }): ErganeError {
  for (let i = range.from; i < range.from + range.count; i++) {
    const bytes = values.subarray(offsets[i] ?? 0, offsets[i + 1] ?? 0);
    if (isUtf8(bytes)) continue;
    const shown = Buffer.from(bytes.subarray(0, 32)).toString('hex');
    return new ErganeError(
      'SOURCE_DATA_INVALID',
      `a string is not valid UTF-8 (its bytes begin 0x${shown}); read it as varbinary`,
    );
  }
  return new ErganeError('SOURCE_DATA_INVALID', 'a string column is not valid UTF-8; read it as varbinary');
}

/** Writes lengths and first bytes; answers the longest length. The bytes after a short string may be read, never written. */
function writeInline(entries: Uint32Array, bytes: Uint8Array, { offsets, from, count }: Strings): number {
  let start = offsets[from] ?? 0;
  let longest = 0;
  for (let i = 0, to = 0; i < count; i++, to += 4) {
    const end = offsets[from + i + 1] ?? 0;
    const length = end - start;
    entries[to] = length;
    if (length > INLINE) {
      if (length > longest) longest = length;
      entries[to + 1] = word(bytes, start);
    } else if (length > 0) {
      entries[to + 1] = length >= 4 ? word(bytes, start) : tail(bytes, start, length);
      if (length > 4) entries[to + 2] = length >= 8 ? word(bytes, start + 4) : tail(bytes, start + 4, length - 4);
      if (length > 8) entries[to + 3] = length === 12 ? word(bytes, start + 8) : tail(bytes, start + 8, length - 8);
    }
    start = end;
  }
  return longest;
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

/** One to three bytes. */
function tail(bytes: Uint8Array, at: number, length: number): number {
  let value = bytes[at] ?? 0;
  if (length > 1) value |= (bytes[at + 1] ?? 0) << 8;
  if (length > 2) value |= (bytes[at + 2] ?? 0) << 16;
  return value;
}

interface Address {
  readonly low: number;
  readonly high: number;
}

/** Gives DuckDB the bytes as the string of row `at` and reads where it put them. There are more than 12, so there is a pointer. */
function handOver(vector: Vector, all: Uint8Array, at: number): Address {
  duckdb.vector_assign_string_element_len(vector, at, all);
  const entry = duckdb.vector_get_data(vector, (at + 1) * 16);
  const pointer = new DataView(entry.buffer, entry.byteOffset + at * 16, 16);
  const address = { low: pointer.getUint32(8, true), high: pointer.getUint32(12, true) };
  if (pointer.getUint32(0, true) !== all.byteLength || (address.low === 0 && address.high === 0))
    throw new ErganeError('SOURCE_DATA_INVALID', 'DuckDB did not take the strings of a block');
  return address;
}

function pointTo({ low, high }: Address, entries: Uint32Array, { offsets, from, count }: Strings): void {
  const base = offsets[from] ?? 0;
  for (let i = 0, to = 0; i < count; i++, to += 4) {
    if ((entries[to] ?? 0) <= INLINE) continue;
    const address = low + (offsets[from + i] ?? 0) - base;
    entries[to + 2] = address;
    entries[to + 3] = address >= TWO_32 ? high + 1 : high;
  }
}
