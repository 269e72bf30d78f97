import { blockByteLength } from '@ergane/protocol';
import type { RecordBatch, Schema } from 'apache-arrow';
import { gatherRows } from '../rows/gather-rows.ts';
import { countRows, wholeRange } from '../rows/row-ranges.ts';
import type { RowRanges } from '../rows/row-ranges.ts';
import type { Spilled, SpillWriter } from './spill-writer.ts';

export interface BlockSizes {
  /** an answer of fewer bytes than this is given inline */
  readonly inline: number;
  /** bytes of a spilled block, about */
  readonly block: number;
}

/** Collects the rows of a read into blocks: one inline, or spilled ones as soon as they cannot be inline any more (section 5.1). */
export interface BlockSink {
  /** bytes of Arrow buffers so far */
  readonly bytes: number;
  /** `release` is called once the batch is not read any more. */
  add(batch: RecordBatch, ranges: RowRanges, release: () => void): Promise<void>;
  /** The inline block, or what was spilled. */
  finish(): Promise<{ readonly inline: RecordBatch } | { readonly spilled: Spilled }>;
  /** Spills what would have been inline. */
  finishSpilled(): Promise<Spilled>;
}

/** A block may be this much larger than asked, rather than be cut. */
const TOLERANCE = 1.25;

export function makeBlockSink(schema: Schema, sizes: BlockSizes, spill: SpillWriter): BlockSink {
  const large = sizes.block / 4;
  let pending: { readonly batch: RecordBatch; readonly release: () => void }[] = [];
  let pendingBytes = 0;
  let total = 0;
  let spilling = false;

  const takePending = (): RecordBatch =>
    gatherRows(
      schema,
      pending.map(({ batch }) => ({ batch, ranges: wholeRange(batch.numRows) })),
    );
  const flush = async (): Promise<void> => {
    if (pending.length === 0) return;
    const bytes = pendingBytes;
    const batch = takePending();
    const count = bytes > sizes.block * TOLERANCE ? Math.min(batch.numRows, Math.ceil(bytes / sizes.block)) : 1;
    for (let index = 0; index < count; index++) {
      const piece = cut(batch, { index, count });
      if (piece.numRows > 0) await spill.write(piece);
    }
    for (const { release } of pending) release();
    pending = [];
    pendingBytes = 0;
  };
  const finishSpilled = async (): Promise<Spilled> => {
    await flush();
    return spill.close();
  };
  return {
    get bytes() {
      return total;
    },
    async add(given, ranges, release) {
      const rows = countRows(ranges);
      const whole = rows === given.numRows;
      const batch = whole ? given : gatherRows(schema, [{ batch: given, ranges }]);
      if (!whole) release();
      if (rows === 0) {
        if (whole) release();
        return;
      }
      const bytes = blockByteLength(batch);
      total += bytes;
      spilling ||= pendingBytes + bytes >= sizes.inline;
      if (spilling && (bytes >= large || pendingBytes + bytes > sizes.block)) await flush();
      pending.push({ batch, release: whole ? release : () => undefined });
      pendingBytes += bytes;
      if (spilling && pendingBytes >= large) await flush();
    },
    async finish() {
      if (!spilling && pendingBytes < sizes.inline) return { inline: takePending() };
      return { spilled: await finishSpilled() };
    },
    finishSpilled,
  };
}

/** One of `count` pieces of about the same number of rows, as a view. Bitmaps are views too where a piece begins at a whole byte. */
function cut(batch: RecordBatch, { index, count }: { index: number; count: number }): RecordBatch {
  if (count === 1) return batch;
  const step = batch.numRows / count;
  const edge = (at: number): number => (at === count ? batch.numRows : Math.floor((step * at) / 8) * 8);
  return batch.slice(edge(index), edge(index + 1));
}
