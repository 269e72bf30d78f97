import type { Data } from 'apache-arrow';
import { Column, makeColumnData } from './column.ts';
import type { ColumnPlace } from './column.ts';

type NumberArray = Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** A column of numbers of one width: write `values[row]` directly, or append. */
abstract class NumberColumn<Values extends NumberArray> extends Column {
  values: Values;
  private spare: Values | undefined = undefined;

  constructor(place: ColumnPlace) {
    super(place);
    this.values = this.makeValues(place.capacity);
  }

  protected abstract makeValues(length: number): Values;
  /** A view of the whole buffer of a column that was given away. */
  protected abstract viewOf(buffer: ArrayBufferLike): Values;

  protected override growRows(capacity: number): void {
    const { values } = this;
    this.values = this.makeValues(capacity);
    this.values.set(values);
  }

  protected override valueByteLength(rows: number): number {
    return rows * this.values.BYTES_PER_ELEMENT;
  }

  protected override takeValues(rows: number, nullCount: number, validity: Uint8Array): Data {
    const values = this.values.subarray(0, rows);
    const { spare } = this;
    this.values = spare !== undefined && spare.length >= this.capacity ? spare : this.makeValues(this.capacity);
    this.spare = undefined;
    return makeColumnData(this.field.type, rows, { nullCount, validity, values });
  }

  override recycle(data: Data): void {
    super.recycle(data);
    this.spare = this.viewOf(data.values.buffer);
  }
}

/** Tinyint, smallint, integer, date: whole numbers in range; a date takes days since 1970-01-01 or a `Date`. */
abstract class IntegerColumn<Values extends Int8Array | Int16Array | Int32Array> extends NumberColumn<Values> {
  override setValue(row: number, value: unknown): void {
    const number = value instanceof Date ? Math.floor(value.getTime() / 86_400_000) : value;
    if (typeof number !== 'number' || !Number.isInteger(number))
      throw this.invalid(value, 'a whole number (for a date: days since 1970-01-01)');
    this.values[row] = number;
    if (this.values[row] !== number) throw this.invalid(value, 'a number in its range');
  }
}

export class Int8Column extends IntegerColumn<Int8Array> {
  readonly kind = 'int8';
  protected override makeValues(length: number): Int8Array {
    return new Int8Array(length);
  }
  protected override viewOf(buffer: ArrayBufferLike): Int8Array {
    return new Int8Array(buffer);
  }
}

export class Int16Column extends IntegerColumn<Int16Array> {
  readonly kind = 'int16';
  protected override makeValues(length: number): Int16Array {
    return new Int16Array(length);
  }
  protected override viewOf(buffer: ArrayBufferLike): Int16Array {
    return new Int16Array(buffer);
  }
}

/** Integer, and date in days. */
export class Int32Column extends IntegerColumn<Int32Array> {
  readonly kind = 'int32';
  protected override makeValues(length: number): Int32Array {
    return new Int32Array(length);
  }
  protected override viewOf(buffer: ArrayBufferLike): Int32Array {
    return new Int32Array(buffer);
  }
}

abstract class FloatColumn<Values extends Float32Array | Float64Array> extends NumberColumn<Values> {
  override setValue(row: number, value: unknown): void {
    if (typeof value !== 'number') throw this.invalid(value, 'a number');
    this.values[row] = value;
  }
}

export class Float32Column extends FloatColumn<Float32Array> {
  readonly kind = 'float32';
  protected override makeValues(length: number): Float32Array {
    return new Float32Array(length);
  }
  protected override viewOf(buffer: ArrayBufferLike): Float32Array {
    return new Float32Array(buffer);
  }
}

export class Float64Column extends FloatColumn<Float64Array> {
  readonly kind = 'float64';
  protected override makeValues(length: number): Float64Array {
    return new Float64Array(length);
  }
  protected override viewOf(buffer: ArrayBufferLike): Float64Array {
    return new Float64Array(buffer);
  }
}
