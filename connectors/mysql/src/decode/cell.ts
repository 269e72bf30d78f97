import { BINARY_CHARSET, WIRE_TYPES } from '../wire/column-definition.ts';
import type { ColumnDefinition } from '../wire/column-definition.ts';
import { PacketReader } from '../wire/packet-bytes.ts';
import { ErganeError } from '@ergane/protocol';
import type { RowSink } from '../wire/wire-session.ts';

/** One value as JavaScript holds it: whole numbers are bigint, dates and times text as MySQL prints them, decimals text. */
export type Cell = bigint | number | string | Uint8Array | null;

/** Reads whole rows as JavaScript values: for metadata and keys, where there are few. */
export function readCells(
  columns: readonly ColumnDefinition[],
  bytes: Buffer,
  { start, end }: { readonly start: number; readonly end: number },
): readonly Cell[] {
  const reader = new PacketReader(bytes, start + 1, end);
  const nulls = reader.take((columns.length + 9) >> 3);
  return columns.map((column, index) => {
    const bit = index + 2;
    return ((nulls[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0 ? null : readCell(reader, column);
  });
}

/** Collects rows as arrays of cells. */
export class CellSink implements RowSink {
  readonly rows: (readonly Cell[])[] = [];
  private readonly columns: readonly ColumnDefinition[];

  constructor(columns: readonly ColumnDefinition[]) {
    this.columns = columns;
  }

  row(bytes: Buffer, start: number, end: number): boolean {
    this.rows.push(readCells(this.columns, bytes, { start, end }));
    return false;
  }
}

function readCell(reader: PacketReader, column: ColumnDefinition): Cell {
  switch (column.type) {
    case WIRE_TYPES.tiny:
      return readInteger(reader, 1, column.isUnsigned);
    case WIRE_TYPES.short:
    case WIRE_TYPES.year:
      return readInteger(reader, 2, column.isUnsigned);
    case WIRE_TYPES.long:
    case WIRE_TYPES.int24:
      return readInteger(reader, 4, column.isUnsigned);
    case WIRE_TYPES.longLong:
      return readInteger(reader, 8, column.isUnsigned);
    case WIRE_TYPES.float:
      return reader.take(4).readFloatLE();
    case WIRE_TYPES.double:
      return reader.take(8).readDoubleLE();
    case WIRE_TYPES.date:
      return readDateTime(reader).slice(0, 10);
    case WIRE_TYPES.dateTime:
    case WIRE_TYPES.timestamp:
      return readDateTime(reader);
    case WIRE_TYPES.time:
      throw new ErganeError('INTERNAL', `column "${column.name}" of type TIME is read as text, by CAST(... AS CHAR)`);
    default: {
      const value = reader.take(reader.lengthEncoded());
      return isBytes(column) ? Buffer.from(value) : value.toString('utf8');
    }
  }
}

function isBytes({ type, charset }: ColumnDefinition): boolean {
  return charset === BINARY_CHARSET && type !== WIRE_TYPES.newDecimal && type !== WIRE_TYPES.json;
}

function readInteger(reader: PacketReader, size: 1 | 2 | 4 | 8, isUnsigned: boolean): bigint {
  const bytes = reader.take(size);
  if (size === 8) return isUnsigned ? bytes.readBigUInt64LE() : bytes.readBigInt64LE();
  return BigInt(isUnsigned ? bytes.readUIntLE(0, size) : bytes.readIntLE(0, size));
}

/** `2024-01-02 03:04:05.678901`, always with all parts, so that it can be bound again. */
function readDateTime(reader: PacketReader): string {
  const length = reader.uint8();
  const parts = new PacketReader(reader.take(length));
  const [year, month, day] = length >= 4 ? [parts.uint16(), parts.uint8(), parts.uint8()] : [0, 0, 0];
  const [hour, minute, second] = length >= 7 ? [parts.uint8(), parts.uint8(), parts.uint8()] : [0, 0, 0];
  const microsecond = length >= 11 ? parts.uint32() : 0;
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  return `${date} ${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(microsecond, 6)}`;
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
