import type { BoolColumn, Float32Column, Float64Column, Int16Column, Int32Column, Int64Column } from '@ergane/sdk';
import type { CellRun } from './cell-run.ts';

// `?? 0`: the runs' arrays are as long as `rows` says; the compiler cannot know

export function decodeBool(column: BoolColumn, { buffer, view, starts, base, rows, first }: CellRun): void {
  for (let i = 0; i < rows; i++) {
    const at = starts[base + i] ?? 0;
    if (view.getInt32(at - 4) < 0) column.setNull(first + i);
    else column.setBool(first + i, buffer[at] === 1);
  }
}

export function decodeInt2(column: Int16Column, { view, starts, base, rows, first }: CellRun): void {
  const { values } = column;
  for (let i = 0; i < rows; i++) {
    const at = starts[base + i] ?? 0;
    if (view.getInt32(at - 4) < 0) column.setNull(first + i);
    else values[first + i] = view.getInt16(at);
  }
}

export function decodeInt4(column: Int32Column, { view, starts, base, rows, first }: CellRun): void {
  const { values } = column;
  for (let i = 0; i < rows; i++) {
    const at = starts[base + i] ?? 0;
    if (view.getInt32(at - 4) < 0) column.setNull(first + i);
    else values[first + i] = view.getInt32(at);
  }
}

export function decodeInt8(column: Int64Column, { view, starts, base, rows, first }: CellRun): void {
  const { words } = column;
  for (let i = 0; i < rows; i++) {
    const at = starts[base + i] ?? 0;
    if (view.getInt32(at - 4) < 0) {
      column.setNull(first + i);
      continue;
    }
    words[2 * (first + i)] = view.getInt32(at + 4);
    words[2 * (first + i) + 1] = view.getInt32(at);
  }
}

export function decodeFloat4(column: Float32Column, { view, starts, base, rows, first }: CellRun): void {
  const { values } = column;
  for (let i = 0; i < rows; i++) {
    const at = starts[base + i] ?? 0;
    if (view.getInt32(at - 4) < 0) column.setNull(first + i);
    else values[first + i] = view.getFloat32(at);
  }
}

export function decodeFloat8(column: Float64Column, { view, starts, base, rows, first }: CellRun): void {
  const { values } = column;
  for (let i = 0; i < rows; i++) {
    const at = starts[base + i] ?? 0;
    if (view.getInt32(at - 4) < 0) column.setNull(first + i);
    else values[first + i] = view.getFloat64(at);
  }
}
