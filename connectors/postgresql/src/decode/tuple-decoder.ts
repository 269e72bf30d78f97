import type { BatchWriter } from '@ergane/sdk';
import { ErganeError } from '@ergane/protocol';
import { MESSAGE } from '../wire/messages.ts';
import type { CellDecoder } from './cell-run.ts';

/** Positions that one pass may note: small enough to stay in the processor's cache. */
const CELLS = 16_384;
const PADDING = 20;

/**
 * Decodes DataRow messages (documentation, section 55.7) into a batch, in two passes over a network buffer: the first notes where each
 * cell lies, the second decodes column by column, so that every loop sees one type only.
 */
export interface TupleDecoder {
  /** no row may be decoded before the batch is taken */
  readonly isFull: boolean;
  /** Decodes whole rows from `from` on; answers where it stopped: at another message, a row that is cut, or a full batch. */
  decode(buffer: Buffer, from: number): number;
}

export function makeTupleDecoder(writer: BatchWriter, decoders: readonly CellDecoder[]): TupleDecoder {
  const columns = decoders.length;
  const most = Math.max(1, Math.min(1024, Math.floor(CELLS / Math.max(1, columns))));
  // a power of two would map the same row of all columns to one line of the processor's cache
  const stride = most + PADDING;
  const starts = new Int32Array(stride * columns);

  /** Notes the cells of rows; answers the end of the last whole row and how many there are. */
  const scan = (view: DataView, from: number, limit: number): { readonly at: number; readonly rows: number } => {
    const end = view.byteLength;
    let at = from;
    let row = 0;
    for (; row < limit && at + 7 <= end && view.getUint8(at) === MESSAGE.dataRow; row++) {
      const next = at + 1 + view.getInt32(at + 1);
      if (next > end) break;
      if (view.getUint16(at + 5) !== columns)
        throw malformed(`${view.getUint16(at + 5)} columns instead of ${columns}`);
      let cell = at + 7;
      for (let slot = row; slot < starts.length; slot += stride) {
        const length = view.getInt32(cell);
        cell += 4;
        starts[slot] = cell;
        if (length > 0) cell += length;
      }
      if (cell !== next) throw malformed(`a row of ${next - at} bytes that ends at ${cell - at}`);
      at = next;
    }
    return { at, rows: row };
  };

  return {
    get isFull() {
      return writer.isFull;
    },
    decode(buffer, from) {
      const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
      let at = from;
      while (!writer.isFull) {
        const first = writer.rowCount;
        const found = scan(view, at, Math.min(most, writer.capacity - first));
        if (found.rows === 0) break;
        const { rows } = found;
        for (let k = 0; k < columns; k++) decoders[k]?.({ buffer, view, starts, base: k * stride, rows, first });
        for (let i = 0; i < rows; i++) writer.endRow();
        at = found.at;
      }
      return at;
    },
  };
}

function malformed(found: string): ErganeError {
  return new ErganeError(
    'SOURCE_DATA_INVALID',
    `the server's answer is malformed (${found}): is a proxy between, or another protocol?`,
  );
}
