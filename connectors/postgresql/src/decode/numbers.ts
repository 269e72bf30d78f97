import type { BoolColumn, Float32Column, Float64Column, Int16Column, Int32Column, Int64Column } from '@ergane/sdk';
import type { CellRun } from './cell-run.ts';

// `?? 0`: the runs' arrays are as long as `rows` says; the compiler cannot know

export function decodeBool(column: BoolColumn, { buffer, starts, lengths, base, rows, first }: CellRun): void {
  for (let i = 0; i < rows; i++) {
    if ((lengths[base + i] ?? 0) < 0) column.setNull(first + i);
    else column.setBool(first + i, buffer[starts[base + i] ?? 0] === 1);
  }
}

export function decodeInt2(column: Int16Column, { view, starts, lengths, base, rows, first }: CellRun): void {
  const { values } = column;
  for (let i = 0; i < rows; i++) {
    if ((lengths[base + i] ?? 0) < 0) column.setNull(first + i);
    else values[first + i] = view.getInt16(starts[base + i] ?? 0);
  }
}

export function decodeInt4(column: Int32Column, { view, starts, lengths, base, rows, first }: CellRun): void {
  const { values } = column;
  for (let i = 0; i < rows; i++) {
    if ((lengths[base + i] ?? 0) < 0) column.setNull(first + i);
    else values[first + i] = view.getInt32(starts[base + i] ?? 0);
  }
}

export function decodeInt8(column: Int64Column, { view, starts, lengths, base, rows, first }: CellRun): void {
  const { words } = column;
  for (let i = 0; i < rows; i++) {
    if ((lengths[base + i] ?? 0) < 0) {
      column.setNull(first + i);
      continue;
    }
    const at = starts[base + i] ?? 0;
    words[2 * (first + i)] = view.getInt32(at + 4);
    words[2 * (first + i) + 1] = view.getInt32(at);
  }
}

export function decodeFloat4(column: Float32Column, { view, starts, lengths, base, rows, first }: CellRun): void {
  const { values } = column;
  for (let i = 0; i < rows; i++) {
    if ((lengths[base + i] ?? 0) < 0) column.setNull(first + i);
    else values[first + i] = view.getFloat32(starts[base + i] ?? 0);
  }
}

export function decodeFloat8(column: Float64Column, { view, starts, lengths, base, rows, first }: CellRun): void {
  const { values } = column;
  for (let i = 0; i < rows; i++) {
    if ((lengths[base + i] ?? 0) < 0) column.setNull(first + i);
    else values[first + i] = view.getFloat64(starts[base + i] ?? 0);
  }
}
