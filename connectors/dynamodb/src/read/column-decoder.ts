import type { BinaryColumn, BoolColumn, ColumnWriter, DecimalColumn, Float64Column, Utf8Column } from '@ergane/sdk';
import { isDouble } from '@ergane/schemas';
import type { WireItem, WireValue } from '../wire.ts';
import { Misfit } from './misfit.ts';
import { parseUnscaled } from '@ergane/schemas';
import { parseSmallUnscaled, setSmallDecimal } from './number.ts';
import { textOf } from './text.ts';
import { makeValueReader } from './value-reader.ts';
import type { ReaderPlace } from './value-reader.ts';

/** Writes one attribute of `items[from]` to `items[to - 1]` into a column, from `row` on. @throws Misfit, with `at.index` of the item */
export type ColumnDecoder = (items: readonly WireItem[], span: ItemSpan) => void;

export interface ItemSpan {
  readonly from: number;
  readonly to: number;
  /** the row of the item `from` */
  readonly row: number;
}

/** Writes a value that is there. @throws Misfit */
export type Store = (row: number, value: WireValue) => void;

/** Where a decoder stopped, for the message of a misfit. */
export interface DecodePosition {
  index: number;
}

export function makeColumnDecoder(
  column: ColumnWriter,
  attribute: string,
  { store, at }: { readonly store: Store; readonly at: DecodePosition },
): ColumnDecoder {
  // an item that lacks the attribute "constructor" inherits it from Object
  const inherited = attribute in Object.prototype;
  return (items, { from, to, row: first }) => {
    for (let index = from, row = first; index < to; index++, row++) {
      const item = items[index];
      const value = item === undefined || (inherited && !Object.hasOwn(item, attribute)) ? undefined : item[attribute];
      if (value === undefined) column.setNull(row);
      else {
        at.index = index;
        store(row, value);
      }
    }
  };
}

export function makeStore(column: ColumnWriter, place: ReaderPlace): Store {
  if (column.kind === 'utf8') return storeText(column);
  if (column.kind === 'decimal') return storeDecimal(column);
  if (column.kind === 'float64') return storeDouble(column);
  if (column.kind === 'bool') return storeBoolean(column);
  if (column.kind === 'binary') return storeBinary(column);
  const read = makeValueReader(column.field.type, place);
  return (row, value) => setOrNull(column, row, read(value));
}

function setOrNull(column: ColumnWriter, row: number, value: unknown): void {
  if (value === null) column.setNull(row);
  else column.setValue(row, value);
}

function storeText(column: Utf8Column): Store {
  return (row, value) => {
    const text = value.S ?? textOf(value);
    if (text === null) column.setNull(row);
    else column.setString(row, text);
  };
}

function storeDecimal(column: DecimalColumn): Store {
  const { precision, scale } = column;
  const bound = 10 ** precision;
  return (row, value) => {
    const text = value.N;
    if (text === undefined) return storeNull(column, row, value, `decimal(${precision},${scale})`);
    const small = parseSmallUnscaled(text, scale);
    if (Math.abs(small) < bound) return setSmallDecimal(column, row, small);
    const unscaled = parseUnscaled(text, precision, scale);
    if (unscaled === undefined) throw new Misfit(value, `decimal(${precision},${scale})`);
    column.setValue(row, unscaled);
  };
}

function storeDouble(column: Float64Column): Store {
  return (row, value) => {
    if (value.N === undefined) return storeNull(column, row, value, 'double');
    if (!isDouble(value.N)) throw new Misfit(value, 'double');
    column.values[row] = Number(value.N);
  };
}

function storeBoolean(column: BoolColumn): Store {
  return (row, value) => {
    if (value.BOOL === undefined) storeNull(column, row, value, 'boolean');
    else column.setBool(row, value.BOOL);
  };
}

function storeBinary(column: BinaryColumn): Store {
  return (row, value) => {
    if (value.B === undefined) return storeNull(column, row, value, 'varbinary');
    const bytes = Buffer.from(value.B, 'base64');
    column.setBytes(row, bytes, 0, bytes.length);
  };
}

function storeNull(column: ColumnWriter, row: number, value: WireValue, type: string): void {
  if (value.NULL !== true) throw new Misfit(value, type);
  column.setNull(row);
}
