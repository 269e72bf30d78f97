import { makeBatchWriter } from '@ergane/sdk';
import type { BatchWriter } from '@ergane/sdk';
import type { Schema } from 'apache-arrow';

const MOST_KEPT = 2;

/**
 * Writers of reads that have ended, for the next read of the same columns: splits of one table come to a warm function one after the other,
 * and the buffers of a batch are megabytes that would be allocated and collected for each.
 */
export class WriterPool {
  private readonly idle: { readonly key: string; readonly writer: BatchWriter }[] = [];

  take(schema: Schema): BatchWriter {
    const key = keyOf(schema);
    const index = this.idle.findIndex((candidate) => candidate.key === key);
    const [found] = index < 0 ? [] : this.idle.splice(index, 1);
    return found?.writer ?? makeBatchWriter(schema);
  }

  /** A writer that has finished its last batch. */
  giveBack(writer: BatchWriter): void {
    this.idle.unshift({ key: keyOf(writer.schema), writer });
    this.idle.length = Math.min(this.idle.length, MOST_KEPT);
  }
}

function keyOf(schema: Schema): string {
  return schema.fields.map(({ name, type }) => JSON.stringify([name, String(type)])).join();
}
