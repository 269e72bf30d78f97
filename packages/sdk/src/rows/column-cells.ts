import type { Value } from '@ergane/protocol';
import { DataType, TimeUnit } from 'apache-arrow';
import type { Data, Timestamp } from 'apache-arrow';

/** The values of a column beside bounds: `bind` a column, then compare its rows with the bounds, in the order of the type. */
export interface ColumnCells {
  bind(data: Data): void;
  /** negative, 0, positive: the value of the row is less than, equal to, greater than the bound; the row is not null */
  compare(row: number, bound: number): number;
}

/** undefined: values of this type have no order that the SDK knows */
export function makeCells(type: DataType, bounds: readonly Value[]): ColumnCells | undefined {
  if (DataType.isBool(type)) return new BoolCells(bounds);
  if (DataType.isDecimal(type)) return new DecimalCells(bounds);
  if (DataType.isUtf8(type) || DataType.isBinary(type)) return new BytesCells(bounds);
  if (DataType.isFloat(type)) return new NumberCells(bounds);
  if (DataType.isInt(type)) return type.bitWidth === 64 ? new Int64Cells(bounds) : new NumberCells(bounds);
  if (DataType.isDate(type)) return type.unit === 0 ? new NumberCells(bounds) : new Int64Cells(bounds);
  return DataType.isTimestamp(type) ? new Int64Cells(bounds, isPacked(type) ? INSTANT : -1) : undefined;
}

/** Whole numbers to 32 bits, days, and floating point, where NaN is the greatest, as in Trino's order. */
export class NumberCells implements ColumnCells {
  readonly bounds: Float64Array;
  values: Int8Array | Int16Array | Int32Array | Float32Array | Float64Array = new Int32Array(0);

  constructor(bounds: readonly Value[]) {
    this.bounds = Float64Array.from(bounds, Number);
  }

  bind(data: Data): void {
    this.values = data.values;
  }

  compare(row: number, bound: number): number {
    const value = this.values[row] ?? 0;
    const other = this.bounds[bound] ?? 0;
    if (value < other) return -1;
    if (value > other) return 1;
    if (value === other) return 0;
    return Number(Number.isNaN(value)) - Number(Number.isNaN(other));
  }
}

/** Of a packed timestamp with time zone (section 2.5) the instant alone counts: all but the twelve bits of the zone. */
const INSTANT = ~0xfff;

function isPacked(type: Timestamp): boolean {
  return type.unit === TimeUnit.MILLISECOND && Boolean(type.timezone);
}

/** Bigints and timestamps, by halves: a bigint a row would be an object a row. */
class Int64Cells implements ColumnCells {
  private readonly bounds: Int32Array;
  private readonly mask: number;
  private words = new Int32Array(0);

  constructor(bounds: readonly Value[], mask = -1) {
    this.bounds = new Int32Array(BigInt64Array.from(bounds.map(toBigint)).buffer);
    this.mask = mask;
  }

  bind({ values }: Data): void {
    this.words = new Int32Array(values.buffer, values.byteOffset, values.byteLength / 4);
  }

  compare(row: number, bound: number): number {
    const high = (this.words[2 * row + 1] ?? 0) - (this.bounds[2 * bound + 1] ?? 0);
    if (high !== 0) return high;
    return (((this.words[2 * row] ?? 0) & this.mask) >>> 0) - (((this.bounds[2 * bound] ?? 0) & this.mask) >>> 0);
  }
}

class DecimalCells implements ColumnCells {
  private readonly bounds: Int32Array;
  private words = new Int32Array(0);

  constructor(bounds: readonly Value[]) {
    const halves = bounds.map(toBigint).flatMap((value) => [BigInt.asIntN(64, value), BigInt.asIntN(64, value >> 64n)]);
    this.bounds = new Int32Array(BigInt64Array.from(halves).buffer);
  }

  bind({ values }: Data): void {
    this.words = new Int32Array(values.buffer, values.byteOffset, values.byteLength / 4);
  }

  compare(row: number, bound: number): number {
    const high = (this.words[4 * row + 3] ?? 0) - (this.bounds[4 * bound + 3] ?? 0);
    if (high !== 0) return high;
    for (let word = 2; word >= 0; word--) {
      const lower = ((this.words[4 * row + word] ?? 0) >>> 0) - ((this.bounds[4 * bound + word] ?? 0) >>> 0);
      if (lower !== 0) return lower;
    }
    return 0;
  }
}

/** Strings and bytes, by unsigned bytes: of UTF-8 that is the order of code points, Trino's. */
class BytesCells implements ColumnCells {
  private readonly bounds: readonly Uint8Array[];
  private offsets = new Int32Array(0);
  private bytes = new Uint8Array(0);

  constructor(bounds: readonly Value[]) {
    this.bounds = bounds.map((value) => (value instanceof Uint8Array ? value : Buffer.from(String(value))));
  }

  bind(data: Data): void {
    this.offsets = data.valueOffsets;
    this.bytes = data.values;
  }

  compare(row: number, bound: number): number {
    const { bytes } = this;
    const other = this.bounds[bound];
    if (other === undefined) return 1;
    const start = this.offsets[row] ?? 0;
    const size = (this.offsets[row + 1] ?? 0) - start;
    const shared = Math.min(size, other.length);
    for (let at = 0; at < shared; at++) {
      const difference = (bytes[start + at] ?? 0) - (other[at] ?? 0);
      if (difference !== 0) return difference;
    }
    return size - other.length;
  }
}

class BoolCells implements ColumnCells {
  private readonly bounds: readonly number[];
  private bits = new Uint8Array(0);
  private offset = 0;

  constructor(bounds: readonly Value[]) {
    this.bounds = bounds.map(Number);
  }

  bind(data: Data): void {
    this.bits = data.values;
    this.offset = data.offset;
  }

  compare(row: number, bound: number): number {
    const at = this.offset + row;
    return (((this.bits[at >> 3] ?? 0) >> (at & 7)) & 1) - (this.bounds[bound] ?? 0);
  }
}

function toBigint(value: Value): bigint {
  return value instanceof Uint8Array ? 0n : BigInt(value);
}
