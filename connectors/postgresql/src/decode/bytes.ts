import { isUtf8 } from 'node:buffer';
import type { BinaryColumn, Utf8Column } from '@ergane/sdk';
import type { CellRun } from './cell-run.ts';
import { failOnCell } from './invalid-cell.ts';

/** From here on a native copy beats a loop. */
const LONG = 64;

/** text and bytea: the bytes as they are; a server whose encoding is known sends only valid UTF-8. */
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

/** The same for a database without encoding, which stores any bytes as text. */
export function decodeUncheckedText(column: Utf8Column, run: CellRun): void {
  const { buffer, starts, lengths, base, rows } = run;
  for (let i = 0; i < rows; i++) {
    const from = starts[base + i] ?? 0;
    const length = lengths[base + i] ?? 0;
    if (length > 0 && !isUtf8(buffer.subarray(from, from + length)))
      failOnCell(column.field, 'text that is not valid UTF-8', 'encoding');
  }
  decodeBytes(column, run);
}
