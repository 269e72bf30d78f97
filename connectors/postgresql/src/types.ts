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
  List,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';
import type { DataType } from 'apache-arrow';
import type { SourceColumn } from './catalog.ts';
import type { PostgresqlOptions } from './options.ts';

/** How the bytes of a cell in PostgreSQL's binary format become a value of an Arrow column. */
export type WireKind =
  | 'bool'
  | 'int2'
  | 'int4'
  | 'int8'
  | 'float4'
  | 'float8'
  | 'decimal'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'text'
  | 'bytea'
  | 'array';

/** How values of a column compare at the source, so that it agrees with the delivered values. */
export type Comparison = 'plain' | 'text' | 'uuid' | 'cast-text' | 'timestamp' | 'timestamptz' | 'none';

/** How a column is delivered. */
export interface ColumnType {
  readonly arrow: DataType;
  readonly kind: WireKind;
  /** SQL type that the column is cast to in the select list; undefined: none */
  readonly cast: string | undefined;
  /** type id that the source must announce for the select list's expression, so that a type changed since is noticed */
  readonly wireType: number;
  readonly comparison: Comparison;
  /** SQL type of a parameter that is compared with the column */
  readonly parameterType: string;
  /** of arrays: the kind of an element, and how deep they are nested */
  readonly element?: { readonly kind: WireKind; readonly arrow: DataType; readonly dimensions: number };
  /** a value that the Arrow type cannot hold exists: `infinity`, or NaN */
  readonly special: 'infinity' | 'nan' | undefined;
  /** what a reader of EXPLAIN should know */
  readonly note?: string;
}

const OID = { text: 25, textArray: 1009, int8: 20, numeric: 1700 };
const MAX_PRECISION = 38;
const QUOTE = '"';

const plain = (arrow: DataType, kind: WireKind, oid: number, parameterType: string): ColumnType => ({
  arrow,
  kind,
  cast: undefined,
  wireType: oid,
  comparison: 'plain',
  parameterType,
  special: undefined,
});

const PLAIN: Readonly<Record<number, ColumnType>> = {
  16: plain(new Bool(), 'bool', 16, 'boolean'),
  21: plain(new Int16(), 'int2', 21, 'int2'),
  23: plain(new Int32(), 'int4', 23, 'int4'),
  20: plain(new Int64(), 'int8', 20, 'int8'),
  700: plain(new Float32(), 'float4', 700, 'float4'),
  701: plain(new Float64(), 'float8', 701, 'float8'),
  17: plain(new Binary(), 'bytea', 17, 'bytea'),
  1082: { ...plain(new DateDay(), 'date', 1082, 'date'), special: 'infinity' },
  // oid is unsigned
  26: { ...plain(new Int64(), 'int8', OID.int8, 'int8'), cast: 'int8' },
  // its scale depends on the server's locale: 2 nearly everywhere, and never rounded
  790: { ...plain(new Decimal(2, 21), 'decimal', OID.numeric, 'numeric'), cast: 'numeric' },
  25: { ...plain(new Utf8(), 'text', 25, 'text'), comparison: 'text' },
  1043: { ...plain(new Utf8(), 'text', 1043, 'text'), comparison: 'text' },
};

const AS_TEXT: ColumnType = {
  ...plain(new Utf8(), 'text', OID.text, 'text'),
  cast: 'text',
  comparison: 'cast-text',
};

/** int2vector and oidvector of the system's own tables look like arrays and cannot be cast as such. */
const VECTORS: ReadonlySet<number> = new Set([22, 30]);

/**
 * How a column of the source is delivered. Types that Athena does not have become their exact text, as PostgreSQL prints it, so that one
 * such column never makes a table unreadable (user's complaint #72). The README holds the table.
 */
export function findColumnType(column: SourceColumn, options: PostgresqlOptions): ColumnType {
  if (VECTORS.has(column.oid)) return AS_TEXT;
  if (column.element !== undefined) return makeArrayType(column, column.element, options);
  return findScalarType(column, options);
}

interface ScalarSource {
  readonly oid: number;
  readonly modifier: number;
}

function findScalarType({ oid, modifier }: ScalarSource, options: PostgresqlOptions): ColumnType {
  const found = PLAIN[oid];
  if (found !== undefined) return found;
  if (oid === 1700) return makeNumericType(modifier, options);
  if (oid === 1114 || oid === 1184) return makeTimestampType(oid, modifier, options);
  if (oid === 2950) return { ...AS_TEXT, comparison: 'uuid' };
  return AS_TEXT;
}

/** numeric(p, s) as DECIMAL(p, s); scales below 0 and above the precision are legal since PostgreSQL 15. */
function makeNumericType(modifier: number, { defaultScale }: PostgresqlOptions): ColumnType {
  const decimal = (precision: number, scale: number): ColumnType => ({
    ...plain(new Decimal(scale, precision), 'decimal', OID.numeric, 'numeric'),
    special: 'nan',
  });
  if (modifier < 4) {
    if (defaultScale !== undefined) return decimal(MAX_PRECISION, defaultScale);
    return {
      ...AS_TEXT,
      note: 'numeric without precision is read as its exact text; set default_scale to read DECIMAL',
    };
  }
  const packed = modifier - 4;
  const declared = packed >> 16;
  const scale = ((packed & 0x7ff) << 21) >> 21;
  const precision = scale < 0 ? declared - scale : Math.max(declared, scale);
  if (precision <= MAX_PRECISION) return decimal(precision, Math.max(0, scale));
  return { ...AS_TEXT, note: `numeric of ${precision} digits is read as its exact text: DECIMAL has 38` };
}

function makeTimestampType(oid: number, modifier: number, { microseconds }: PostgresqlOptions): ColumnType {
  const fine = modifier < 0 || modifier > 3;
  if (fine && microseconds === 'text') return AS_TEXT;
  const kind = oid === 1114 ? 'timestamp' : 'timestamptz';
  return {
    arrow: oid === 1114 ? new DateMillisecond() : new TimestampMillisecond('UTC'),
    kind,
    cast: undefined,
    wireType: oid,
    comparison: kind,
    parameterType: kind,
    special: 'infinity',
    ...(fine && microseconds === 'truncate' && { note: 'microseconds are cut to milliseconds' }),
  };
}

/** Elements whose kind has a wire form of its own keep it; all others are cast to text. */
function makeArrayType(column: SourceColumn, element: ScalarSource, options: PostgresqlOptions): ColumnType {
  const scalar = findScalarType(element, options);
  const dimensions = Math.max(1, column.dimensions);
  // an array of packed timestamps with zone cannot be said (protocol reference, section 2.4): UTC timestamps
  const arrow = scalar.kind === 'timestamptz' ? new DateMillisecond() : scalar.arrow;
  const kind = scalar.kind === 'timestamptz' ? 'timestamp' : scalar.kind;
  let list: DataType = arrow;
  for (let level = 0; level < dimensions; level++) list = new List(new Field('', list, true));
  return {
    arrow: list,
    kind: 'array',
    cast: scalar.cast === undefined ? undefined : `${scalar.cast}[]`,
    wireType: scalar.cast === undefined ? column.oid : (ARRAY_OF[scalar.cast] ?? OID.textArray),
    comparison: 'none',
    parameterType: 'text',
    element: { kind, arrow, dimensions },
    special: undefined,
    ...(scalar.note !== undefined && { note: scalar.note }),
  };
}

const ARRAY_OF: Readonly<Record<string, number>> = { text: OID.textArray, int8: 1016, numeric: 1231 };

/** A name in SQL. PostgreSQL cuts names at 63 bytes, and a name never holds NUL. */
export function quoteName(name: string): string {
  return QUOTE + name.replaceAll(QUOTE, QUOTE + QUOTE) + QUOTE;
}
