import { ErganeError } from '@ergane/protocol';
import { quoteText } from '../files/quote.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import { isInteger } from '../sql/types/coercion.ts';
import { printType } from '../sql/types/type-text.ts';

// Each of these turns a value in its physical type (sql/types/physical-type.ts) into what a file holds; files/ reads the same back.

/** As Parquet: rows by the names of their fields. */
export function parquetValue(value: string, type: TrinoType, depth = 0): string {
  if (!hasRows(type)) return value;
  const item = `w${depth}`;
  if (type.kind === 'array')
    return `list_transform(${value}, lambda ${item}: ${parquetValue(item, type.element, depth + 1)})`;
  if (type.kind === 'map') {
    const key = parquetValue(`${item}.key`, type.key, depth + 1);
    const entry = `{'key': ${key}, 'value': ${parquetValue(`${item}.value`, type.value, depth + 1)}}`;
    return `map_from_entries(list_transform(map_entries(${value}), lambda ${item}: ${entry}))`;
  }
  if (type.kind !== 'row') return value;
  const fields = type.fields.map(
    (field, index) => `${quoteText(fieldName(field))}: ${parquetValue(`(${value}).f${index}`, field.type, depth)}`,
  );
  return `CASE WHEN ${value} IS NOT NULL THEN {${fields.join(', ')}} END`;
}

/** As DuckDB's JSON: numbers as numbers (NaN and infinities as strings), bytes in base 64, dates and times as Hive prints them. */
export function jsonValue(value: string, type: TrinoType, depth = 0): string {
  const item = `w${depth}`;
  if (type.kind === 'array')
    return `to_json(list_transform(${value}, lambda ${item}: ${jsonValue(item, type.element, depth + 1)}))`;
  if (type.kind === 'map') {
    const entry = `{'key': ${textValue(`${item}.key`, type.key)}, 'value': ${jsonValue(`${item}.value`, type.value, depth + 1)}}`;
    return `to_json(map_from_entries(list_transform(map_entries(${value}), lambda ${item}: ${entry})))`;
  }
  if (type.kind === 'row') {
    const fields = type.fields.flatMap((field, index) => [
      quoteText(fieldName(field)),
      jsonValue(`(${value}).f${index}`, field.type, depth),
    ]);
    return `CASE WHEN ${value} IS NOT NULL THEN json_object(${fields.join(', ')}) END`;
  }
  if (type.kind === 'real' || type.kind === 'double')
    return `CASE WHEN isfinite(${value}) THEN CAST(CAST(${value} AS VARCHAR) AS JSON) ELSE to_json(${textValue(value, type)}) END`;
  if (type.kind === 'decimal') return `CAST(CAST(${value} AS VARCHAR) AS JSON)`;
  return isInteger(type) || type.kind === 'boolean' ? `to_json(${value})` : `to_json(${textValue(value, type)})`;
}

/** As plain text. @throws ErganeError NOT_SUPPORTED for a nested type */
export function textValue(value: string, type: TrinoType): string {
  if (type.kind === 'varchar' || type.kind === 'char') return value;
  if (type.kind === 'varbinary') return `to_base64(${value})`;
  if (type.kind === 'real' || type.kind === 'double')
    return `CASE WHEN isnan(${value}) THEN 'NaN' WHEN isinf(${value}) THEN CASE WHEN ${value} > 0 THEN 'Infinity' ELSE '-Infinity' END ELSE CAST(${value} AS VARCHAR) END`;
  if (type.kind !== 'array' && type.kind !== 'map' && type.kind !== 'row') return `CAST(${value} AS VARCHAR)`;
  throw new ErganeError(
    'NOT_SUPPORTED',
    `a value of type ${printType(type)} has no place in a text file here: use PARQUET or JSON`,
  );
}

function hasRows(type: TrinoType): boolean {
  if (type.kind === 'array') return hasRows(type.element);
  if (type.kind === 'map') return hasRows(type.key) || hasRows(type.value);
  return type.kind === 'row';
}

function fieldName(field: { readonly name?: string }): string {
  return (field.name ?? '').toLowerCase();
}
