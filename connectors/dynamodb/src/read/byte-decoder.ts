import type { BatchWriter, ColumnWriter } from '@ergane/sdk';
import { isDouble } from '@ergane/schemas';
import { skipString } from '../items-answer.ts';
import type { WireValue } from '../wire.ts';
import type { Store } from './column-decoder.ts';
import { addLoss } from './losses.ts';
import type { Losses } from './losses.ts';
import { Misfit } from './misfit.ts';
import { parseSmallUnscaled, setSmallDecimal } from './number.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** One column and where its attribute's name stands among the others'. */
interface Slot {
  readonly column: ColumnWriter;
  readonly attribute: string;
  /** as it stands in the JSON */
  readonly name: Buffer;
  readonly store: Store;
  /** the row that it was last written in, plus one; NULL does not count */
  written: number;
}

export interface ByteDecoderOptions {
  readonly attributes: readonly string[];
  /** a column each */
  readonly stores: readonly Store[];
  /** where attributes without a column are counted; undefined: they are not all in the answer */
  readonly losses: Losses | undefined;
}

/**
 * Items from their JSON straight into the columns of a batch, a row at a time: no string and no object is made of text, numbers and
 * booleans. It knows DynamoDB's compact JSON only; whatever else it meets it leaves to the general way.
 */
export class ByteDecoder {
  private readonly writer: BatchWriter;
  private readonly slots: readonly Slot[];
  private readonly byName: ReadonlyMap<string, Slot>;
  private readonly losses: Losses | undefined;
  /** the slots of the last item, in its order: mostly the next one has the same */
  private readonly order: (Slot | undefined)[] = [];
  private bytes: Buffer = Buffer.alloc(0);

  constructor(writer: BatchWriter, { attributes, stores, losses }: ByteDecoderOptions) {
    this.writer = writer;
    this.losses = losses;
    this.slots = writer.columns.map((column, index) => ({
      column,
      attribute: attributes[index] ?? '',
      name: Buffer.from(writtenName(attributes[index] ?? '')),
      store: stores[index] ?? (() => undefined),
      written: 0,
    }));
    this.byName = new Map(this.slots.map((slot) => [slot.attribute, slot]));
  }

  /**
   * Writes the items from a position on until the batch is full. Answers where the next item begins, or -1 - position of an item that it
   * does not know, of which nothing counts as written.
   */
  decode(bytes: Buffer, from: number): number {
    this.bytes = bytes;
    const { writer } = this;
    // rows are told apart by their numbers in the batch
    for (const slot of this.slots) slot.written = 0;
    let at = from;
    while (at < bytes.length && !writer.isFull) {
      const next = this.tryItem(at, writer.rowCount);
      if (next < 0) return -1 - at;
      writer.endRow();
      at = bytes[next] === COMMA ? next + 1 : next;
      if (at === next && next < bytes.length) return -1 - next;
    }
    return at;
  }

  /** The position after the item; -1: it is not as expected, or a value does not fit its column. */
  private tryItem(from: number, row: number): number {
    try {
      return this.decodeItem(from, row);
    } catch (error) {
      if (error instanceof Misfit) return -1;
      throw error;
    }
  }

  private decodeItem(from: number, row: number): number {
    const { bytes } = this;
    if (bytes[from] !== OPEN) return -1;
    let at = from + 1;
    for (let number = 0; bytes[at] !== CLOSE; number++) {
      const end = skipString(bytes, at);
      if (end < 0 || bytes[at] !== QUOTE || bytes[end] !== COLON) return -1;
      const slot = this.findSlot(at + 1, end - 1, number);
      at = slot === undefined ? this.skipValue(end + 1) : this.decodeValue(slot, end + 1, row);
      if (at < 0) return -1;
      if (bytes[at] === COMMA) at++;
      else if (bytes[at] !== CLOSE) return -1;
    }
    for (const slot of this.slots) if (slot.written !== row + 1) slot.column.setNull(row);
    return at + 1;
  }

  /** The column of a name; undefined: none has it. */
  private findSlot(from: number, to: number, number: number): Slot | undefined {
    const expected = this.order[number];
    if (expected !== undefined && this.isName(expected.name, from, to)) return expected;
    const written = this.bytes.toString('utf8', from, to);
    const name = written.includes('\\') ? String(JSON.parse(`"${written}"`)) : written;
    const found = this.byName.get(name);
    this.order[number] = found;
    if (found === undefined && this.losses !== undefined) addLoss(this.losses, name);
    return found;
  }

  private isName(name: Buffer, from: number, to: number): boolean {
    if (name.length !== to - from) return false;
    const { bytes } = this;
    for (let at = 0; at < name.length; at++) if (name[at] !== bytes[from + at]) return false;
    return true;
  }

  /** The position after the value that begins at `from`; -1: not as expected. */
  private decodeValue(slot: Slot, from: number, row: number): number {
    const { bytes } = this;
    const { column } = slot;
    // {"S":"..."} and {"N":"..."}
    const plain = bytes[from + 3] === QUOTE && bytes[from + 4] === COLON && bytes[from + 5] === QUOTE;
    if (plain && bytes[from + 2] === 0x53 && column.kind === 'utf8') {
      const end = findPlainEnd(bytes, from + 6);
      if (bytes[end] === QUOTE) {
        column.setBytes(row, bytes, from + 6, end);
        slot.written = row + 1;
        return bytes[end + 1] === CLOSE ? end + 2 : -1;
      }
    } else if (plain && bytes[from + 2] === 0x4e) {
      const end = findPlainEnd(bytes, from + 6);
      if (bytes[end] === QUOTE && this.storeNumber(slot, row, { from: from + 6, to: end }))
        return bytes[end + 1] === CLOSE ? end + 2 : -1;
    } else if (column.kind === 'bool' && bytes[from + 2] === 0x42 && bytes[from + 3] === 0x4f) {
      // {"BOOL":true}
      const isTrue = bytes[from + 8] === 0x74;
      column.setBool(row, isTrue);
      slot.written = row + 1;
      const end = from + (isTrue ? 12 : 13);
      return bytes[end] === CLOSE ? end + 1 : -1;
    }
    return this.decodeOther(slot, from, row);
  }

  private storeNumber(slot: Slot, row: number, { from, to }: { readonly from: number; readonly to: number }): boolean {
    const { column } = slot;
    const { bytes } = this;
    if (column.kind === 'decimal') {
      const small = parseSmallUnscaled(bytes.toString('latin1', from, to), column.scale);
      if (!(Math.abs(small) < 10 ** column.precision)) return false;
      setSmallDecimal(column, row, small);
    } else if (column.kind === 'float64') {
      const text = bytes.toString('latin1', from, to);
      if (!isDouble(text)) return false;
      column.values[row] = Number(text);
    } else if (column.kind === 'utf8') column.setBytes(row, bytes, from, to);
    else return false;
    slot.written = row + 1;
    return true;
  }

  /** By way of an object: nested values, escaped strings, long numbers, and what does not fit its column. */
  private decodeOther(slot: Slot, from: number, row: number): number {
    const end = this.skipValue(from);
    if (end < 0) return -1;
    const value = JSON.parse(this.bytes.toString('utf8', from, end)) as WireValue;
    if (value.NULL !== true) {
      slot.store(row, value);
      slot.written = row + 1;
    }
    return end;
  }

  /** The position after the object that begins at `from`. */
  private skipValue(from: number): number {
    const { bytes } = this;
    if (bytes[from] !== OPEN) return -1;
    let depth = 0;
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        at = skipString(bytes, at) - 1;
        if (at < 0) return -1;
      } else if (byte === OPEN) depth++;
      else if (byte === CLOSE && --depth === 0) return at + 1;
    }
    return -1;
  }
}

/** The first quote or backslash. */
function findPlainEnd(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== QUOTE && bytes[at] !== BACKSLASH) at++;
  return at;
}

/** A name that JSON escapes, in one way or another, is looked up by what it means: a quote stands for it, which no name begins with. */
function writtenName(attribute: string): string {
  return JSON.stringify(attribute) === `"${attribute}"` ? attribute : '"';
}
