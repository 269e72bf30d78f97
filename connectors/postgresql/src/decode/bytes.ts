import type { BinaryColumn, Utf8Column } from '@ergane/sdk';
import type { CellRun } from './cell-run.ts';

/** From here on a native copy beats a loop. */
const LONG = 64;

/** text and bytea: the bytes as they are; the server sends valid UTF-8 only, and fails for text that is none (SQL_ASCII). */
export function decodeBytes(column: Utf8Column | BinaryColumn, run: CellRun): void {
  const { buffer, starts, lengths, base, rows, first } = run;
  let total = 0;
  for (let i = 0; i < rows; i++) total += Math.max(0, lengths[base + i] ?? 0);
  column.reserve(total);
  const { bytes, offsets } = column;
  let into = offsets[first] ?? 0;
  for (let i = 0; i < rows; i++) {
    const length = lengths[base + i] ?? 0;
    const from = starts[base + i] ?? 0;
    if (length < 0) column.setNull(first + i);
    else if (length < LONG) for (let j = 0; j < length; j++) bytes[into + j] = buffer[from + j] ?? 0;
    else buffer.copy(bytes, into, from, from + length);
    into += Math.max(0, length);
    offsets[first + i + 1] = into;
  }
}
