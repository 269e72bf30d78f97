import type { TableDefinition } from '../../metastore/metastore.ts';
import type { TrinoType } from '../../sql/trino-type.ts';
import { pickByFile, type FileColumn, type FileSource } from '../file-relation.ts';
import { quoteText } from '../quote.ts';
import { lineMark } from './hive-value.ts';
import { HiveJson } from './hive-json.ts';
import { OpenxJson } from './openx-json.ts';
import { textLines } from './text-lines.ts';

/**
 * One JSON object a line. Hive's JsonSerDe refuses what is no value of its column's type; the OpenX SerDe makes NULL of it, takes numbers
 * in strings and anything for a string. In both keys are found without regard to case.
 * https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html, https://docs.aws.amazon.com/athena/latest/ug/hive-json-serde.html
 */
export function jsonSource(
  table: TableDefinition,
  columns: readonly FileColumn[],
  files: { readonly paths: readonly string[]; readonly urls: readonly string[] },
): FileSource {
  const file = pickByFile(files.urls.map(quoteText));
  const isOpenx = /openx/i.test(table.storage.serde);
  const values = isOpenx ? new OpenxJson(table, file) : new HiveJson(table, file);
  const numbers = columns.some(({ type }) => keepsDigits(type))
    ? `CASE WHEN regexp_matches(given, '[0-9][.eE]') THEN ergane_json_numbers(given, ${String(isOpenx)}) ELSE given END`
    : 'given';
  const given = `SELECT line, ${givenJson(table, file, isOpenx)} AS given, file_index FROM ${textLines(table, files.paths)}`;
  const parsed = `SELECT line, CAST(${numbers} AS JSON) AS json, file_index FROM (${given})`;
  return {
    from: `(SELECT line, json, json_keys(json) AS keys, list_transform(json_keys(json), lambda k: lower(k)) AS lowered, file_index FROM (${parsed}))`,
    column: (column, index) => values.column(column, index),
  };
}

/** The line when it is JSON; a row of NULLs where the SerDe makes one, else an error that names the file. */
function givenJson(table: TableDefinition, file: string, isOpenx: boolean): string {
  const isLenient = /^true$/i.test(table.storage.serdeProperties['ignore.malformed.json'] ?? '');
  const problem = `error('FILE_INVALID: "' || left(line, 100) || '" is no JSON in file ' || ${file} || ${lineMark('line')})`;
  const invalid = isLenient ? 'NULL' : problem;
  if (!isOpenx) return `CASE WHEN json_valid(line) AND json_type(line) = 'OBJECT' THEN line ELSE ${invalid} END`;
  return `CASE WHEN NOT regexp_matches(line, '^\\s*[{\\[]') THEN NULL WHEN json_valid(line) THEN line ELSE ${invalid} END`;
}

/** Whether a value of the type shows how a number was written. */
function keepsDigits(type: TrinoType): boolean {
  if (type.kind === 'array') return keepsDigits(type.element);
  if (type.kind === 'map') return keepsDigits(type.key) || keepsDigits(type.value);
  if (type.kind === 'row') return type.fields.some((field) => keepsDigits(field.type));
  return type.kind === 'decimal' || type.kind === 'varchar' || type.kind === 'char';
}
