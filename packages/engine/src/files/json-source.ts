import type { TableDefinition } from '../metastore/metastore.ts';
import { pickByFile, type FileSource } from './file-relation.ts';
import { fileType, toPhysical } from './nested-value.ts';
import { quotePaths, quoteText } from './quote.ts';
import { requireTextValue } from './text-value.ts';

/**
 * One JSON object a line. Keys are looked up as written, then without regard to case, as the OpenX SerDe does; `mapping.<column>` names
 * another key. A missing key and JSON's null are NULL; what is no value of its column's type is an error that names the file.
 */
export function jsonSource(
  table: TableDefinition,
  files: { readonly paths: readonly string[]; readonly urls: readonly string[] },
): FileSource {
  const properties = table.storage.serdeProperties;
  const isLenient = properties['ignore.malformed.json'] === 'true';
  const file = pickByFile(files.urls.map(quoteText));
  return {
    from: `(SELECT json, file_index FROM read_ndjson_objects(${quotePaths(files.paths)}, ignore_errors = ${String(isLenient)}))`,
    column(column) {
      const key = properties[`mapping.${column.name}`] ?? column.name;
      const value = findKey(key);
      const text = `(${value} ->> '$')`;
      if (column.type.kind === 'varchar' || column.type.kind === 'char') return toPhysical(text, column.type);
      const isNested = column.type.kind === 'array' || column.type.kind === 'map' || column.type.kind === 'row';
      const typed = `TRY_CAST(${isNested ? value : text} AS ${fileType(column.type)})`;
      return toPhysical(requireTextValue(typed, text, { column, file }), column.type);
    },
  };
}

function findKey(key: string): string {
  const exact = `json_extract(json, ${quoteText(jsonPath(key))})`;
  const position = `list_position(list_transform(json_keys(json), lambda k: lower(k)), ${quoteText(key.toLowerCase())})`;
  const other = `json_extract(json, '$."' || json_keys(json)[${position}] || '"')`;
  return `coalesce(${exact}, ${other})`;
}

function jsonPath(key: string): string {
  return `$."${key.replaceAll('"', '\\"')}"`;
}
