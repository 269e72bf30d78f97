import { makeBatchWriter } from '@ergane/sdk';
import type { BatchWriter } from '@ergane/sdk';
import type { RecordBatch, Schema } from 'apache-arrow';
import { attributeOf } from '../schema/table-notes.ts';
import type { TableNotes } from '../schema/table-notes.ts';
import type { WireItem } from '../wire.ts';
import { parseItems } from '../items-answer.ts';
import { ByteDecoder } from './byte-decoder.ts';
import { makeColumnDecoder, makeStore } from './column-decoder.ts';
import type { ColumnDecoder, DecodePosition } from './column-decoder.ts';
import { addLoss, makeLosses } from './losses.ts';
import type { Losses } from './losses.ts';
import { Misfit, misfitError } from './misfit.ts';

/** The items of one page, and how far they are written. */
export interface PageItems {
  /** JSON between the brackets of the list, while it is decoded from its bytes */
  bytes: Buffer | undefined;
  items: readonly WireItem[];
  /** into the bytes, else into the items */
  position: number;
}

/** Items into batches. */
export interface ItemWriter {
  readonly isFull: boolean;
  readonly losses: Losses;
  /** Writes items, as many as there is room for; true when all are written. @throws ErganeError SOURCE_DATA_INVALID */
  write(page: PageItems): boolean;
  /** Rows without columns; answers how many there was room for. */
  count(rows: number): number;
  finish(): RecordBatch;
  /** The batch is not read any more: the next ones take its buffers. */
  recycle(batch: RecordBatch): void;
}

export function makeItemWriter(schema: Schema, notes: TableNotes, wholeItems: boolean): ItemWriter {
  const writer = makeBatchWriter(schema);
  const losses = makeLosses();
  const at: DecodePosition = { index: 0 };
  const attributes = schema.fields.map((field) => attributeOf(notes, field.name));
  const stores = writer.columns.map((column, index) => makeStore(column, { path: attributes[index] ?? '', losses }));
  const decoders = writer.columns.map((column, index) =>
    makeColumnDecoder(column, attributes[index] ?? '', { store: stores[index] ?? (() => undefined), at }),
  );
  const bytesDecoder = new ByteDecoder(writer, { attributes, stores, losses: wholeItems ? losses : undefined });
  const known = new Set(attributes);
  const countLosses = (items: readonly WireItem[], from: number, to: number): void => {
    for (let index = from; index < to; index++)
      for (const name in items[index]) if (!known.has(name)) addLoss(losses, name);
  };
  const writeItems = (page: PageItems): void => {
    const { items, position: from } = page;
    const to = Math.min(items.length, from + writer.capacity - writer.rowCount);
    const span = { from, to, row: writer.rowCount };
    for (const [index, decoder] of decoders.entries())
      runDecoder(decoder, { items, span, at, notes, column: schema.fields[index]?.name ?? '', attributes, index });
    if (wholeItems) countLosses(items, from, to);
    endRows(writer, to - from);
    page.position = to;
  };
  return {
    get isFull() {
      return writer.isFull;
    },
    losses,
    write(page) {
      if (page.bytes !== undefined) writeBytes(bytesDecoder, page);
      if (page.bytes !== undefined) return page.position >= page.bytes.length;
      if (!writer.isFull) writeItems(page);
      return page.position >= page.items.length;
    },
    count(rows) {
      const taken = Math.min(rows, writer.capacity - writer.rowCount);
      endRows(writer, taken);
      return taken;
    },
    finish: () => writer.finish(),
    recycle: (batch) => writer.recycle(batch),
  };
}

/** From the first item that the byte decoder does not know the page goes on as objects, which also find out what is wrong. */
function writeBytes(decoder: ByteDecoder, page: PageItems): void {
  const { bytes } = page;
  if (bytes === undefined) return;
  const next = decoder.decode(bytes, page.position);
  if (next >= 0) {
    page.position = next;
    return;
  }
  page.items = parseItems(bytes, -1 - next);
  page.position = 0;
  page.bytes = undefined;
}

function endRows(writer: BatchWriter, count: number): void {
  for (let row = 0; row < count; row++) writer.endRow();
}

interface DecoderRun {
  readonly items: readonly WireItem[];
  readonly span: { readonly from: number; readonly to: number; readonly row: number };
  readonly at: DecodePosition;
  readonly notes: TableNotes;
  readonly column: string;
  readonly attributes: readonly string[];
  readonly index: number;
}

function runDecoder(decoder: ColumnDecoder, { items, span, at, notes, column, attributes, index }: DecoderRun): void {
  try {
    decoder(items, span);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const item = items[at.index] ?? {};
    throw misfitError(error, {
      table: notes.sourceTable,
      column,
      attribute: attributes[index] ?? column,
      item: keyOf(item, notes.keys),
    });
  }
}

/** The key of an item, where it was read; else the item. */
export function keyOf(item: WireItem, keys: readonly string[]): WireItem {
  const entries = Object.entries(item).filter(([name]) => keys.includes(name));
  return entries.length === 0 ? item : Object.fromEntries(entries);
}
