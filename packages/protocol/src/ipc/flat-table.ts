import { invalid, Found } from '../invalid.ts';

const utf8 = new TextDecoder();

/**
 * Reads one table of a FlatBuffer (https://flatbuffers.dev/internals/). A position outside the bytes throws a RangeError of DataView;
 * `slot` is the number of a field in the order of the schema (Arrow's Message.fbs, Schema.fbs).
 */
export class FlatTable {
  private readonly view: DataView;
  private readonly position: number;
  private readonly vtable: number;
  private readonly vtableSize: number;

  constructor(view: DataView, position: number) {
    this.view = view;
    this.position = position;
    this.vtable = position - view.getInt32(position, true);
    this.vtableSize = view.getUint16(this.vtable, true);
  }

  static root(view: DataView): FlatTable {
    return new FlatTable(view, view.getUint32(0, true));
  }

  has(slot: number): boolean {
    return this.find(slot) !== 0;
  }
  uint8(slot: number, absent = 0): number {
    const at = this.find(slot);
    return at === 0 ? absent : this.view.getUint8(at);
  }
  int16(slot: number, absent = 0): number {
    const at = this.find(slot);
    return at === 0 ? absent : this.view.getInt16(at, true);
  }
  int32(slot: number, absent = 0): number {
    const at = this.find(slot);
    return at === 0 ? absent : this.view.getInt32(at, true);
  }
  /** A 64-bit integer that must be a safe, not negative number: a length. */
  length(slot: number): number {
    const at = this.find(slot);
    return at === 0 ? 0 : readLength(this.view, at);
  }
  string(slot: number): string | undefined {
    const at = this.find(slot);
    if (at === 0) return undefined;
    const start = this.follow(at);
    const { buffer, byteOffset } = this.view;
    const length = this.view.getUint32(start, true);
    if (length > this.view.byteLength - start - 4) throw new RangeError('a string that ends outside its message');
    return utf8.decode(new Uint8Array(buffer, byteOffset + start + 4, length));
  }
  table(slot: number): FlatTable | undefined {
    const at = this.find(slot);
    return at === 0 ? undefined : new FlatTable(this.view, this.follow(at));
  }
  tables(slot: number): FlatTable[] {
    const vector = this.vector(slot, 4);
    const found: FlatTable[] = [];
    for (let index = 0; index < vector.length; index++)
      found.push(new FlatTable(this.view, this.follow(vector.start + 4 * index)));
    return found;
  }
  /** Structs of `width` 64-bit lengths each, flat. */
  lengths(slot: number, width: number): number[] {
    const vector = this.vector(slot, 8 * width);
    const found: number[] = [];
    for (let index = 0; index < vector.length * width; index++)
      found.push(readLength(this.view, vector.start + 8 * index));
    return found;
  }

  private vector(slot: number, width: number): { readonly start: number; readonly length: number } {
    const at = this.find(slot);
    if (at === 0) return { start: 0, length: 0 };
    const position = this.follow(at);
    const length = this.view.getUint32(position, true);
    if (length * width > this.view.byteLength - position - 4)
      throw new RangeError('a vector that ends outside its message');
    return { start: position + 4, length };
  }
  /** Offsets point forward only, so what is read never ends in a circle. */
  private follow(at: number): number {
    const offset = this.view.getUint32(at, true);
    if (offset === 0) throw new RangeError('an offset of zero');
    return at + offset;
  }
  private find(slot: number): number {
    const entry = 4 + 2 * slot;
    if (entry + 2 > this.vtableSize) return 0;
    const offset = this.view.getUint16(this.vtable + entry, true);
    return offset === 0 ? 0 : this.position + offset;
  }
}

function readLength(view: DataView, at: number): number {
  const high = view.getInt32(at + 4, true);
  const length = high * 4294967296 + view.getUint32(at, true);
  if (length < 0 || !Number.isSafeInteger(length)) throw new RangeError(`a length of ${length}`);
  return length;
}

/** Runs `read` over metadata; a position outside the bytes becomes an error that says so. */
export function readFlat<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError)
      throw invalid(path, 'Arrow metadata', new Found(`broken metadata (${error.message})`), error);
    throw error;
  }
}
