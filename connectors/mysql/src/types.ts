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
  Utf8,
} from 'apache-arrow';
import type { DataType } from 'apache-arrow';
import { quoteName } from './sql-text.ts';

/** A column as `information_schema` describes it. */
export interface SourceColumn {
  readonly name: string;
  /** such as `varchar`, in lower case */
  readonly dataType: string;
  /** such as `bigint(20) unsigned`, in lower case */
  readonly columnType: string;
  readonly isNullable: boolean;
  readonly charset: string;
  readonly collation: string;
  /** characters or bytes */
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  /** digits after the second */
  readonly fractionDigits: number;
}

/**
 * How values of a column compare in SQL as they do in the engine, and how a constant is bound for it. `text` and `bytes` compare byte by
 * byte; `milliseconds` has microseconds at the source that the engine does not see.
 */
export type Comparison =
  'integer' | 'decimal' | 'double' | 'boolean' | 'text' | 'bytes' | 'date' | 'dateTime' | 'milliseconds';

/** A column, its Arrow type, and the SQL that reads it in the form that the decoder expects. */
export interface TypedColumn {
  readonly source: SourceColumn;
  readonly type: DataType;
  readonly comparison: Comparison;
  /** SQL that answers the value */
  readonly read: string;
  /** SQL that compares as the engine does; for `text` it gives the bytes of UTF-8 */
  readonly compare: string;
  /** SQL that an index may serve, where the column itself can be compared; its equality holds wherever that of `compare` does */
  readonly indexed: string | undefined;
}

/** Digits of a decimal that the protocol carries. */
const LARGEST_PRECISION = 38;

const TEXT_TYPES = new Set(['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'enum', 'set']);
const BYTES_TYPES = new Set(['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob']);
const GEOMETRY_TYPES = new Set([
  'geometry',
  'point',
  'linestring',
  'polygon',
  'multipoint',
  'multilinestring',
  'multipolygon',
  'geomcollection',
  'geometrycollection',
]);

/** The Arrow field of a column, as `describeTable` answers it. */
export function makeField(column: SourceColumn): Field {
  return new Field(column.name, typeColumn(column).type, true);
}

/**
 * Types of MySQL and MariaDB to Arrow types (README.md, "Types"). What has no faithful type is VARCHAR with the text that the server
 * itself prints: no column is left out, no digit lost.
 */
export function typeColumn(source: SourceColumn): TypedColumn {
  const name = quoteName(source.name);
  const plain = (type: DataType, comparison: Comparison): TypedColumn => ({
    source,
    type,
    comparison,
    read: name,
    compare: name,
    indexed: name,
  });
  const { dataType } = source;
  if (TEXT_TYPES.has(dataType)) return asText(source, { read: name, indexed: name });
  if (BYTES_TYPES.has(dataType)) return plain(new Binary(), 'bytes');
  if (GEOMETRY_TYPES.has(dataType)) return asText(source, { read: `ST_AsText(${name})`, indexed: undefined });
  const isUnsigned = source.columnType.includes('unsigned');
  switch (dataType) {
    case 'tinyint':
      return plain(isUnsigned ? new Int16() : new Int8(), 'integer');
    case 'smallint':
      return plain(isUnsigned ? new Int32() : new Int16(), 'integer');
    case 'mediumint':
      return plain(new Int32(), 'integer');
    case 'int':
    case 'integer':
      return plain(isUnsigned ? new Int64() : new Int32(), 'integer');
    case 'bigint':
      return isUnsigned ? plain(new Decimal(0, 20, 128), 'decimal') : plain(new Int64(), 'integer');
    case 'year':
      // a number below 100 would be compared as a year of two digits
      return { ...plain(new Int32(), 'integer'), compare: `(${name} + 0)`, indexed: undefined };
    case 'bit':
      if (source.precision <= 1) return plain(new Bool(), 'boolean');
      return source.precision < 64 ? plain(new Int64(), 'integer') : plain(new Decimal(0, 20, 128), 'decimal');
    case 'decimal':
    case 'numeric':
      if (source.precision > LARGEST_PRECISION) return asText(source, { read: name, indexed: undefined });
      return plain(new Decimal(source.scale, source.precision, 128), 'decimal');
    case 'float':
      return plain(new Float32(), 'double');
    case 'double':
    case 'real':
      return plain(new Float64(), 'double');
    case 'date':
      return plain(new DateDay(), 'date');
    case 'datetime':
    case 'timestamp':
      return source.fractionDigits <= 3
        ? plain(new DateMillisecond(), 'dateTime')
        : {
            ...plain(new DateMillisecond(), 'milliseconds'),
            compare: `(${name} - INTERVAL (MICROSECOND(${name}) % 1000) MICROSECOND)`,
          };
    case 'json':
      return asText(source, { read: name, indexed: undefined });
    default:
      // TIME (a duration of up to 838 hours), UUID, INET6, and types that came after this was written
      return asText(source, { read: `CAST(${name} AS CHAR)`, indexed: undefined });
  }
}

function asText(
  source: SourceColumn,
  { read, indexed }: { readonly read: string; readonly indexed: string | undefined },
): TypedColumn {
  const compare = `CAST(CONVERT(${read} USING utf8mb4) AS BINARY)`;
  return { source, type: new Utf8(), comparison: 'text', read, compare, indexed };
}
