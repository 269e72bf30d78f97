import { type Data, DataType, type RecordBatch } from 'apache-arrow';
import { Found, invalid } from '../invalid.ts';
import { bitsFrom } from './bitmap.ts';
import { type Framing, HEADER, writeEncapsulated } from './encapsulation.ts';
import { flatLength, flatLengths } from './flat-writer.ts';
import { fixedWidth } from './type-width.ts';

const NO_BYTES = new Uint8Array(0);

/** Field nodes and buffers in the order of Arrow's columnar format, depth first. */
interface Assembly {
  readonly nodes: number[];
  readonly buffers: Uint8Array[];
}

/**
 * A record batch as one encapsulated IPC message with its body, without its schema. Spilled objects are `legacy` (section 5.2);
 * inline blocks are framed as the peer's version wants (section 2.3). Sliced columns are rebased; no validity buffer is written for
 * a column without nulls, which Arrow's Java reader takes.
 */
export function encodeRecordBatch(batch: RecordBatch, framing: Framing): Uint8Array {
  const parts = encodeRecordBatchParts(batch, framing);
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The same message in pieces, most of which are views of the batch's own buffers: for writers that need no single buffer. */
export function encodeRecordBatchParts(batch: RecordBatch, framing: Framing): readonly Uint8Array[] {
  const assembly = assembleBatch(batch);
  const regions: number[] = [];
  const parts: Uint8Array[] = [];
  let bodyLength = 0;
  for (const buffer of assembly.buffers) {
    regions.push(bodyLength, buffer.length);
    if (buffer.length === 0) continue;
    parts.push(buffer);
    const padding = -buffer.length & 7;
    if (padding > 0) parts.push(new Uint8Array(padding));
    bodyLength += buffer.length + padding;
  }
  if (bodyLength === 0) {
    // Arrow's Java reader fails on a message without a body, as a batch of rows without columns is
    bodyLength = 8;
    parts.push(new Uint8Array(bodyLength));
  }
  const header = [flatLength(batch.numRows), flatLengths(assembly.nodes, 2), flatLengths(regions, 2)];
  return [writeEncapsulated(HEADER.recordBatch, header, { framing, bodyLength }), ...parts];
}

/** Bytes of a batch's Arrow buffers: what `maxBlockSize` and `maxInlineBlockSize` bound (section 5.1). */
export function blockByteLength(batch: RecordBatch): number {
  return assembleBatch(batch).buffers.reduce((size, buffer) => size + buffer.length, 0);
}

function assembleBatch(batch: RecordBatch): Assembly {
  const assembly: Assembly = { nodes: [], buffers: [] };
  batch.data.children.forEach((column, index) => {
    const path = `RecordBatch.${batch.schema.fields[index]?.name ?? index}`;
    if (column.length !== batch.numRows)
      throw invalid(path, `${batch.numRows} values, as many as the batch has rows`, column.length);
    assemble(column, path, assembly);
  });
  return assembly;
}

function assemble(data: Data, path: string, assembly: Assembly): void {
  const { type, length } = data;
  if (DataType.isNull(type)) {
    assembly.nodes.push(length, length);
    return;
  }
  const { nullCount } = data;
  assembly.nodes.push(length, nullCount);
  assembly.buffers.push(nullCount === 0 ? NO_BYTES : bitsFrom(data.nullBitmap, data.offset, length));
  if (DataType.isBool(type)) assembly.buffers.push(bitsFrom(data.values, data.offset, length));
  else if (DataType.isStruct(type)) assembleStruct(data, path, assembly);
  else if (DataType.isUtf8(type) || DataType.isBinary(type)) assembleBytes(data, assembly);
  else if (DataType.isList(type) || DataType.isMap(type)) assembleList(data, path, assembly);
  else if (DataType.isFixedSizeList(type))
    assembleChild(data, { path, assembly, start: 0, length: length * type.listSize });
  else assembleFixed(data, path, assembly);
}

function assembleFixed(data: Data, path: string, assembly: Assembly): void {
  const width = fixedWidth(data.type);
  if (width === undefined) throw invalid(path, 'a type that Athena supports', new Found(String(data.type)));
  const values: unknown = data.values;
  if (!ArrayBuffer.isView(values) || values.byteLength < data.length * width)
    throw invalid(path, `${data.length} values of ${width} bytes`, values);
  assembly.buffers.push(new Uint8Array(values.buffer, values.byteOffset, data.length * width));
}

function assembleBytes(data: Data, assembly: Assembly): void {
  const offsets = listOffsets(data);
  const first = offsets[0] ?? 0;
  assembly.buffers.push(rebased(offsets, first));
  const values: Uint8Array = data.values ?? NO_BYTES;
  assembly.buffers.push(values.subarray(first, offsets[data.length] ?? 0));
}

function assembleList(data: Data, path: string, assembly: Assembly): void {
  const offsets = listOffsets(data);
  const start = offsets[0] ?? 0;
  assembly.buffers.push(rebased(offsets, start));
  assembleChild(data, { path, assembly, start, length: (offsets[data.length] ?? 0) - start });
}

function assembleChild(
  data: Data,
  { path, assembly, start, length }: { path: string; assembly: Assembly; start: number; length: number },
): void {
  const [child] = data.children;
  if (child === undefined) throw invalid(path, 'a child column', new Found('none'));
  const whole = start === 0 && length === child.length;
  assemble(whole ? child : child.slice(start, length), `${path}.${data.type.children[0]?.name ?? ''}`, assembly);
}

function assembleStruct(data: Data, path: string, assembly: Assembly): void {
  data.children.forEach((child, index) => {
    const name = data.type.children[index]?.name ?? String(index);
    if (child.length < data.length)
      throw invalid(`${path}.${name}`, `${data.length} values, as many as its struct`, child.length);
    assemble(child.length === data.length ? child : child.slice(0, data.length), `${path}.${name}`, assembly);
  });
}

function listOffsets(data: Data): Int32Array {
  if (data.length === 0) return new Int32Array(1);
  const offsets: Int32Array = data.valueOffsets;
  return offsets.subarray(0, data.length + 1);
}

function rebased(offsets: Int32Array, first: number): Uint8Array {
  const from0 = first === 0 ? offsets : offsets.map((offset) => offset - first);
  return new Uint8Array(from0.buffer, from0.byteOffset, from0.byteLength);
}
