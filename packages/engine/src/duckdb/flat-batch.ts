import { ErganeError } from '@ergane/protocol';
import type { Data, RecordBatch } from 'apache-arrow';

/**
 * A record batch as plain numbers and bytes, so that it crosses to a worker thread without a copy and is read there without apache-arrow.
 * `layout` holds every column in pre-order, NODE_NUMBERS numbers a node: length, null count, number of children, then for validity,
 * offsets and values: index in `buffers` (-1: absent), byte offset, byte length.
 */
export interface FlatBatch {
  readonly rowCount: number;
  readonly layout: Float64Array<ArrayBuffer>;
  readonly buffers: readonly ArrayBuffer[];
}
export const NODE_NUMBERS = 12;

/** Below this many bytes one copy is cheaper than care for who else uses the memory. */
const ALWAYS_COPY = 16_384;

/** Flattens a batch. Its memory belongs to the result when `owned` says that nobody else reads it; else the bytes are copied. */
export function flattenBatch(batch: RecordBatch, owned: boolean): FlatBatch {
  const nodes: Data[] = [];
  const views: (Uint8Array | undefined)[] = [];
  for (const column of batch.data.children) collect(column, nodes, views);
  const place = owned && isShared(views) ? placeInPlace(views) : placeCopied(views);
  const layout = new Float64Array(nodes.length * NODE_NUMBERS);
  nodes.forEach((node, index) => {
    const at = index * NODE_NUMBERS;
    layout[at] = node.length;
    layout[at + 1] = views[index * 3] ? node.nullCount : 0;
    layout[at + 2] = node.children.length;
    for (let part = 0; part < 3; part++) layout.set(place.positions[index * 3 + part] ?? ABSENT, at + 3 + part * 3);
  });
  return { rowCount: batch.numRows, layout, buffers: place.buffers };
}

const ABSENT: readonly number[] = [-1, 0, 0];

function collect(node: Data, nodes: Data[], views: (Uint8Array | undefined)[]): void {
  if (node.offset !== 0)
    throw new ErganeError('INTERNAL', 'a record batch that is a slice of another cannot be handed to DuckDB');
  nodes.push(node);
  views.push(
    node.nullCount > 0 ? bytesOf(node.nullBitmap) : undefined,
    bytesOf(node.valueOffsets),
    bytesOf(node.values),
  );
  for (const child of node.children) collect(child, nodes, views);
}

function bytesOf(buffer: unknown): Uint8Array | undefined {
  if (!ArrayBuffer.isView(buffer) || buffer.byteLength === 0) return undefined;
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

interface Placed {
  readonly buffers: readonly ArrayBuffer[];
  readonly positions: readonly (readonly number[] | undefined)[];
}

/** Whether the views fill most of the buffers behind them, so that giving these away wastes little. */
function isShared(views: readonly (Uint8Array | undefined)[]): boolean {
  const behind = new Set<ArrayBufferLike>();
  let used = 0;
  for (const view of views) {
    if (!view) continue;
    used += view.byteLength;
    behind.add(view.buffer);
  }
  let whole = 0;
  for (const buffer of behind) {
    if (!(buffer instanceof ArrayBuffer)) return false;
    whole += buffer.byteLength;
  }
  return used >= ALWAYS_COPY && used * 2 >= whole;
}

function placeInPlace(views: readonly (Uint8Array | undefined)[]): Placed {
  const numbers = new Map<ArrayBuffer, number>();
  const positions = views.map((view) => {
    if (!view || !(view.buffer instanceof ArrayBuffer)) return undefined;
    const number = numbers.get(view.buffer) ?? numbers.size;
    numbers.set(view.buffer, number);
    return [number, view.byteOffset, view.byteLength];
  });
  return { buffers: [...numbers.keys()], positions };
}

function placeCopied(views: readonly (Uint8Array | undefined)[]): Placed {
  let size = 0;
  for (const view of views) if (view) size += (view.byteLength + 7) & ~7;
  const target = new Uint8Array(size);
  let at = 0;
  const positions = views.map((view) => {
    if (!view) return undefined;
    target.set(view, at);
    const position = [0, at, view.byteLength];
    at += (view.byteLength + 7) & ~7;
    return position;
  });
  return { buffers: [target.buffer], positions };
}

/** One column (or child of a nested one) of a flat batch, as the worker reads it. */
export interface ArrowColumn {
  readonly length: number;
  readonly nullCount: number;
  readonly validity: Uint8Array<ArrayBuffer> | undefined;
  readonly offsets: Int32Array<ArrayBuffer> | undefined;
  readonly values: Uint8Array<ArrayBuffer>;
  readonly children: readonly ArrowColumn[];
}

const NO_BYTES = new Uint8Array(0);

/** The columns of a flat batch: views, no copies (but for 4-byte data at an odd place). */
export function readFlatBatch(flat: FlatBatch): ArrowColumn[] {
  const { layout, buffers } = flat;
  let at = 0;
  const number = (index: number) => layout[index] ?? 0;
  const view = (index: number): Uint8Array<ArrayBuffer> | undefined => {
    const buffer = buffers[number(index)];
    if (!buffer) return undefined;
    const bytes = new Uint8Array(buffer, number(index + 1), number(index + 2));
    return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  };
  const read = (): ArrowColumn => {
    const start = at;
    at += NODE_NUMBERS;
    const offsets = view(start + 6);
    return {
      length: number(start),
      nullCount: number(start + 1),
      validity: view(start + 3),
      offsets: offsets && new Int32Array(offsets.buffer, offsets.byteOffset, offsets.byteLength >> 2),
      values: view(start + 9) ?? NO_BYTES,
      children: Array.from({ length: number(start + 2) }, read),
    };
  };
  const columns: ArrowColumn[] = [];
  while (at < layout.length) columns.push(read());
  return columns;
}
