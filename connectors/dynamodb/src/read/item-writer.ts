import { makeBatchWriter } from '@ergane/sdk';
import type { BatchWriter } from '@ergane/sdk';
import type { RecordBatch, Schema } from 'apache-arrow';
import { attributeOf } from '../schema/table-definition.ts';
import type { TableNotes } from '../schema/table-definition.ts';
import type { WireItem } from '../wire.ts';
import { makeColumnDecoder } from './column-decoder.ts';
import type { ColumnDecoder, DecodePosition } from './column-decoder.ts';
import { addLoss, makeLosses } from './losses.ts';
import type { Losses } from './losses.ts';
import { Misfit, misfitError } from './misfit.ts';

/** Items into batches, a column at a time. */
export interface ItemWriter {
  readonly rowCount: number;
  readonly isFull: boolean;
  readonly losses: Losses;
  /** Writes items from `from` on, as many as there is room for; answers where it stopped. @throws ErganeError SOURCE_DATA_INVALID */
  write(items: readonly WireItem[], from: number): number;
  /** Rows without columns. */
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
  const decoders = writer.columns.map((column, index) => {
    const attribute = attributes[index] ?? column.field.name;
    return makeColumnDecoder(column, attribute, { path: attribute, losses, at });
  });
  const known = new Set(attributes);
  const countLosses = (items: readonly WireItem[], from: number, to: number): void => {
    for (let index = from; index < to; index++)
      for (const name in items[index]) if (!known.has(name)) addLoss(losses, name);
  };
  const decode = (items: readonly WireItem[], from: number, to: number): void => {
    const span = { from, to, row: writer.rowCount };
    for (const [index, decoder] of decoders.entries())
      runDecoder(decoder, { items, span, at, notes, column: schema.fields[index]?.name ?? '', attributes, index });
  };
  return {
    get rowCount() {
      return writer.rowCount;
    },
    get isFull() {
      return writer.isFull;
    },
    losses,
    write(items, from) {
      const to = Math.min(items.length, from + writer.capacity - writer.rowCount);
      decode(items, from, to);
      if (wholeItems) countLosses(items, from, to);
      endRows(writer, to - from);
      return to;
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
