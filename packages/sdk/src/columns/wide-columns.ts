import { DataType } from 'apache-arrow';
import type { Data } from 'apache-arrow';
import { Column, makeColumnData } from './column.ts';
import type { ColumnPlace } from './column.ts';

/**
 * Bigint, timestamp (milliseconds) and packed timestamp with time zone. Write `values[row]`, or without a bigint the low and high half,
 * `words[2 * row]` and `words[2 * row + 1]`.
 */
export class Int64Column extends Column {
  readonly kind = 'int64';
  values: BigInt64Array;
  /** the same bytes, low word first */
  words: Int32Array;
  private spare: ArrayBufferLike | undefined = undefined;

  constructor(place: ColumnPlace) {
    super(place);
    this.values = new BigInt64Array(place.capacity);
    this.words = new Int32Array(this.values.buffer);
  }

  /** A bigint or a safe whole number; a timestamp also takes a `Date`. */
  override setValue(row: number, value: unknown): void {
    this.values[row] = this.toBigint(value);
  }

  private toBigint(value: unknown): bigint {
    if (typeof value === 'bigint') {
      if (BigInt.asIntN(64, value) !== value) throw this.invalid(value, 'a number of 64 bits');
      return value;
    }
    if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
    if (value instanceof Date && DataType.isDate(this.field.type) && !Number.isNaN(value.getTime()))
      return BigInt(value.getTime());
    throw this.invalid(value, 'a bigint or a safe whole number');
  }

  protected override growRows(capacity: number): void {
    const { values } = this;
    this.open(new ArrayBuffer(capacity * 8));
    this.values.set(values);
  }

  protected override valueByteLength(rows: number): number {
    return rows * 8;
  }

  protected override takeValues(rows: number, nullCount: number, validity: Uint8Array): Data {
    const values = this.values.subarray(0, rows);
    this.open(takeBuffer(this.spare, this.capacity * 8));
    this.spare = undefined;
    return makeColumnData(this.field.type, rows, { nullCount, validity, values });
  }

  override recycle(data: Data): void {
    super.recycle(data);
    this.spare = data.values.buffer;
  }

  private open(buffer: ArrayBufferLike): void {
    this.values = new BigInt64Array(buffer);
    this.words = new Int32Array(buffer);
  }
}

/** Decimal: `words[4 * row]` to `words[4 * row + 3]` are the unscaled value, two's complement, low word first. */
export class DecimalColumn extends Column {
  readonly kind = 'decimal';
  readonly precision: number;
  readonly scale: number;
  words: Int32Array;
  /** the same bytes in halves, low half first */
  longs: BigInt64Array;
  private readonly bound: bigint;
  private spare: ArrayBufferLike | undefined = undefined;

  constructor(place: ColumnPlace) {
    super(place);
    const { type } = place.field;
    if (!DataType.isDecimal(type)) throw new TypeError(`${String(type)} is no decimal`);
    this.precision = type.precision;
    this.scale = type.scale;
    this.bound = 10n ** BigInt(type.precision);
    this.longs = new BigInt64Array(place.capacity * 2);
    this.words = new Int32Array(this.longs.buffer);
  }

  /** The unscaled value: 12.50 of scale 2 is 1250n. */
  override setValue(row: number, value: unknown): void {
    if (typeof value !== 'bigint') throw this.invalid(value, 'its unscaled value as a bigint');
    if (value >= this.bound || -value >= this.bound) throw this.invalid(value, `${this.precision} digits`);
    this.longs[2 * row] = BigInt.asIntN(64, value);
    this.longs[2 * row + 1] = value >> 64n;
  }

  protected override growRows(capacity: number): void {
    const { longs } = this;
    this.open(new ArrayBuffer(capacity * 16));
    this.longs.set(longs);
  }

  protected override valueByteLength(rows: number): number {
    return rows * 16;
  }

  protected override takeValues(rows: number, nullCount: number, validity: Uint8Array): Data {
    const values = new Uint32Array(this.words.buffer, 0, rows * 4);
    this.open(takeBuffer(this.spare, this.capacity * 16));
    this.spare = undefined;
    return makeColumnData(this.field.type, rows, { nullCount, validity, values });
  }

  override recycle(data: Data): void {
    super.recycle(data);
    this.spare = data.values.buffer;
  }

  private open(buffer: ArrayBufferLike): void {
    this.longs = new BigInt64Array(buffer);
    this.words = new Int32Array(buffer);
  }
}

function takeBuffer(spare: ArrayBufferLike | undefined, size: number): ArrayBufferLike {
  return spare !== undefined && spare.byteLength >= size ? spare : new ArrayBuffer(size);
}
