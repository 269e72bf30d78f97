import assert from 'node:assert/strict';
import { readValue } from '@ergane/protocol';
import { DataType } from 'apache-arrow';
import type { Data, RecordBatch } from 'apache-arrow';

/**
 * A cell as plain JavaScript: the `Value` of a scalar, an array of a list, an object of a struct, an array of [key, value] of a map.
 */
export function plainCell(data: Data, row: number): unknown {
  const { type } = data;
  if (!DataType.isList(type) && !DataType.isStruct(type) && !DataType.isMap(type)) return readValue(data, row);
  if (!data.getValid(row)) return null;
  if (DataType.isStruct(type))
    return Object.fromEntries(type.children.map((field, index) => [field.name, cellOf(data.children[index], row)]));
  const from: number = data.valueOffsets[row];
  const to: number = data.valueOffsets[row + 1];
  const [child] = data.children;
  const indexes = Array.from({ length: to - from }, (_, index) => from + index);
  if (DataType.isList(type)) return indexes.map((index) => cellOf(child, index));
  return indexes.map((index) => [cellOf(child?.children[0], index), cellOf(child?.children[1], index)]);
}

function cellOf(data: Data | undefined, row: number): unknown {
  return data === undefined ? null : plainCell(data, row);
}

export function plainRows(batch: RecordBatch): unknown[][] {
  const columns = batch.data.children;
  return Array.from({ length: batch.numRows }, (_, row) => columns.map((data) => plainCell(data, row)));
}

/** A row as text: equal rows give equal text, different ones different text. -0 is 0. */
export function rowText(row: readonly unknown[]): string {
  return JSON.stringify(row.map(printable));
}

function printable(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : String(value);
  if (Array.isArray(value)) return value.map(printable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, printable(member)]));
}

/** The rows in an order of their own, to compare tables whose rows have none. */
export function sortedRows(rows: readonly (readonly unknown[])[]): string[] {
  return rows.map(rowText).sort();
}

/** Asserts that two sorted lists of rows are equal; the message tells a few differences, not whole tables. */
export function assertRows(found: readonly string[], expected: readonly string[], label: string): void {
  const missing = subtract(expected, found);
  const extra = subtract(found, expected);
  if (missing.length === 0 && extra.length === 0) return;
  const show = (rows: readonly string[]) =>
    rows
      .slice(0, 3)
      .map((row) => `\n    ${row.slice(0, 400)}`)
      .join('');
  assert.fail(
    `${label}: ${found.length} rows where ${expected.length} were expected; ` +
      `${missing.length} missing:${show(missing)}\n  ${extra.length} too many:${show(extra)}`,
  );
}

/** Rows of the first list that the second has not, each as often. */
function subtract(rows: readonly string[], from: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const row of from) left.set(row, (left.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count <= 0;
  });
}
