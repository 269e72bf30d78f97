import { readValue } from '@ergane/protocol';
import { DataType } from 'apache-arrow';
import type { Data, RecordBatch } from 'apache-arrow';

/** The rows of a batch as plain objects: decimals as text, rows as objects, maps as Map, binary as hex. */
export function readRows(batch: RecordBatch): Readonly<Record<string, unknown>>[] {
  return Array.from({ length: batch.numRows }, (_, row) =>
    Object.fromEntries(
      batch.schema.fields.map((field, index) => [field.name, readCell(batch.data.children[index], row)]),
    ),
  );
}

function readCell(data: Data | undefined, row: number): unknown {
  if (data === undefined || !data.getValid(row)) return null;
  const { type, children, valueOffsets } = data;
  if (DataType.isStruct(type))
    return Object.fromEntries(type.children.map((field, index) => [field.name, readCell(children[index], row)]));
  if (DataType.isList(type)) return span(valueOffsets, row).map((at) => readCell(children[0], at));
  if (DataType.isMap(type)) {
    const [entries] = children;
    return new Map(
      span(valueOffsets, row).map((at) => [readCell(entries?.children[0], at), readCell(entries?.children[1], at)]),
    );
  }
  const value = readValue(data, row);
  if (DataType.isDecimal(type) && typeof value === 'bigint') return printDecimal(value, type.scale);
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}

function span(offsets: Int32Array, row: number): number[] {
  const from = offsets[row] ?? 0;
  return Array.from({ length: (offsets[row + 1] ?? 0) - from }, (_, index) => from + index);
}

function printDecimal(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
