import { makeBatch } from '@ergane/protocol';
import { DataType } from 'apache-arrow';
import type { Data, RecordBatch, Schema } from 'apache-arrow';
import { makeColumnData } from '../columns/column.ts';
import type { RowRanges } from './row-ranges.ts';
import { countRows } from './row-ranges.ts';

/** Some rows of one batch. */
export interface RowPiece {
  readonly batch: RecordBatch;
  readonly ranges: RowRanges;
}

/** Some rows of one column of a piece. */
interface ColumnPiece {
  readonly data: Data;
  readonly ranges: RowRanges;
}

const NO_BYTES = new Uint8Array(0);

/** One batch of the rows of all pieces, in their order. A single whole batch is answered as it is; all else is copied once. */
export function gatherRows(schema: Schema, pieces: readonly RowPiece[]): RecordBatch {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined && isWhole(first)) return first.batch;
  const rows = pieces.reduce((sum, piece) => sum + countRows(piece.ranges), 0);
  const children = schema.fields.map((field, index) => {
    const parts: ColumnPiece[] = [];
    for (const { batch, ranges } of pieces) {
      const data = batch.data.children[index];
      if (data !== undefined && ranges.length > 0) parts.push({ data, ranges });
    }
    return gatherColumn(field.type, parts, rows);
  });
  return makeBatch(schema, rows, children);
}

function isWhole({ batch, ranges }: RowPiece): boolean {
  return ranges.length === 2 && ranges[0] === 0 && ranges[1] === batch.numRows;
}

function gatherColumn(type: DataType, pieces: readonly ColumnPiece[], rows: number): Data {
  const { validity, nullCount } = gatherValidity(pieces, rows);
  const parts = { validity, nullCount };
  if (DataType.isStruct(type)) {
    const children = type.children.map((field, index) => gatherColumn(field.type, childPieces(pieces, index), rows));
    return makeColumnData(type, rows, { ...parts, children });
  }
  if (DataType.isList(type) || DataType.isMap(type)) {
    const { offsets, inner, length } = gatherOffsets(pieces, rows);
    const children = type.children.map((field) => gatherColumn(field.type, childPieces(inner, 0), length));
    return makeColumnData(type, rows, { ...parts, offsets, children });
  }
  if (DataType.isUtf8(type) || DataType.isBinary(type)) {
    const { offsets, inner, length } = gatherOffsets(pieces, rows);
    return makeColumnData(type, rows, { ...parts, offsets, values: gatherWords(inner, 1, new Uint8Array(length)) });
  }
  if (DataType.isBool(type)) {
    const bits = new Uint8Array((rows + 7) >> 3);
    eachRow(pieces, (data, from, into) => copyBit(data.values, data.offset + from, bits, into));
    return makeColumnData(type, rows, { ...parts, values: bits });
  }
  return makeColumnData(type, rows, { ...parts, values: gatherFixed(pieces, rows, type) });
}

/** The same rows of a child; its own nulls count, and its own offset. */
function childPieces(pieces: readonly ColumnPiece[], index: number): ColumnPiece[] {
  const found: ColumnPiece[] = [];
  for (const { data, ranges } of pieces) {
    const child = data.children[index];
    if (child !== undefined) found.push({ data: child, ranges });
  }
  return found;
}

function gatherValidity(pieces: readonly ColumnPiece[], rows: number): { validity: Uint8Array; nullCount: number } {
  if (pieces.every(({ data }) => data.nullCount === 0)) return { validity: NO_BYTES, nullCount: 0 };
  const validity = new Uint8Array((rows + 7) >> 3).fill(0xff);
  let nullCount = 0;
  eachRow(pieces, (data, from, into) => {
    if (data.nullCount === 0) return;
    const at = data.offset + from;
    if (((data.nullBitmap[at >> 3] ?? 0) & (1 << (at & 7))) !== 0) return;
    validity[into >> 3] = (validity[into >> 3] ?? 0) & ~(1 << (into & 7));
    nullCount++;
  });
  return nullCount === 0 ? { validity: NO_BYTES, nullCount } : { validity, nullCount };
}

function eachRow(pieces: readonly ColumnPiece[], visit: (data: Data, from: number, into: number) => void): void {
  let into = 0;
  for (const { data, ranges } of pieces)
    for (let at = 0; at < ranges.length; at += 2) {
      const end = ranges[at + 1] ?? 0;
      for (let from = ranges[at] ?? 0; from < end; from++) visit(data, from, into++);
    }
}

function copyBit(source: Uint8Array, from: number, target: Uint8Array, into: number): void {
  const bit = ((source[from >> 3] ?? 0) >> (from & 7)) & 1;
  target[into >> 3] = (target[into >> 3] ?? 0) | (bit << (into & 7));
}

/** Offsets of the gathered rows, and which ranges of the values (or of the child) they cover. */
function gatherOffsets(pieces: readonly ColumnPiece[], rows: number) {
  const offsets = new Int32Array(rows + 1);
  const inner: ColumnPiece[] = [];
  let row = 0;
  let length = 0;
  for (const { data, ranges } of pieces) {
    const source: Int32Array = data.valueOffsets;
    const covered = new Int32Array(ranges.length);
    for (let at = 0; at < ranges.length; at += 2) {
      const start = ranges[at] ?? 0;
      const end = ranges[at + 1] ?? 0;
      const shift = length - (source[start] ?? 0);
      for (let from = start; from < end; from++) offsets[++row] = (source[from + 1] ?? 0) + shift;
      covered[at] = source[start] ?? 0;
      covered[at + 1] = source[end] ?? 0;
      length = (source[end] ?? 0) + shift;
    }
    inner.push({ data, ranges: covered });
  }
  return { offsets, inner, length };
}

type Fixed = Int8Array | Int16Array | Int32Array | Uint32Array | BigInt64Array | Float32Array | Float64Array;

/** Values of one width, moved as bytes, 16-bit or 32-bit words. */
function gatherFixed(pieces: readonly ColumnPiece[], rows: number, type: DataType): Fixed {
  const words = DataType.isDecimal(type) ? rows * 4 : rows;
  const target: Fixed = new type.ArrayType(words);
  const width = rows === 0 ? 1 : target.byteLength / rows;
  if (width === 1) gatherWords(pieces, 1, new Uint8Array(target.buffer));
  else if (width === 2) gatherWords(pieces, 1, new Uint16Array(target.buffer));
  else gatherWords(pieces, width / 4, new Int32Array(target.buffer));
  return target;
}

type Words = Uint8Array | Uint16Array | Int32Array;

function gatherWords<Target extends Words>(pieces: readonly ColumnPiece[], perRow: number, target: Target): Target {
  let into = 0;
  for (const { data, ranges } of pieces) {
    const values: ArrayBufferView = data.values;
    const source = viewLike(target, values);
    for (let at = 0; at < ranges.length; at += 2) {
      const start = (ranges[at] ?? 0) * perRow;
      const end = (ranges[at + 1] ?? 0) * perRow;
      if (end - start < 24) for (let from = start; from < end; from++) target[into++] = source[from] ?? 0;
      else {
        target.set(source.subarray(start, end), into);
        into += end - start;
      }
    }
  }
  return target;
}

function viewLike(target: Words, { buffer, byteOffset, byteLength }: ArrayBufferView): Words {
  if (target instanceof Uint8Array) return new Uint8Array(buffer, byteOffset, byteLength);
  if (target instanceof Uint16Array) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}
