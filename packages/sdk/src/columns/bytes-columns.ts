import { ErganeError } from '@ergane/protocol';
import type { Data } from 'apache-arrow';
import { Column, makeColumnData } from './column.ts';
import type { ColumnPlace } from './column.ts';

const LARGEST = 2 ** 31 - 1;

/**
 * A column of strings or bytes. The value of `row` is `bytes` from `offsets[row]` to `offsets[row + 1]`. A loop that writes by itself:
 * `reserve(n)`, then the bytes from `offsets[row]` on, then `offsets[row + 1]`; `bytes` may be another buffer after `reserve`.
 */
abstract class BytesColumn extends Column {
  offsets: Int32Array;
  bytes: Buffer;
  private spareOffsets: Int32Array | undefined = undefined;
  private spareBytes: Buffer | undefined = undefined;

  constructor(place: ColumnPlace & { readonly byteCapacity: number }) {
    super(place);
    this.offsets = new Int32Array(place.capacity + 1);
    this.bytes = Buffer.allocUnsafeSlow(place.byteCapacity);
  }

  /** Makes room for `size` bytes of the row that the batch is at. */
  reserve(size: number): void {
    const end = (this.offsets[this.cursor.row] ?? 0) + size;
    if (end > this.bytes.length) this.growBytes(this.cursor.row, end);
  }

  /** Copies `source` from `from` to `to`. */
  setBytes(row: number, source: Uint8Array, from: number, to: number): void {
    const start = this.offsets[row] ?? 0;
    const end = start + (to - from);
    if (end > this.bytes.length) this.growBytes(row, end);
    const { bytes } = this;
    // a call costs more than a short loop
    if (to - from < 24) for (let at = from, into = start; at < to; at++, into++) bytes[into] = source[at] ?? 0;
    else bytes.set(from === 0 && to === source.length ? source : source.subarray(from, to), start);
    this.offsets[row + 1] = end;
  }

  override setNull(row: number): void {
    super.setNull(row);
    this.offsets[row + 1] = this.offsets[row] ?? 0;
  }

  protected growBytes(row: number, needed: number): void {
    if (needed > LARGEST)
      throw new ErganeError(
        'SOURCE_DATA_INVALID',
        `column "${this.column}" has more than 2 GiB in one batch, which Arrow's 32-bit offsets cannot say: leave it out, or read fewer rows`,
        { where: { column: this.column } },
      );
    const before = this.bytes;
    const length = Math.min(LARGEST, Math.max(needed, before.length * 2, 64));
    this.bytes = Buffer.allocUnsafeSlow(length);
    before.copy(this.bytes, 0, 0, this.offsets[row] ?? 0);
    this.space.grew = true;
  }

  protected override growRows(capacity: number): void {
    const { offsets } = this;
    this.offsets = new Int32Array(capacity + 1);
    this.offsets.set(offsets);
  }

  protected override valueByteLength(rows: number): number {
    return (rows + 1) * 4 + (this.offsets[rows] ?? 0);
  }

  protected override takeValues(rows: number, nullCount: number, validity: Uint8Array): Data {
    const used = this.offsets[rows] ?? 0;
    const values = new Uint8Array(this.bytes.buffer, 0, used);
    const offsets = this.offsets.subarray(0, rows + 1);
    this.startAnew(used);
    return makeColumnData(this.field.type, rows, { nullCount, validity, values, offsets });
  }

  /** As much room as such rows will take, so that batches of like rows never grow. */
  private startAnew(used: number): void {
    const { scale, limit } = this.space;
    const wanted = Math.floor(Math.max(64, Math.min(used * scale * 1.125, limit)));
    const bytes = this.spareBytes;
    this.bytes = bytes !== undefined && bytes.length >= used * scale * 1.02 ? bytes : Buffer.allocUnsafeSlow(wanted);
    const offsets = this.spareOffsets;
    this.offsets =
      offsets !== undefined && offsets.length > this.capacity ? offsets : new Int32Array(this.capacity + 1);
    this.offsets[0] = 0;
    this.spareBytes = undefined;
    this.spareOffsets = undefined;
  }

  override recycle(data: Data): void {
    super.recycle(data);
    this.spareOffsets = new Int32Array(data.valueOffsets.buffer);
    if (data.values.buffer.byteLength <= this.space.limit) this.spareBytes = Buffer.from(data.values.buffer);
  }
}

/** Varchar and char, in UTF-8. */
export class Utf8Column extends BytesColumn {
  readonly kind = 'utf8';

  /** A string, or its UTF-8 bytes, which are not checked. */
  override setValue(row: number, value: unknown): void {
    if (typeof value === 'string') this.setString(row, value);
    else if (value instanceof Uint8Array) this.setBytes(row, value, 0, value.length);
    else throw this.invalid(value, 'a string');
  }

  setString(row: number, text: string): void {
    const start = this.offsets[row] ?? 0;
    if (start + text.length * 3 > this.bytes.length) {
      const end = start + Buffer.byteLength(text);
      if (end > this.bytes.length) this.growBytes(row, end);
    }
    this.offsets[row + 1] = text.length < 24 ? this.writeShort(text, start) : start + this.bytes.write(text, start);
  }

  private writeShort(text: string, start: number): number {
    const { bytes } = this;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 127) return start + bytes.write(text, start);
      bytes[start + at] = code;
    }
    return start + text.length;
  }
}

/** Varbinary. */
export class BinaryColumn extends BytesColumn {
  readonly kind = 'binary';

  override setValue(row: number, value: unknown): void {
    if (!(value instanceof Uint8Array)) throw this.invalid(value, 'a Uint8Array');
    this.setBytes(row, value, 0, value.length);
  }
}
