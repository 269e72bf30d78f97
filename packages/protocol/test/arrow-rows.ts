import { type DataType, RecordBatchReader, type Schema } from 'apache-arrow';
import * as arrow from 'apache-arrow';

/** What apache-arrow reads of a schema message and a record batch message: the reader that is not ours. */
export function readWithArrow(schema: Uint8Array, records: Uint8Array): { schema: Schema; rows: unknown[] } {
  const reader = RecordBatchReader.from(new Uint8Array([...schema, ...records]));
  reader.open();
  const { schema: readSchema } = reader;
  return { schema: readSchema, rows: [...reader].flatMap(plainRows) };
}

/** A batch's rows, as the fixtures write them. */
export function plainRows(batch: arrow.RecordBatch): unknown[] {
  return Array.from({ length: batch.numRows }, (_, row) =>
    Object.fromEntries(
      batch.schema.fields.map((field, index) => [field.name, plainCell(batch.getChildAt(index), row, field.type)]),
    ),
  );
}

/** Recorded rows, whose REAL values Java printed with the digits that a float needs, as JavaScript reads floats. */
export function withFloats(recorded: unknown, read: unknown): unknown {
  if (typeof recorded === 'number') return Math.fround(recorded) === read ? read : recorded;
  if (Array.isArray(recorded))
    return recorded.map((item, index) => withFloats(item, Array.isArray(read) ? read[index] : undefined));
  if (typeof recorded !== 'object' || recorded === null) return recorded;
  const members = Object.entries(recorded).map(([name, item]) => {
    const other: unknown = typeof read === 'object' && read !== null ? Reflect.get(read, name) : undefined;
    return [name, withFloats(item, other)];
  });
  return Object.fromEntries(members);
}

/** All that a schema says, to compare. */
export function describeSchema(schema: Schema): unknown {
  return { fields: schema.fields.map(describeField), metadata: [...schema.metadata] };
}

function describeField(field: arrow.Field): unknown {
  const { name, nullable, metadata, type } = field;
  return {
    name,
    nullable,
    metadata: [...metadata],
    type: String(type),
    children: (type.children ?? []).map(describeField),
  };
}

/** A cell as the fixtures write it: 64-bit integers and decimals as text, bytes as base64, null children left out. */
function plainCell(column: arrow.Vector | null, row: number, type: DataType): unknown {
  if (column === null || !column.isValid(row)) return null;
  const { DataType } = arrow;
  if (DataType.isDecimal(type)) return decimalText(column, row, type.scale);
  if (DataType.isDate(type) || DataType.isTimestamp(type)) return rawNumber(column, row, type);
  if (DataType.isList(type) || DataType.isMap(type)) return plainList(column, row, type);
  if (DataType.isStruct(type)) return plainStruct(column, row, type);
  return plainValue(column.get(row));
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return `base64:${Buffer.from(value).toString('base64')}`;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
}

function plainList(column: arrow.Vector, row: number, type: arrow.List | arrow.Map_): unknown {
  const data = onlyData(column);
  const child = new arrow.Vector([data.children[0] as arrow.Data]);
  const element = type.children[0]?.type as DataType;
  const from = data.valueOffsets[row] as number;
  const to = data.valueOffsets[row + 1] as number;
  return Array.from({ length: to - from }, (_, index) => plainCell(child, from + index, element));
}

function plainStruct(column: arrow.Vector, row: number, type: arrow.Struct): unknown {
  const data = onlyData(column);
  const cells = type.children.map((field, index) => {
    const child = new arrow.Vector([data.children[index] as arrow.Data]);
    return [field.name, plainCell(child, row, field.type)] as const;
  });
  return Object.fromEntries(cells.filter(([, cell]) => cell !== null));
}

function rawNumber(column: arrow.Vector, row: number, type: DataType): unknown {
  const data = onlyData(column);
  const value = data.values[row] as number | bigint;
  if (!arrow.DataType.isDate(type)) return String(value);
  return typeof value === 'bigint' ? localDateTime(value) : value;
}

/** As Java prints a LocalDateTime: seconds and milliseconds only where they are not zero. */
function localDateTime(millis: bigint): string {
  if (millis < -62135596800000n || millis > 253402300799999n) return String(millis);
  const text = new Date(Number(millis)).toISOString().replace('Z', '');
  return text.replace(/\.000$/, '').replace(/(T\d\d:\d\d):00$/, '$1');
}

function decimalText(column: arrow.Vector, row: number, scale: number): string {
  const data = onlyData(column);
  let unscaled = 0n;
  for (let word = 3; word >= 0; word--) unscaled = (unscaled << 32n) | BigInt(data.values[4 * row + word] as number);
  unscaled = BigInt.asIntN(128, unscaled);
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function onlyData(column: arrow.Vector): arrow.Data {
  return column.data[0] as arrow.Data;
}
