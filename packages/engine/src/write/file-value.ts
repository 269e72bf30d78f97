import { ErganeError } from '@ergane/protocol';
import { quoteText } from '../files/quote.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import { isNumeric } from '../sql/types/coercion.ts';
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

/**
 * As JSON's text (NULL for NULL): numbers digit by digit, NaN and infinities bare as Hive's reader has them, bytes in base 64, dates and
 * times as Hive prints them. DuckDB's own JSON would make doubles of decimals.
 */
export function jsonValue(value: string, type: TrinoType, depth = 0): string {
  const item = `w${depth}`;
  const inner = (each: string, of: TrinoType) => jsonMember(each, of, depth + 1);
  if (type.kind === 'array')
    return enclose(value, '[', `list_transform(${value}, lambda ${item}: ${inner(item, type.element)})`, ']');
  if (type.kind === 'map') {
    if (type.key.kind !== 'varchar' && type.key.kind !== 'char')
      throw new ErganeError(
        'NOT_SUPPORTED',
        `JSON has names for keys: ${printType(type)} has no place in it, use PARQUET`,
      );
    const entry = `${jsonText(textValue(`${item}.key`, type.key))} || ':' || ${inner(`${item}.value`, type.value)}`;
    return enclose(value, '{', `list_transform(map_entries(${value}), lambda ${item}: ${entry})`, '}');
  }
  if (type.kind === 'row') {
    const fields = type.fields.map(
      (field, index) => [fieldName(field), jsonMember(`(${value}).f${index}`, field.type, depth)] as const,
    );
    return `CASE WHEN ${value} IS NOT NULL THEN ${jsonObject(fields)} END`;
  }
  const text = textValue(value, type);
  const isBare = isNumeric(type) || type.kind === 'boolean';
  return isBare ? text : jsonText(text);
}

/** The text of an object, from names and the texts of their values. */
export function jsonObject(members: readonly (readonly [string, string])[]): string {
  const parts = members.map(([name, text]) => `${quoteText(`${JSON.stringify(name)}:`)} || ${text}`);
  return `('{' || ${parts.join(" || ',' || ") || "''"} || '}')`;
}

/** The same, `null` for NULL. */
export function jsonMember(value: string, type: TrinoType, depth = 0): string {
  return `coalesce(${jsonValue(value, type, depth)}, 'null')`;
}

function enclose(value: string, open: string, items: string, close: string): string {
  return `CASE WHEN ${value} IS NOT NULL THEN '${open}' || coalesce(array_to_string(${items}, ','), '') || '${close}' END`;
}

function jsonText(text: string): string {
  return `CAST(to_json(${text}) AS VARCHAR)`;
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
