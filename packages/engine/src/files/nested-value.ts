import { duckdbType } from '../sql/types/physical-type.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import { toMillis } from './text/hive-value.ts';
import { quoteName } from './quote.ts';

/** The DuckDB type in which files hold a Trino type: rows by the names of their fields, all else as `duckdbType` says. */
export function fileType(type: TrinoType): string {
  if (type.kind === 'array') return `${fileType(type.element)}[]`;
  if (type.kind === 'map') return `MAP(${fileType(type.key)}, ${fileType(type.value)})`;
  if (type.kind !== 'row') return duckdbType(type);
  const fields = type.fields.map((field, index) => `${quoteName(fieldName(field, index))} ${fileType(field.type)}`);
  return `STRUCT(${fields.join(', ')})`;
}

/** An expression of the physical type, from one of `fileType(type)`. */
export function toPhysical(value: string, type: TrinoType): string {
  if (type.kind === 'char') return `rtrim(${value}, ' ')`;
  if (type.kind === 'timestamp') return toMillis(value);
  return isConverted(type) ? convert(value, type, 0) : value;
}

function convert(value: string, type: TrinoType, depth: number): string {
  if (!isConverted(type)) return value;
  if (type.kind === 'timestamp') return toMillis(value);
  const item = `v${depth}`;
  if (type.kind === 'array')
    return `list_transform(${value}, lambda ${item}: ${convert(item, type.element, depth + 1)})`;
  if (type.kind === 'map') {
    const key = convert(`${item}.key`, type.key, depth + 1);
    const entry = `{'key': ${key}, 'value': ${convert(`${item}.value`, type.value, depth + 1)}}`;
    return `map_from_entries(list_transform(map_entries(${value}), lambda ${item}: ${entry}))`;
  }
  if (type.kind !== 'row') return value;
  const fields = type.fields.map((field, index) => {
    const inner = `struct_extract(${value}, '${fieldName(field, index).replaceAll("'", "''")}')`;
    return `'f${index}': ${convert(inner, field.type, depth)}`;
  });
  return `CASE WHEN ${value} IS NOT NULL THEN {${fields.join(', ')}} END`;
}

/** Whether a value differs from how files hold it: rows by names, timestamps with more digits than Athena's three. */
function isConverted(type: TrinoType): boolean {
  if (type.kind === 'array') return isConverted(type.element);
  if (type.kind === 'map') return isConverted(type.key) || isConverted(type.value);
  return type.kind === 'row' || type.kind === 'timestamp';
}

function fieldName(field: { readonly name?: string }, index: number): string {
  return field.name ?? `field${index}`;
}
