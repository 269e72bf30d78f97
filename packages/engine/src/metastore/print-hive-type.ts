import { ErganeError } from '@ergane/protocol';
import type { TrinoType } from '../sql/trino-type.ts';
import { printType } from '../sql/types/type-text.ts';

/** Hive's name of a type's values, as `CREATE TABLE AS` gives them to its columns. @throws ErganeError NOT_SUPPORTED with Trino's words */
export function printHiveType(type: TrinoType, column: string): string {
  if (Object.hasOwn(PLAIN, type.kind)) return PLAIN[type.kind] ?? type.kind;
  if (type.kind === 'decimal') return `decimal(${type.precision},${type.scale})`;
  if (type.kind === 'varchar')
    return type.length === undefined || type.length > MAX_VARCHAR ? 'string' : `varchar(${Math.max(type.length, 1)})`;
  if (type.kind === 'char') {
    if (type.length <= MAX_CHAR && type.length > 0) return `char(${type.length})`;
    throw unsupported(column, `Invalid char length ${type.length}: Hive has char(1) to char(${MAX_CHAR})`);
  }
  if (type.kind === 'timestamp') {
    if (type.precision === 3) return 'timestamp';
    const message = `Incorrect timestamp precision for ${printType(type)}; the configured precision is MILLISECONDS`;
    throw unsupported(column, `${message}; use CAST(… AS timestamp(3))`);
  }
  if (type.kind === 'array') return `array<${printHiveType(type.element, column)}>`;
  if (type.kind === 'map') return `map<${printHiveType(type.key, column)},${printHiveType(type.value, column)}>`;
  if (type.kind === 'row') return `struct<${type.fields.map((field) => printField(field, type, column)).join(',')}>`;
  throw unsupported(column, `Unsupported Hive type: ${printType(type)}; CAST it, such as to varchar`);
}

const PLAIN: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  tinyint: 'tinyint',
  smallint: 'smallint',
  integer: 'int',
  bigint: 'bigint',
  real: 'float',
  double: 'double',
  date: 'date',
  varbinary: 'binary',
};

/** https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
const MAX_VARCHAR = 65_535;
const MAX_CHAR = 255;

function printField(
  field: { readonly name?: string; readonly type: TrinoType },
  row: TrinoType,
  column: string,
): string {
  if (field.name === undefined)
    throw unsupported(
      column,
      `Anonymous row type is not supported in Hive. Please give each field a name: ${printType(row)}`,
    );
  const name = field.name.toLowerCase();
  return `${/^[a-z_][a-z0-9_]*$/.test(name) ? name : `\`${name}\``}:${printHiveType(field.type, column)}`;
}

function unsupported(column: string, message: string): ErganeError {
  return new ErganeError('NOT_SUPPORTED', `${message}; column name: ${column}`, { where: { column } });
}
