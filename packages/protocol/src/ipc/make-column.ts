import { Data, DataType } from 'apache-arrow';

const NO_BYTES = new Uint8Array(0);

/** The buffers of one column of one record batch, as the columnar format has them. */
export interface ColumnBuffers {
  readonly length: number;
  readonly nullCount: number;
  readonly validity?: Uint8Array;
  readonly offsets?: Int32Array;
  /** raw bytes, aligned to the type's width or copied */
  readonly values?: Uint8Array;
  readonly children?: readonly Data[];
}

/** An apache-arrow column over the given bytes, which are not copied. */
export function makeColumn(type: DataType, column: ColumnBuffers): Data {
  const { length, nullCount, validity = NO_BYTES, offsets, values, children = [] } = column;
  const typed = values && typedView(type, values);
  const buffers = {
    ...(offsets && { 0: offsets }),
    ...(typed && { 1: typed }),
    2: validity,
  };
  return new Data(type, 0, length, nullCount, buffers, [...children]);
}

/** A column of no values. */
export function emptyColumn(type: DataType): Data {
  const empty = { length: 0, nullCount: 0 };
  if (DataType.isNull(type)) return makeColumn(type, empty);
  const children = (type.children ?? []).map((child) => emptyColumn(child.type));
  if (DataType.isStruct(type) || DataType.isFixedSizeList(type)) return makeColumn(type, { ...empty, children });
  const offsets = new Int32Array(1);
  if (DataType.isList(type) || DataType.isMap(type)) return makeColumn(type, { ...empty, offsets, children });
  const hasOffsets = DataType.isUtf8(type) || DataType.isBinary(type);
  return makeColumn(type, { ...empty, values: NO_BYTES, ...(hasOffsets && { offsets }) });
}

interface TypedArrayConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): ArrayBufferView;
}

/** The typed array that apache-arrow keeps for a type, over the same bytes. */
function typedView(type: DataType, bytes: Uint8Array): ArrayBufferView {
  const TypedArray: TypedArrayConstructor = type.ArrayType;
  const width = TypedArray.BYTES_PER_ELEMENT;
  if (width === 1 && !DataType.isInt(type)) return bytes;
  const aligned = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  return new TypedArray(aligned.buffer, aligned.byteOffset, aligned.byteLength / width);
}
