import { ErganeError } from '@ergane/protocol';
import { DataType, Precision } from 'apache-arrow';
import { BoolColumn } from './bool-column.ts';
import { BinaryColumn, Utf8Column } from './bytes-columns.ts';
import type { ColumnPlace } from './column.ts';
import { ListColumn, MapColumn, StructColumn } from './nested-columns.ts';
import { Float32Column, Float64Column, Int16Column, Int32Column, Int8Column } from './number-columns.ts';
import { DecimalColumn, Int64Column } from './wide-columns.ts';

/** The writer of one column; `kind` says which, so that a decoder's loop has one store a kind. */
export type ColumnWriter =
  | Int8Column
  | Int16Column
  | Int32Column
  | Int64Column
  | Float32Column
  | Float64Column
  | DecimalColumn
  | BoolColumn
  | Utf8Column
  | BinaryColumn
  | ListColumn
  | StructColumn
  | MapColumn;

/** Bytes a row that a column takes at least, to find how many rows a batch may have. */
export function rowWidth(type: DataType): number {
  if (DataType.isDecimal(type)) return 16;
  if (DataType.isStruct(type)) return type.children.reduce((sum, child) => sum + rowWidth(child.type), 0);
  if (DataType.isInt(type)) return type.bitWidth / 8;
  if (DataType.isFloat(type)) return type.precision === Precision.SINGLE ? 4 : 8;
  if (DataType.isBool(type)) return 1;
  return DataType.isUtf8(type) || DataType.isBinary(type) ? 12 : 8;
}

/** @throws ErganeError NOT_SUPPORTED for types that the protocol does not have (section 2.4) */
export function makeColumn(place: ColumnPlace, byteCapacity: number): ColumnWriter {
  const { type } = place.field;
  const make = (child: ColumnPlace): ColumnWriter => makeColumn(child, 64);
  if (DataType.isUtf8(type)) return new Utf8Column({ ...place, byteCapacity });
  if (DataType.isBinary(type)) return new BinaryColumn({ ...place, byteCapacity });
  if (DataType.isList(type)) return new ListColumn(place, make);
  if (DataType.isStruct(type)) return new StructColumn(place, make);
  if (DataType.isMap(type)) return new MapColumn(place, make);
  if (DataType.isDecimal(type)) return new DecimalColumn(place);
  if (DataType.isBool(type)) return new BoolColumn(place);
  return makeNumberColumn(place);
}

function makeNumberColumn(place: ColumnPlace): ColumnWriter {
  const { type } = place.field;
  if (DataType.isInt(type) && type.isSigned) {
    if (type.bitWidth === 8) return new Int8Column(place);
    if (type.bitWidth === 16) return new Int16Column(place);
    return type.bitWidth === 32 ? new Int32Column(place) : new Int64Column(place);
  }
  if (DataType.isFloat(type) && type.precision === Precision.SINGLE) return new Float32Column(place);
  if (DataType.isFloat(type) && type.precision === Precision.DOUBLE) return new Float64Column(place);
  if (DataType.isDate(type)) return type.unit === 0 ? new Int32Column(place) : new Int64Column(place);
  if (DataType.isTimestamp(type)) return new Int64Column(place);
  throw new ErganeError(
    'NOT_SUPPORTED',
    `column "${place.field.name}" has the type ${String(type)}, which no batch has`,
    {
      where: { column: place.field.name },
    },
  );
}
