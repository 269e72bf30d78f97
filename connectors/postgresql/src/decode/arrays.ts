import { DataType } from 'apache-arrow';
import type { Field } from 'apache-arrow';
import type { ListColumn } from '@ergane/sdk';
import type { ColumnType } from '../types.ts';
import type { CellRun } from './cell-run.ts';
import { failOnCell } from './invalid-cell.ts';
import { readNumeric } from './numeric.ts';
import { readDay, readInstant } from './times.ts';
import type { TimeRules } from './times.ts';

/** Reads one element; null: it has no value and null is what the rules say. */
type ElementReader = (
  buffer: Buffer,
  view: DataView,
  cell: { readonly at: number; readonly length: number },
) => unknown;

/** Arrays of any depth as lists of lists (src/backend/utils/adt/arrayfuncs.c, array_send). */
export function makeArrayDecoder(
  type: Required<Pick<ColumnType, 'element'>>,
  rules: TimeRules,
): (column: ListColumn, run: CellRun) => void {
  const { dimensions } = type.element;
  return (column, run) => {
    const { buffer, view, starts, base, rows, first } = run;
    const read = makeElementReader(type.element, column.field, rules);
    for (let i = 0; i < rows; i++) {
      const at = starts[base + i] ?? 0;
      if (view.getInt32(at - 4) < 0) column.setNull(first + i);
      else column.setValue(first + i, readArray(buffer, view, { at, dimensions, column, read }));
    }
  };
}

interface ArrayCell {
  readonly at: number;
  readonly dimensions: number;
  readonly column: ListColumn;
  readonly read: ElementReader;
}

/** Header: dimensions, flags, element type; each dimension: length, lower bound; then the elements in row-major order. */
function readArray(buffer: Buffer, view: DataView, { at, dimensions, column, read }: ArrayCell): unknown[] {
  const found = view.getInt32(at);
  if (found === 0) return [];
  if (found !== dimensions)
    failOnCell(column.field, `an array of ${found} dimensions where ${dimensions} are declared`, 'dimensions');
  let next = at + 12 + 8 * found;
  const readLevel = (level: number): unknown[] =>
    Array.from({ length: view.getInt32(at + 12 + 8 * level) }, () => {
      if (level + 1 < found) return readLevel(level + 1);
      const length = view.getInt32(next);
      const from = next + 4;
      next = from + Math.max(0, length);
      return length < 0 ? null : read(buffer, view, { at: from, length });
    });
  return readLevel(0);
}

function makeElementReader(
  { kind, arrow }: NonNullable<ColumnType['element']>,
  field: Field,
  rules: TimeRules,
): ElementReader {
  const missing = (found: string, advice: 'infinity' | 'DECIMAL'): null =>
    rules.special === 'null' ? null : failOnCell(field, found, advice);
  switch (kind) {
    case 'bool':
      return (buffer, _view, { at }) => buffer[at] === 1;
    case 'int2':
      return (_buffer, view, { at }) => view.getInt16(at);
    case 'int4':
      return (_buffer, view, { at }) => view.getInt32(at);
    case 'int8':
      return (_buffer, view, { at }) => view.getBigInt64(at);
    case 'float4':
      return (_buffer, view, { at }) => view.getFloat32(at);
    case 'float8':
      return (_buffer, view, { at }) => view.getFloat64(at);
    case 'date':
      return (_buffer, view, { at }) => readDay(view, at) ?? missing('infinity', 'infinity');
    case 'timestamp':
    case 'timestamptz':
      return (_buffer, view, { at }) => readInstant(field, { view, at, rules }) ?? null;
    case 'decimal':
      return (_buffer, view, { at }) => {
        const number = readNumeric(view, at);
        if (number === undefined) return missing('NaN or an infinite number', 'DECIMAL');
        const shift = number.exponent + (DataType.isDecimal(arrow) ? arrow.scale : 0);
        if (shift >= 0) return number.digits * 10n ** BigInt(shift);
        const divisor = 10n ** BigInt(-shift);
        if (number.digits % divisor === 0n) return number.digits / divisor;
        return failOnCell(field, `a number that ${String(arrow)} cannot hold exactly`, 'default_scale');
      };
    case 'bytea':
      return (buffer, _view, { at, length }) => Uint8Array.prototype.slice.call(buffer, at, at + length);
    case 'text':
    case 'array':
      return (buffer, _view, { at, length }) => buffer.toString('utf8', at, at + length);
  }
}
