import { ErganeError } from '@ergane/protocol';
import { BufferType, Data } from 'apache-arrow';
import type { DataType, Field } from 'apache-arrow';
import type { BatchSpace, RowCursor } from './batch-space.ts';

/** What every column of one batch has in common. */
export interface ColumnPlace {
  readonly field: Field;
  readonly cursor: RowCursor;
  readonly space: BatchSpace;
  /** rows that buffers have room for at first */
  readonly capacity: number;
  /** the name of the table's column that it is, or is a part of */
  readonly column: string;
}

const NO_BYTES = new Uint8Array(0);

/**
 * The writer of one column. Everything is addressed by row, so a row that is written twice (a tuple that a network chunk cut) is
 * written once. The buffers belong to the next batch after `takeData`: read them from the column anew.
 */
export abstract class Column {
  readonly field: Field;
  readonly column: string;
  readonly cursor: RowCursor;
  readonly space: BatchSpace;
  /** a bit a row, 0 is null; undefined as long as no row is null */
  validity: Uint8Array | undefined = undefined;
  nullCount = 0;
  /** rows that the buffers have room for */
  capacity: number;
  private spareValidity: Uint8Array | undefined = undefined;

  constructor({ field, column, cursor, space, capacity }: ColumnPlace) {
    this.column = column;
    this.field = field;
    this.cursor = cursor;
    this.space = space;
    this.capacity = capacity;
  }

  /** The row that the batch is at becomes null. */
  appendNull(): void {
    this.setNull(this.cursor.row);
  }

  /** The row that the batch is at; null and undefined are null. The JavaScript forms are those of `Value`; see `setValue`. */
  appendValue(value: unknown): void {
    if (value === null || value === undefined) this.setNull(this.cursor.row);
    else this.setValue(this.cursor.row, value);
  }

  /** @throws ErganeError SOURCE_DATA_INVALID when the value is none of the column's type */
  abstract setValue(row: number, value: unknown): void;

  setNull(row: number): void {
    const validity = (this.validity ??= this.makeValidity());
    const bit = 1 << (row & 7);
    const byte = validity[row >> 3] ?? 0;
    if ((byte & bit) === 0) return;
    validity[row >> 3] = byte & ~bit;
    this.nullCount++;
  }

  /** Makes room for rows of a nested level, whose number no batch knows before. */
  ensureRows(rows: number): void {
    if (rows <= this.capacity) return;
    this.capacity = Math.max(rows, this.capacity * 2);
    if (this.validity !== undefined) this.validity = grow(this.validity, Math.ceil(this.capacity / 8), 0xff);
    this.growRows(this.capacity);
  }

  protected abstract growRows(capacity: number): void;

  /** How many rows the buffers after the next `takeData` have room for. */
  setCapacity(rows: number): void {
    this.capacity = rows;
  }

  /** bytes of the Arrow buffers of the first `rows` rows */
  byteLength(rows: number): number {
    return this.valueByteLength(rows) + (this.validity === undefined ? 0 : (rows + 7) >> 3);
  }

  protected abstract valueByteLength(rows: number): number;

  /** The first `rows` rows; the column starts again with other buffers. */
  takeData(rows: number): Data {
    // a row that was begun and not ended does not count
    const ahead = this.validity !== undefined && ((this.validity[rows >> 3] ?? 0xff) & (1 << (rows & 7))) === 0;
    const nullCount = this.nullCount - (ahead ? 1 : 0);
    const validity = nullCount === 0 ? NO_BYTES : (this.validity?.subarray(0, (rows + 7) >> 3) ?? NO_BYTES);
    const data = this.takeValues(rows, nullCount, validity);
    this.validity = undefined;
    this.nullCount = 0;
    return data;
  }

  protected abstract takeValues(rows: number, nullCount: number, validity: Uint8Array): Data;

  /** Takes buffers back that `takeData` gave and that nobody reads any more. */
  recycle(data: Data): void {
    const validity: unknown = data.nullBitmap;
    if (validity instanceof Uint8Array && validity.length > 0) this.spareValidity = new Uint8Array(validity.buffer);
  }

  protected invalid(value: unknown, expected: string): ErganeError {
    const got = value instanceof Object ? value.constructor.name : typeof value;
    return new ErganeError(
      'SOURCE_DATA_INVALID',
      `column "${this.column}": ${String(this.field.type)} takes ${expected}, and got ${describe(value)} (${got})`,
      { where: { column: this.column } },
    );
  }

  private makeValidity(): Uint8Array {
    const size = (this.capacity + 7) >> 3;
    const spare = this.spareValidity;
    this.spareValidity = undefined;
    return (spare !== undefined && spare.length >= size ? spare : new Uint8Array(size)).fill(0xff);
  }
}

/** Arrow data of buffers and children, without a copy. */
export function makeColumnData<Type extends DataType>(
  type: Type,
  rows: number,
  parts: {
    readonly nullCount: number;
    readonly validity: Uint8Array;
    readonly values?: ArrayBufferView;
    readonly offsets?: Int32Array;
    readonly children?: Data[];
  },
): Data<Type> {
  const buffers = {
    [BufferType.VALIDITY]: parts.validity,
    ...(parts.values && { [BufferType.DATA]: parts.values }),
    ...(parts.offsets && { [BufferType.OFFSET]: parts.offsets }),
  };
  return new Data(type, 0, rows, parts.nullCount, buffers, parts.children ?? []);
}

/** A copy with more room; `fill` for the rest. */
export function grow(bytes: Uint8Array, length: number, fill: number): Uint8Array {
  const grown = new Uint8Array(length);
  grown.set(bytes);
  return fill === 0 ? grown : grown.fill(fill, bytes.length);
}

/** Shortened: a message must not carry a whole cell. */
function describe(value: unknown): string {
  if (typeof value === 'object') return Array.isArray(value) ? `${value.length} values` : 'an object';
  const text = String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
