import {
  Binary,
  Bool,
  DateDay,
  DateMillisecond,
  Decimal,
  Field,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  List,
  Map_,
  Struct,
  Utf8,
} from 'apache-arrow';
import type { DataType } from 'apache-arrow';

export type ScalarName =
  | 'boolean'
  | 'tinyint'
  | 'smallint'
  | 'integer'
  | 'bigint'
  | 'real'
  | 'double'
  | 'varchar'
  | 'varbinary'
  | 'date'
  | 'timestamp';

/** A column's type, in Athena's words. Keys of maps are varchar, as those of documents are. */
export type ColumnType =
  | { readonly kind: ScalarName }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'array'; readonly element: ColumnType }
  | { readonly kind: 'map'; readonly value: ColumnType }
  | { readonly kind: 'row'; readonly fields: readonly RowField[] };

export interface RowField {
  /** the member's name in the source */
  readonly name: string;
  readonly type: ColumnType;
}

const SCALARS: { readonly [Name in ScalarName]: () => DataType } = {
  boolean: () => new Bool(),
  tinyint: () => new Int8(),
  smallint: () => new Int16(),
  integer: () => new Int32(),
  bigint: () => new Int64(),
  real: () => new Float32(),
  double: () => new Float64(),
  varchar: () => new Utf8(),
  varbinary: () => new Binary(),
  date: () => new DateDay(),
  timestamp: () => new DateMillisecond(),
};

/** The Arrow type that the protocol uses for it (protocol reference, section 2.4). */
export function toArrowType(type: ColumnType): DataType {
  if (type.kind === 'decimal') return new Decimal(type.scale, type.precision, 128);
  if (type.kind === 'array') return new List(new Field('item', toArrowType(type.element), true));
  if (type.kind === 'map') return toArrowMap(toArrowType(type.value));
  if (type.kind === 'row')
    return new Struct(type.fields.map((field) => new Field(field.name, toArrowType(field.type), true)));
  return SCALARS[type.kind]();
}

function toArrowMap(value: DataType): DataType {
  const entry = new Struct<{ key: Utf8; value: DataType }>([
    new Field('key', new Utf8(), false),
    new Field('value', value, true),
  ]);
  return new Map_(new Field('entries', entry, false), false);
}

/** The type as Athena prints it. */
export function printColumnType(type: ColumnType): string {
  if (type.kind === 'decimal') return `decimal(${type.precision},${type.scale})`;
  if (type.kind === 'array') return `array(${printColumnType(type.element)})`;
  if (type.kind === 'map') return `map(varchar, ${printColumnType(type.value)})`;
  if (type.kind === 'row')
    return `row(${type.fields.map((field) => `"${field.name}" ${printColumnType(field.type)}`).join(', ')})`;
  return type.kind;
}
