import duckdb from '@duckdb/node-bindings';
import type { Vector } from '@duckdb/node-bindings';
import { ErganeError } from '@ergane/protocol';
import type { TrinoType } from '../sql/trino-type.ts';
import { fillBytes } from './fill-bytes.ts';
import { fillDecimals } from './fill-decimals.ts';
import { fillTimestamps } from './fill-timestamps.ts';
import type { ArrowColumn } from './flat-batch.ts';
import { scannedType } from './scan-type.ts';

/** Rows `from` to `from + count` of `column`, to be written to a DuckDB vector from its row `at` on. */
export interface Slice {
  readonly column: ArrowColumn;
  readonly from: number;
  readonly count: number;
  readonly at: number;
}

/** Writes Arrow rows of one column into a DuckDB vector. Throws SOURCE_DATA_INVALID for bytes that are no value of the type. */
export function fillVector(vector: Vector, type: TrinoType, slice: Slice): void {
  if (slice.count === 0) return;
  fillValues(vector, type, slice);
  if (slice.column.nullCount > 0) fillValidity(vector, slice);
}

function fillValues(vector: Vector, trinoType: TrinoType, slice: Slice): void {
  const type = scannedType(trinoType);
  switch (type.kind) {
    case 'tinyint':
      return copyFixed(vector, slice, 1);
    case 'smallint':
      return copyFixed(vector, slice, 2);
    case 'integer':
    case 'real':
    case 'date':
      return copyFixed(vector, slice, 4);
    case 'bigint':
    case 'double':
    case 'timestamp with time zone':
      return copyFixed(vector, slice, 8);
    case 'boolean':
      return fillBooleans(vector, slice);
    case 'decimal':
      return fillDecimals(vector, type.precision, slice);
    case 'timestamp':
      return fillTimestamps(vector, slice);
    case 'varchar':
      return fillBytes(vector, slice, true);
    case 'varbinary':
      return fillBytes(vector, slice, false);
    case 'array':
      return fillList(vector, slice, (child, part) => fillVector(child, type.element, part));
    case 'map':
      return fillList(vector, slice, (child, part) => {
        fillFields(child, [type.key, type.value], part);
      });
    case 'row':
      return fillFields(
        vector,
        type.fields.map((field) => field.type),
        slice,
      );
  }
}

function copyFixed(vector: Vector, { column, from, count, at }: Slice, width: number): void {
  const { values } = column;
  duckdb.copy_data_to_vector(vector, at * width, values.buffer, values.byteOffset + from * width, count * width);
}

function fillBooleans(vector: Vector, { column, from, count, at }: Slice): void {
  const { values } = column;
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) bytes[i] = ((values[(from + i) >> 3] ?? 0) >> ((from + i) & 7)) & 1;
  duckdb.copy_data_to_vector(vector, at, bytes.buffer, 0, count);
}

/** DuckDB's mask and Arrow's bitmap are alike: bit i of a byte is row i, 1 is valid. */
function fillValidity(vector: Vector, { column, from, count, at }: Slice): void {
  const { validity } = column;
  if (!validity) return;
  duckdb.vector_ensure_validity_writable(vector);
  if (((from | at) & 7) === 0) {
    const bytes = (count + 7) >> 3;
    duckdb.copy_data_to_vector_validity(vector, at >> 3, validity.buffer, validity.byteOffset + (from >> 3), bytes);
    return;
  }
  // Children of nested columns start anywhere: bits move. The last byte's bits above `at + count` belong to rows not yet written.
  const first = at >> 3;
  const last = (at + count + 7) >> 3;
  const mask = duckdb.vector_get_validity(vector, last).subarray(first).slice();
  for (let i = 0; i < count; i++) {
    const target = (at & 7) + i;
    const bit = 1 << (target & 7);
    const valid = ((validity[(from + i) >> 3] ?? 0) >> ((from + i) & 7)) & 1;
    const byte = mask[target >> 3] ?? 0;
    mask[target >> 3] = valid ? byte | bit : byte & ~bit;
  }
  duckdb.copy_data_to_vector_validity(vector, first, mask.buffer, mask.byteOffset, mask.byteLength);
}

/** A list entry is offset and length, 8 bytes each; the children of the rows are appended to the child vector. */
function fillList(
  vector: Vector,
  { column, from, count, at }: Slice,
  fill: (child: Vector, slice: Slice) => void,
): void {
  const { offsets, children } = column;
  const [elements] = children;
  if (!offsets || !elements) throw missing('offsets of a list');
  const firstChild = offsets[from] ?? 0;
  const childCount = (offsets[from + count] ?? 0) - firstChild;
  const before = at === 0 ? 0 : duckdb.list_vector_get_size(vector);
  duckdb.list_vector_reserve(vector, before + childCount);
  duckdb.list_vector_set_size(vector, before + childCount);
  const entries = new Uint32Array(count * 4);
  for (let i = 0; i < count; i++) {
    const start = offsets[from + i] ?? 0;
    entries[i * 4] = before + start - firstChild;
    entries[i * 4 + 2] = (offsets[from + i + 1] ?? 0) - start;
  }
  duckdb.copy_data_to_vector(vector, at * 16, entries.buffer, 0, count * 16);
  fill(duckdb.list_vector_get_child(vector), { column: elements, from: firstChild, count: childCount, at: before });
}

function fillFields(vector: Vector, types: readonly TrinoType[], slice: Slice): void {
  types.forEach((type, index) => {
    const column = slice.column.children[index];
    if (!column) throw missing('field of a row');
    fillVector(duckdb.struct_vector_get_child(vector, index), type, { ...slice, column });
  });
}

function missing(what: string): ErganeError {
  return new ErganeError('PROTOCOL_INVALID', `a block lacks the ${what}`);
}
