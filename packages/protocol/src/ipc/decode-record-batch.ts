import { type Data, DataType, type RecordBatch, type Schema, type Struct } from 'apache-arrow';
import { Found, invalid } from '../invalid.ts';
import { HEADER, readEncapsulated } from './encapsulation.ts';
import { readFlat } from './flat-table.ts';
import { makeBatch } from './make-batch.ts';
import { emptyColumn, makeColumn } from './make-column.ts';
import { fixedWidth } from './type-width.ts';

const NO_BYTES = new Uint8Array(0);

/**
 * A record batch from one encapsulated IPC message, in either framing. Its columns are views of `bytes`, which must not change
 * afterwards (they are copied once where the body is not aligned to 8 bytes). Every length and offset is checked, so that no reader
 * of the batch can leave its buffers; that Utf8 values are UTF-8 is not.
 * @throws ErganeError PROTOCOL_INVALID that names the column
 */
export function decodeRecordBatch(bytes: Uint8Array, schema: Schema, path = 'RecordBatch'): RecordBatch {
  const { headerType, header, bodyStart, bodyLength } = readEncapsulated(bytes, path);
  if (headerType !== HEADER.recordBatch)
    throw invalid(path, 'an Arrow record batch', new Found(`a message of kind ${headerType}`));
  const [rows, nodes, buffers] = readFlat(
    path,
    () => [header.length(0), header.lengths(1, 2), header.lengths(2, 2)] as const,
  );
  if (header.has(3)) throw invalid(path, 'uncompressed buffers', new Found('compressed ones'));
  const body = new Uint8Array(bytes.buffer, bytes.byteOffset + bodyStart, bodyLength);
  const aligned = body.byteOffset % 8 === 0 ? body : body.slice();
  const loader = new Loader(aligned, nodes, buffers);
  const columns = schema.fields.map((field) => {
    const column = loader.load(field.type, `${path}.${field.name}`);
    if (column.length !== rows) throw invalid(`${path}.${field.name}`, `${rows} rows`, column.length);
    return column;
  });
  loader.end(path);
  return makeBatch(schema, rows, columns);
}

/** A batch of no rows with the schema's columns: what `records: ""` stands for (section 2.2). */
export function emptyRecordBatch(schema: Schema): RecordBatch {
  return makeBatch(
    schema,
    0,
    schema.fields.map((field) => emptyColumn(field.type)),
  );
}

/** Takes field nodes and buffers in the order of Arrow's columnar format, depth first. */
class Loader {
  private readonly body: Uint8Array;
  private readonly nodes: readonly number[];
  private readonly buffers: readonly number[];
  private node = 0;
  private buffer = 0;

  constructor(body: Uint8Array, nodes: readonly number[], buffers: readonly number[]) {
    this.body = body;
    this.nodes = nodes;
    this.buffers = buffers;
  }

  load(type: DataType, path: string): Data {
    const length = this.nodes[this.node];
    const nullCount = this.nodes[this.node + 1];
    if (length === undefined || nullCount === undefined)
      throw invalid(path, 'a column, as its schema says', new Found(`only ${this.nodes.length / 2} field nodes`));
    if (nullCount > length) throw invalid(path, `at most ${length} nulls`, nullCount);
    this.node += 2;
    if (DataType.isNull(type)) return makeColumn(type, { length, nullCount: length });
    const validity = this.validity(length, nullCount, path);
    if (DataType.isStruct(type)) return this.struct(type, { length, nullCount, validity, path });
    if (DataType.isUtf8(type) || DataType.isBinary(type)) {
      const offsets = this.offsets(length, path);
      const values = this.next(`${path} (values)`);
      checkOffsets(offsets, values.length, path);
      return makeColumn(type, { length, nullCount, validity, offsets, values });
    }
    if (DataType.isList(type) || DataType.isMap(type)) {
      const offsets = this.offsets(length, path);
      const child = this.child(type, path);
      checkOffsets(offsets, child.length, path);
      return makeColumn(type, { length, nullCount, validity, offsets, children: [child] });
    }
    if (DataType.isFixedSizeList(type)) {
      const child = this.child(type, path);
      if (child.length < length * type.listSize)
        throw invalid(path, `${length * type.listSize} elements`, child.length);
      return makeColumn(type, { length, nullCount, validity, children: [child] });
    }
    return this.fixed(type, { length, nullCount, validity, path });
  }

  /** All has been taken: a message with more columns than its schema is not of this schema. */
  end(path: string): void {
    if (this.node !== this.nodes.length || this.buffer !== this.buffers.length)
      throw invalid(
        path,
        `${this.node / 2} field nodes and ${this.buffer / 2} buffers, as its schema says`,
        new Found(`${this.nodes.length / 2} and ${this.buffers.length / 2}`),
      );
  }

  private fixed(type: DataType, { length, nullCount, validity, path }: Node): Data {
    const values = this.next(`${path} (values)`);
    const size = DataType.isBool(type) ? (length + 7) >> 3 : length * (fixedWidth(type) ?? NaN);
    if (!(values.length >= size)) throw invalid(path, `${size} bytes of values`, new Found(`${values.length}`));
    return makeColumn(type, { length, nullCount, validity, values: values.subarray(0, size) });
  }

  private struct(type: Struct, { length, nullCount, validity, path }: Node): Data {
    const children = type.children.map((field) => {
      const child = this.load(field.type, `${path}.${field.name}`);
      if (child.length !== length) throw invalid(`${path}.${field.name}`, `${length} values`, child.length);
      return child;
    });
    return makeColumn(type, { length, nullCount, validity, children });
  }

  private child(type: DataType, path: string): Data {
    const [field] = type.children;
    if (field === undefined) throw invalid(path, 'a nested type with a child', new Found('none'));
    return this.load(field.type, `${path}.${field.name === '' ? 'element' : field.name}`);
  }

  private validity(length: number, nullCount: number, path: string): Uint8Array {
    const bitmap = this.next(`${path} (validity)`);
    if (nullCount === 0) return NO_BYTES;
    const size = (length + 7) >> 3;
    if (bitmap.length < size) throw invalid(`${path} (validity)`, `${size} bytes`, new Found(`${bitmap.length}`));
    return bitmap.subarray(0, size);
  }

  private offsets(length: number, path: string): Int32Array {
    const bytes = this.next(`${path} (offsets)`);
    if (length === 0) return new Int32Array(1);
    const size = 4 * (length + 1);
    if (bytes.length < size || bytes.byteOffset % 4 !== 0)
      throw invalid(`${path} (offsets)`, `${size} aligned bytes`, new Found(`${bytes.length}`));
    return new Int32Array(bytes.buffer, bytes.byteOffset, length + 1);
  }

  private next(path: string): Uint8Array {
    const offset = this.buffers[this.buffer];
    const length = this.buffers[this.buffer + 1];
    if (offset === undefined || length === undefined)
      throw invalid(path, 'a buffer', new Found(`only ${this.buffers.length / 2} buffers`));
    if (offset + length > this.body.length)
      throw invalid(path, `bytes within a body of ${this.body.length}`, new Found(`${offset} to ${offset + length}`));
    this.buffer += 2;
    return this.body.subarray(offset, offset + length);
  }
}

interface Node {
  readonly length: number;
  readonly nullCount: number;
  readonly validity: Uint8Array;
  readonly path: string;
}

/**
 * Offsets must rise from at least 0 to at most the length of what they point into. Signs are gathered without a branch: where no
 * offset is negative, no difference overflows.
 */
function checkOffsets(offsets: Int32Array, limit: number, path: string): void {
  let signs = 0;
  let previous = 0;
  for (let index = 0; index < offsets.length; index++) {
    const offset = offsets[index] ?? 0;
    signs |= offset | (offset - previous);
    previous = offset;
  }
  if (signs < 0) {
    const at = offsets.findIndex((offset, index) => offset < Math.max(0, offsets[index - 1] ?? 0));
    throw invalid(`${path} (offsets)`, `an offset not below the one before at ${at}`, new Found(`${offsets[at]}`));
  }
  if (previous > limit) throw invalid(`${path} (offsets)`, `offsets up to ${limit}`, new Found(`${previous}`));
}
