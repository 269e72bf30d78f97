const utf8 = new TextEncoder();

/** A field of a table, in the order of its slots; undefined is left out. */
export type FlatField =
  | { readonly width: 1 | 2 | 4 | 8; readonly value: number }
  | { readonly width: 0; readonly write: (writer: FlatWriter) => number }
  | undefined;

export const flatUint8 = (value: number): FlatField => ({ width: 1, value });
export const flatInt16 = (value: number): FlatField => ({ width: 2, value });
export const flatInt32 = (value: number): FlatField => ({ width: 4, value });
/** A 64-bit length, not negative. */
export const flatLength = (value: number): FlatField => ({ width: 8, value });
export const flatString = (text: string): FlatField => ({ width: 0, write: (writer) => writer.string(text) });
export const flatTable = (fields: readonly FlatField[]): FlatField => ({
  width: 0,
  write: (writer) => writer.table(fields),
});
export const flatTables = (tables: readonly (readonly FlatField[])[]): FlatField => ({
  width: 0,
  write: (writer) => writer.tables(tables),
});
/** A vector of structs of `width` 64-bit lengths each. */
export const flatLengths = (lengths: readonly number[], width: number): FlatField => ({
  width: 0,
  write: (writer) => writer.lengths(lengths, width),
});

/**
 * Writes a FlatBuffer front to back: a table first, then what it points to, since offsets point forward
 * (https://flatbuffers.dev/internals/).
 */
export class FlatWriter {
  private bytes = new Uint8Array(1024);
  private view = new DataView(this.bytes.buffer);
  private size = 0;

  /** The whole buffer with `fields` as its root table, padded with zeros to a multiple of 8 after `before` bytes. */
  static write(fields: readonly FlatField[], before: number): Uint8Array {
    const writer = new FlatWriter();
    const root = writer.reserve(4, 4);
    const table = writer.table(fields);
    writer.view.setUint32(root, table - root, true);
    const padding = -(writer.size + before) & 7;
    writer.reserve(padding, 1);
    return writer.bytes.subarray(0, writer.size);
  }

  table(fields: readonly FlatField[]): number {
    const vtable = this.reserve(4 + 2 * fields.length, 2);
    const table = this.reserve(4, 4);
    const pending: { readonly at: number; readonly write: (writer: FlatWriter) => number }[] = [];
    fields.forEach((field, slot) => {
      if (field === undefined) return;
      const at = field.width === 0 ? this.reserve(4, 4) : this.reserve(field.width, field.width);
      if (field.width === 0) pending.push({ at, write: field.write });
      else this.scalar(at, field.width, field.value);
      this.view.setUint16(vtable + 4 + 2 * slot, at - table, true);
    });
    this.view.setUint16(vtable, 4 + 2 * fields.length, true);
    this.view.setUint16(vtable + 2, this.size - table, true);
    this.view.setInt32(table, table - vtable, true);
    for (const { at, write } of pending) {
      const target = write(this);
      this.view.setUint32(at, target - at, true);
    }
    return table;
  }

  tables(tables: readonly (readonly FlatField[])[]): number {
    const vector = this.reserve(4 + 4 * tables.length, 4);
    this.view.setUint32(vector, tables.length, true);
    tables.forEach((fields, index) => {
      const at = vector + 4 + 4 * index;
      const target = this.table(fields);
      this.view.setUint32(at, target - at, true);
    });
    return vector;
  }

  lengths(lengths: readonly number[], width: number): number {
    // the length word sits right before the elements, which are aligned to 8
    if ((this.size + 4) % 8 !== 0) this.reserve(8 - ((this.size + 4) % 8), 1);
    const vector = this.reserve(4 + 8 * lengths.length, 1);
    this.view.setUint32(vector, lengths.length / width, true);
    lengths.forEach((length, index) => this.scalar(vector + 4 + 8 * index, 8, length));
    return vector;
  }

  string(text: string): number {
    const encoded = utf8.encode(text);
    const position = this.reserve(4 + encoded.length + 1, 4);
    this.view.setUint32(position, encoded.length, true);
    this.bytes.set(encoded, position + 4);
    return position;
  }

  private scalar(at: number, width: 1 | 2 | 4 | 8, value: number): void {
    if (width === 1) this.view.setUint8(at, value);
    else if (width === 2) this.view.setInt16(at, value, true);
    else if (width === 4) this.view.setInt32(at, value, true);
    else {
      this.view.setUint32(at, value % 4294967296, true);
      this.view.setUint32(at + 4, Math.floor(value / 4294967296), true);
    }
  }

  /** Zeroed bytes at a multiple of `alignment`. */
  private reserve(length: number, alignment: number): number {
    const start = Math.ceil(this.size / alignment) * alignment;
    this.size = start + length;
    if (this.size > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.size));
      grown.set(this.bytes);
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
    return start;
  }
}
