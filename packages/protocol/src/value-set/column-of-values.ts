import { type Data, DataType, Field, type RecordBatch, Schema } from 'apache-arrow';
import type { Value } from '../constraints.ts';
import { invalid } from '../invalid.ts';
import { makeBatch } from '../ipc/make-batch.ts';
import { makeColumn } from '../ipc/make-column.ts';
import { fixedWidth } from '../ipc/type-width.ts';

const utf8 = new TextEncoder();

/** A batch of one column named `col1`, as markers and constants carry their values (section 3.2). */
export function batchOfValues(schema: Schema, values: readonly (Value | null)[]): RecordBatch {
  const [field] = schema.fields;
  if (field === undefined) throw invalid('valueBlock', 'one column', 'none');
  return makeBatch(schema, values.length, [columnOfValues(field.type, values)]);
}

export function valueSchema(type: DataType): Schema {
  return new Schema([new Field('col1', type, true)]);
}

/**
 * An apache-arrow column of the given values.
 * @throws ErganeError PROTOCOL_INVALID where a value is not of the type
 */
export function columnOfValues(type: DataType, values: readonly (Value | null)[]): Data {
  const validity = new Uint8Array((values.length + 7) >> 3);
  let nullCount = 0;
  values.forEach((value, row) => {
    if (value === null) nullCount++;
    else validity[row >> 3] = (validity[row >> 3] ?? 0) | (1 << (row & 7));
  });
  const shared = { length: values.length, nullCount, ...(nullCount > 0 && { validity }) };
  if (DataType.isNull(type)) return makeColumn(type, { length: values.length, nullCount: values.length });
  if (DataType.isUtf8(type) || DataType.isBinary(type))
    return makeColumn(type, { ...shared, ...bytesColumn(type, values) });
  return makeColumn(type, { ...shared, values: DataType.isBool(type) ? bits(values) : fixed(type, values) });
}

function bytesColumn(
  type: DataType,
  values: readonly (Value | null)[],
): { readonly offsets: Int32Array; readonly values: Uint8Array } {
  const encoded = values.map((value) => {
    if (value === null) return new Uint8Array(0);
    if (typeof value === 'string' && DataType.isUtf8(type)) return utf8.encode(value);
    if (value instanceof Uint8Array && DataType.isBinary(type)) return value;
    throw wrongValue(type, value);
  });
  const offsets = new Int32Array(values.length + 1);
  encoded.forEach((bytes, row) => (offsets[row + 1] = (offsets[row] ?? 0) + bytes.length));
  const joined = new Uint8Array(offsets[values.length] ?? 0);
  encoded.forEach((bytes, row) => joined.set(bytes, offsets[row]));
  return { offsets, values: joined };
}

function bits(values: readonly (Value | null)[]): Uint8Array {
  const bitmap = new Uint8Array((values.length + 7) >> 3);
  values.forEach((value, row) => {
    if (value === true) bitmap[row >> 3] = (bitmap[row >> 3] ?? 0) | (1 << (row & 7));
  });
  return bitmap;
}

function fixed(type: DataType, values: readonly (Value | null)[]): Uint8Array {
  const width = fixedWidth(type);
  if (width === undefined) throw invalid('valueBlock', 'values of a type that can be compared', String(type));
  const view = new DataView(new ArrayBuffer(width * values.length));
  values.forEach((value, row) => {
    if (value !== null) writeFixed(view, type, { at: row * width, width, value });
  });
  return new Uint8Array(view.buffer);
}

function writeFixed(
  view: DataView,
  type: DataType,
  { at, width, value }: { readonly at: number; readonly width: number; readonly value: Value },
): void {
  if (typeof value === 'bigint' && width === 8 && !DataType.isFloat(type)) view.setBigInt64(at, value, true);
  else if (typeof value === 'bigint' && DataType.isDecimal(type))
    for (let word = 0; word < width / 8; word++)
      view.setBigInt64(at + 8 * word, BigInt.asIntN(64, value >> BigInt(64 * word)), true);
  else if (typeof value === 'number' && DataType.isFloat(type) && width === 8) view.setFloat64(at, value, true);
  else if (typeof value === 'number' && DataType.isFloat(type) && width === 4) view.setFloat32(at, value, true);
  else if (typeof value === 'number' && !DataType.isFloat(type) && width === 4) view.setInt32(at, value, true);
  else if (typeof value === 'number' && !DataType.isFloat(type) && width === 2) view.setInt16(at, value, true);
  else if (typeof value === 'number' && width === 1) view.setInt8(at, value);
  else throw wrongValue(type, value);
}

function wrongValue(type: DataType, value: Value): Error {
  return invalid('valueBlock.col1', `a value of ${String(type)}`, `${typeof value} ${String(value).slice(0, 40)}`);
}
