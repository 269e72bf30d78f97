import { blobValue, listValue, mapValue, structValue, type DuckDBValue } from '@duckdb/node-api';
import { printValue, type ResultValue, type TrinoType } from '@ergane/engine';
import { fieldNames } from './format.ts';

const PLAIN: Readonly<Partial<Record<TrinoType['kind'], string>>> = {
  unknown: 'INTEGER',
  boolean: 'BOOLEAN',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  real: 'FLOAT',
  double: 'DOUBLE',
  varbinary: 'BLOB',
};

/** The DuckDB type in which values are appended: decimals, dates and the like as the text that results hold. */
export function appendedType(type: TrinoType): string {
  return nest(type, appendedType) ?? PLAIN[type.kind] ?? 'VARCHAR';
}

/** The DuckDB type that a Parquet file gets. */
export function parquetType(type: TrinoType): string {
  const nested = nest(type, parquetType);
  if (nested !== undefined) return nested;
  if (type.kind === 'decimal') return `DECIMAL(${type.precision},${type.scale})`;
  if (type.kind === 'date') return 'DATE';
  if (type.kind === 'uuid') return 'UUID';
  if (type.kind === 'time' && type.precision <= 6) return 'TIME';
  if (type.kind === 'timestamp' && type.precision <= 9) return type.precision <= 6 ? 'TIMESTAMP' : 'TIMESTAMP_NS';
  return PLAIN[type.kind] ?? 'VARCHAR';
}

function nest(type: TrinoType, inner: (type: TrinoType) => string): string | undefined {
  if (type.kind === 'array') return `${inner(type.element)}[]`;
  if (type.kind === 'map') return `MAP(${inner(type.key)}, ${inner(type.value)})`;
  if (type.kind !== 'row') return undefined;
  const names = fieldNames(type.fields);
  const fields = type.fields.map(
    (field, index) => `"${(names[index] ?? '').replaceAll('"', '""')}" ${inner(field.type)}`,
  );
  return `STRUCT(${fields.join(', ')})`;
}

/** A value as the appender takes it, in the type of `appendedType`. */
export function makeDuckdbValue(value: ResultValue, type: TrinoType): DuckDBValue {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return blobValue(value);
  if (type.kind === 'array') return listValue(value.map((item) => makeDuckdbValue(item, type.element)));
  if (type.kind === 'map') {
    const entries = value.map((entry) => {
      const [entryKey = null, entryValue = null] = isList(entry) ? entry : [];
      return { key: makeDuckdbValue(entryKey, type.key), value: makeDuckdbValue(entryValue, type.value) };
    });
    return mapValue(entries);
  }
  if (type.kind !== 'row') return printValue(value, type);
  const names = fieldNames(type.fields);
  const fields = type.fields.map((field, index): [string, DuckDBValue] => [
    names[index] ?? '',
    makeDuckdbValue(value[index] ?? null, field.type),
  ]);
  return structValue(Object.fromEntries(fields));
}

function isList(value: ResultValue): value is readonly ResultValue[] {
  return Array.isArray(value);
}
