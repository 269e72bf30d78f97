import type { BinaryColumn, Utf8Column } from '@ergane/sdk';
import type { CellRun } from './cell-run.ts';

/** From here on a native copy beats a loop. */
const LONG = 128;
/** bytes that a copy by words may touch behind the last one */
const SLACK = 3;

/**
 * text and bytea: the bytes as they are; the server sends valid UTF-8 only, and fails for text that is none (SQL_ASCII). Short cells are
 * copied four bytes at a time, which may write up to three bytes too many: the next cell overwrites them.
 */
export function decodeBytes(column: Utf8Column | BinaryColumn, run: CellRun): void {
  const { buffer, view, starts, base, rows, first } = run;
  let total = SLACK;
  for (let i = 0; i < rows; i++) total += Math.max(0, view.getInt32((starts[base + i] ?? 4) - 4));
  column.reserve(total);
  const { bytes, offsets } = column;
  const target = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const safe = buffer.length - SLACK;
  let into = offsets[first] ?? 0;
  for (let i = 0; i < rows; i++) {
    const from = starts[base + i] ?? 4;
    const length = view.getInt32(from - 4);
    if (length < 0) column.setNull(first + i);
    else if (length < LONG && from + length <= safe)
      for (let j = 0; j < length; j += 4) target.setInt32(into + j, view.getInt32(from + j));
    else buffer.copy(bytes, into, from, from + length);
    into += Math.max(0, length);
    offsets[first + i + 1] = into;
  }
}
