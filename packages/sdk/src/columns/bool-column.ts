import type { Data } from 'apache-arrow';
import { Column, grow, makeColumnData } from './column.ts';
import type { ColumnPlace } from './column.ts';

/** Boolean: a bit a row. */
export class BoolColumn extends Column {
  readonly kind = 'bool';
  bits: Uint8Array;

  constructor(place: ColumnPlace) {
    super(place);
    this.bits = new Uint8Array((place.capacity + 7) >> 3);
  }

  setBool(row: number, value: boolean): void {
    const bit = 1 << (row & 7);
    const byte = this.bits[row >> 3] ?? 0;
    this.bits[row >> 3] = value ? byte | bit : byte & ~bit;
  }

  override setValue(row: number, value: unknown): void {
    if (typeof value !== 'boolean') throw this.invalid(value, 'true or false');
    this.setBool(row, value);
  }

  protected override growRows(capacity: number): void {
    this.bits = grow(this.bits, (capacity + 7) >> 3, 0);
  }

  protected override valueByteLength(rows: number): number {
    return (rows + 7) >> 3;
  }

  protected override takeValues(rows: number, nullCount: number, validity: Uint8Array): Data {
    const values = this.bits.subarray(0, (rows + 7) >> 3);
    this.bits = new Uint8Array((this.capacity + 7) >> 3);
    return makeColumnData(this.field.type, rows, { nullCount, validity, values });
  }
}
