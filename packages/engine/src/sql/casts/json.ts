import type { TrinoType } from '../trino-type.ts';
import { duckdbType } from '../types/physical-type.ts';
import { printType } from '../types/type-text.ts';
import { castSql } from './cast.ts';
import { decimalText } from '../emit/decimal.ts';
import { quoteText } from '../emit/typed.ts';

/** `CAST(value AS json)`; undefined where there is none. A NULL stays NULL. */
export function castToJson(from: TrinoType, sql: string): string | undefined {
  return jsonText(from, sql);
}

/** The JSON text of a part of a value: its NULL is JSON's null. */
function partText(from: TrinoType, sql: string): string | undefined {
  const text = jsonText(from, sql);
  return text && `coalesce(${text}, 'null')`;
}

function jsonText(from: TrinoType, sql: string): string | undefined {
  const { kind } = from;
  if (kind === 'unknown') return 'CAST(NULL AS VARCHAR)';
  if (kind === 'boolean' || kind === 'tinyint' || kind === 'smallint' || kind === 'integer')
    return `CAST(${sql} AS VARCHAR)`;
  if (kind === 'bigint') return `CAST(${sql} AS VARCHAR)`;
  if (kind === 'decimal') return decimalText(from, sql);
  if (kind === 'double') return `ergane_json_number(${sql})`;
  if (kind === 'real') return `ergane_json_real(${sql})`;
  if (kind === 'varchar') return `ergane_json_quote(${sql})`;
  if (kind === 'json') return sql;
  if (kind === 'date' || kind === 'timestamp') {
    const text = castSql(from, { kind: 'varchar' }, sql);
    return text && `ergane_json_quote(${text})`;
  }
  if (kind === 'array') {
    const item = partText(from.element, 'x');
    return item && `ergane_json_array(list_transform(${sql}, lambda x: ${item}))`;
  }
  if (kind === 'map') return mapText(from, sql);
  return kind === 'row' ? rowText(from, sql) : undefined;
}

function mapText(from: Extract<TrinoType, { kind: 'map' }>, sql: string): string | undefined {
  const key = keyText(from.key, 'k');
  const value = partText(from.value, 'v');
  if (key === undefined || value === undefined) return undefined;
  return `ergane_json_object(list_transform(map_keys(${sql}), lambda k: ${key}), list_transform(map_values(${sql}), lambda v: ${value}), true)`;
}

/** A map's key as the name of a member: doubles as Java prints them. */
function keyText(type: TrinoType, sql: string): string | undefined {
  if (type.kind === 'double') return `replace(ergane_json_number(${sql}), '"', '')`;
  if (type.kind === 'real') return `replace(ergane_json_real(${sql}), '"', '')`;
  if (type.kind === 'array' || type.kind === 'map' || type.kind === 'row' || type.kind === 'varbinary')
    return undefined;
  return castSql(type, { kind: 'varchar' }, sql);
}

function rowText(from: Extract<TrinoType, { kind: 'row' }>, sql: string): string | undefined {
  const values = from.fields.map((field, index) => partText(field.type, `(${sql}).f${index}`));
  if (values.some((value) => value === undefined)) return undefined;
  const names = from.fields.map((field) => quoteText(field.name ?? ''));
  return `(CASE WHEN ${sql} IS NULL THEN NULL ELSE ergane_json_object([${names.join(', ')}], [${values.join(', ')}], false) END)`;
}

/** `CAST(json AS type)`: JSON null is NULL; arrays, objects and rows part by part. */
export function castFromJson(to: TrinoType, sql: string): string | undefined {
  const { kind } = to;
  if (kind === 'boolean' || kind === 'double') return `ergane_json_to_${kind}(${sql})`;
  if (kind === 'real') return `CAST(ergane_json_to_double(${sql}) AS FLOAT)`;
  if (kind === 'tinyint' || kind === 'smallint' || kind === 'integer' || kind === 'bigint') {
    return `CAST(ergane_json_to_${kind}(${sql}) AS ${duckdbType(to)})`;
  }
  if (kind === 'decimal')
    return `CAST(ergane_json_to_decimal(${sql}, ${to.precision}, ${to.scale}) AS ${duckdbType(to)})`;
  if (kind === 'varchar') {
    const text = `ergane_json_to_varchar(${sql})`;
    return to.length === undefined ? text : `left(${text}, ${to.length})`;
  }
  if (kind === 'json') return sql;
  const name = quoteText(printType(to));
  if (kind === 'array') {
    const item = castFromJson(to.element, 'x');
    return item && `list_transform(ergane_json_elements(${sql}, ${name}), lambda x: ${item})`;
  }
  if (kind === 'map') {
    const key = castSql({ kind: 'varchar' }, to.key, 'k');
    const value = castFromJson(to.value, 'v');
    if (key === undefined || value === undefined) return undefined;
    return `ergane_map(list_transform(ergane_json_entries(${sql}, ${name}, true), lambda k: ${key}), list_transform(ergane_json_entries(${sql}, ${name}, false), lambda v: ${value}))`;
  }
  if (kind === 'row') return rowFromJson(to, sql, name);
  return undefined;
}

function rowFromJson(to: Extract<TrinoType, { kind: 'row' }>, sql: string, name: string): string | undefined {
  const fields = to.fields.map((field, index) => castFromJson(field.type, `p[${index + 1}]`));
  if (fields.some((field) => field === undefined)) return undefined;
  const names = to.fields.map((field) => (field.name === undefined ? 'CAST(NULL AS VARCHAR)' : quoteText(field.name)));
  const parts = `ergane_json_fields(${sql}, [${names.join(', ')}], ${name})`;
  const packed = `struct_pack(${fields.map((field, index) => `f${index} := ${field}`).join(', ')})`;
  return `list_transform([${parts}], lambda p: CASE WHEN p IS NULL THEN NULL ELSE ${packed} END)[1]`;
}
