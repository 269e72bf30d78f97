import { FUNCTIONS } from '../sql/functions/families.ts';
import type { FunctionSignature } from '../sql/functions/signature.ts';
import { printType } from '../sql/index.ts';
import type { QualifiedName, TrinoType } from '../sql/index.ts';
import type { ResultValue } from '../result/query-result.ts';
import type { Asker } from './catalog.ts';
import { findSchema } from './catalogs.ts';
import type { Catalogs, NameSession } from './catalogs.ts';
import { likeFilter } from './show.ts';
import type { Listing } from './show.ts';

const VARCHAR: TrinoType = { kind: 'varchar' };
const DOUBLE: TrinoType = { kind: 'double' };
const texts = (...names: readonly string[]) => names.map((name) => ({ name, type: VARCHAR }));

/** SHOW FUNCTIONS, as Trino lists them; those that the grammar knows by words of their own are not among them. */
export function showFunctions(like: string | undefined): Listing {
  const wanted = likeFilter(like);
  const rows = FUNCTIONS.filter(({ name }) => !name.startsWith('$') && wanted(name)).map(functionRow);
  return {
    columns: [
      ...texts('Function', 'Return Type', 'Argument Types', 'Function Type'),
      { name: 'Deterministic', type: { kind: 'boolean' } },
      ...texts('Description'),
    ],
    rows: rows.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
  };
}

const RANDOM = new Set(['rand', 'random', 'uuid', 'now', 'shuffle']);

function functionRow({ name, kind, text }: FunctionSignature): readonly ResultValue[] {
  const [, args = '', result = ''] = /^[^(]*\((.*)\)\s*->\s*(.+)$/.exec(text) ?? [];
  return [name, result, args, kind, !RANDOM.has(name), ''];
}

/** SHOW SESSION: Ergane has no session properties. */
export function showSession(): Listing {
  return { columns: texts('Name', 'Value', 'Default', 'Type', 'Description'), rows: [] };
}

/** SHOW STATS FOR a table: what its source said of it, the number of rows; a NULL is not known. */
export async function showStats(
  catalogs: Catalogs,
  name: QualifiedName,
  { session, asker }: { readonly session: NameSession; readonly asker: Asker },
): Promise<Listing> {
  const { catalog, schemaName } = findSchema(catalogs, session, name);
  const { columns, rowCount } = await catalog.getTable({ schemaName, tableName: name.table.toLowerCase() }, asker);
  const doubles = ['data_size', 'distinct_values_count', 'nulls_fraction', 'row_count'];
  return {
    columns: [
      ...texts('column_name'),
      ...doubles.map((title) => ({ name: title, type: DOUBLE })),
      ...texts('low_value', 'high_value'),
    ],
    rows: [
      ...columns.map((column) => [column.name, null, null, null, null, null, null]),
      [null, null, null, null, rowCount ?? null, null, null],
    ],
  };
}

/** SHOW CREATE TABLE of a table that a function reads: its columns, as Trino writes them. */
export async function showCreateTable(
  catalogs: Catalogs,
  name: QualifiedName,
  { session, asker }: { readonly session: NameSession; readonly asker: Asker },
): Promise<readonly string[]> {
  const { catalog, schemaName } = findSchema(catalogs, session, name);
  const columns = await catalog.describeTable({ schemaName, tableName: name.table.toLowerCase() }, asker);
  const path = [catalog.name, schemaName, name.table].map(quoteWhereNeeded).join('.');
  const lines = columns.map(({ name: column, type, comment }, index) => {
    const note = comment === undefined || comment === '' ? '' : ` COMMENT '${comment.replaceAll("'", "''")}'`;
    return `   ${quoteWhereNeeded(column)} ${printType(type)}${note}${index + 1 < columns.length ? ',' : ''}`;
  });
  return [`CREATE TABLE ${path} (`, ...lines, ')'];
}

function quoteWhereNeeded(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
