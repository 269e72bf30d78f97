import { ErganeError, makeBatch } from '@ergane/protocol';
import type { RecordBatch, Schema } from 'apache-arrow';
import { makeBatchSpace } from './batch-space.ts';
import type { BatchSpace, RowCursor } from './batch-space.ts';
import { makeColumn, rowWidth } from './make-column.ts';
import type { ColumnWriter } from './make-column.ts';

export interface BatchWriterOptions {
  /** rows of a batch; default at most 65,536, fewer where rows are wide and in the first batches, so that a small read takes little */
  readonly rows?: number;
  /** bytes of a batch, about: the batch is full after the row that went above it; default 6 MiB */
  readonly bytes?: number;
}

const ROWS = 65_536;
/** The first batch's rows, and how many times as many each next one has. */
const FIRST_ROWS = 1024;
const GROWTH = 8;
/** A function holds about ten batches of this: two sets of buffers, two uploads, and what V8 has not collected yet. */
const BYTES = 6 * 1024 * 1024;

/**
 * Writes batches of one schema: every column of a row, by append or directly at `rowCount`, then `endRow()`, and `finish()` when
 * `isFull`. A column that a row does not write keeps what stood there: write each, null or value.
 */
export class BatchWriter {
  readonly schema: Schema;
  readonly columns: readonly ColumnWriter[];
  private readonly largest: number;
  private rowCapacity: number;
  private tooLarge = false;
  private readonly cursor: RowCursor = { row: 0 };
  private readonly space: BatchSpace;
  private readonly given = new WeakSet<RecordBatch>();

  constructor(schema: Schema, { rows, bytes = BYTES }: BatchWriterOptions = {}) {
    const width = schema.fields.reduce((sum, field) => sum + rowWidth(field.type), 0);
    this.schema = schema;
    this.largest = Math.max(1, Math.min(rows ?? ROWS, Math.max(64, Math.floor(bytes / Math.max(1, width)))));
    this.rowCapacity = rows === undefined ? Math.min(this.largest, FIRST_ROWS) : this.largest;
    this.space = makeBatchSpace(bytes);
    const { cursor, space, rowCapacity: capacity } = this;
    const share = Math.floor(bytes / 2 / Math.max(1, schema.fields.length));
    const byteCapacity = Math.max(64, Math.min(capacity * 8, share));
    this.columns = schema.fields.map((field) =>
      makeColumn({ field, column: field.name, cursor, space, capacity }, byteCapacity),
    );
  }

  /** Rows that the batch has room for; another batch may have more. */
  get capacity(): number {
    return this.rowCapacity;
  }

  /** Rows that are ended: also the row that is being written, counted from 0. */
  get rowCount(): number {
    return this.cursor.row;
  }

  get isFull(): boolean {
    return this.cursor.row >= this.rowCapacity || this.tooLarge || (this.space.grew && this.isTooLarge());
  }

  /** bytes of the Arrow buffers of the rows so far; sums all columns, so not for every row */
  get byteLength(): number {
    return this.columns.reduce((sum, column) => sum + column.byteLength(this.cursor.row), 0);
  }

  private isTooLarge(): boolean {
    this.space.grew = false;
    this.tooLarge = this.byteLength > this.space.limit;
    return this.tooLarge;
  }

  endRow(): void {
    if (this.cursor.row++ >= this.rowCapacity) throw this.overfull();
  }

  /** One row, its values in the order of the columns. */
  appendRow(values: readonly unknown[]): void {
    if (this.cursor.row >= this.rowCapacity) throw this.overfull();
    for (let index = 0; index < this.columns.length; index++) this.columns[index]?.appendValue(values[index]);
    this.endRow();
  }

  /** The rows so far as a batch, whose buffers are its own; the writer starts anew. A row that was not ended is left out. */
  finish(): RecordBatch {
    const { row } = this.cursor;
    if (row >= this.rowCapacity && this.rowCapacity < this.largest) this.growCapacity();
    else this.space.scale = 1;
    const children = this.columns.map((column) => column.takeData(row));
    this.cursor.row = 0;
    this.tooLarge = false;
    this.space.grew = false;
    const batch = makeBatch(this.schema, row, children);
    this.given.add(batch);
    return batch;
  }

  private growCapacity(): void {
    const next = Math.min(this.largest, this.rowCapacity * GROWTH);
    this.space.scale = Math.max(1, Math.min(next / this.rowCapacity, this.space.limit / Math.max(1, this.byteLength)));
    this.rowCapacity = next;
    for (const column of this.columns) column.setCapacity(next);
  }

  /** Takes the buffers of a batch of this writer back, once nobody reads it any more: the next batches are written into them. */
  recycle(batch: RecordBatch): void {
    if (!this.given.delete(batch)) return;
    for (const [index, data] of batch.data.children.entries()) this.columns[index]?.recycle(data);
  }

  private overfull(): ErganeError {
    return new ErganeError(
      'FUNCTION_FAILED',
      `a batch of ${this.rowCapacity} rows got another row: the connector must call finish() when isFull`,
    );
  }
}

export function makeBatchWriter(schema: Schema, options: BatchWriterOptions = {}): BatchWriter {
  return new BatchWriter(schema, options);
}
