import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ErganeError } from '@ergane/protocol';
import { duckdbType, type ResolvedTable, type TableResolver } from '../../src/sql/index.ts';
import { parseStatement } from '../../src/sql/parse/parse-statement.ts';
import { resolveType } from '../../src/sql/types/type-text.ts';
import type { TrinoType } from '../../src/sql/trino-type.ts';

interface TableFile {
  readonly [table: string]: { readonly columns: readonly { readonly name: string; readonly type: string }[] };
}

/** The type that a text such as `decimal(12,2)` names. */
export function typeOf(text: string): TrinoType {
  const statement = parseStatement(`SELECT CAST(NULL AS ${text})`);
  const body = statement.kind === 'query' ? statement.query.body : undefined;
  const item = body?.kind === 'select' ? body.items[0] : undefined;
  if (item?.kind === 'expression' && item.expression.kind === 'cast') return resolveType(item.expression.type);
  throw new Error(`no type: ${text}`);
}

/** Resolves the corpus's tables to its Parquet files, cast to the types that its tables.json declares. */
export function corpusTables(folder: string, data: string): TableResolver {
  const base = path.join(folder, 'data', data);
  const tables: TableFile = JSON.parse(readFileSync(path.join(base, 'tables.json'), 'utf8'));
  return {
    resolveTable: ({ table }) => {
      const found = tables[table];
      if (!found) throw new ErganeError('TABLE_NOT_FOUND', `Table '${table}' does not exist`, { where: { table } });
      return Promise.resolve(makeTable(table, found.columns, path.join(base, `${table}.parquet`)));
    },
  };
}

function makeTable(name: string, columns: TableFile[string]['columns'], file: string): ResolvedTable {
  const typed = columns.map(({ name: column, type }) => ({ name: column, type: typeOf(type) }));
  const list = typed.map((column) => {
    const cast = `CAST("${column.name}" AS ${duckdbType(column.type)})`;
    return `${column.type.kind === 'char' ? `rtrim(${cast}, ' ')` : cast} AS "${column.name}"`;
  });
  return {
    catalogName: 'corpus',
    schemaName: 'corpus',
    tableName: name,
    columns: typed,
    relation: `(SELECT ${list.join(', ')} FROM read_parquet('${file}'))`,
  };
}
