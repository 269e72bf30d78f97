import { ErganeError } from '@ergane/protocol';
import type { TableName } from '@ergane/protocol';
import type { NameHints, ResolvedTable } from '../sql/compiled-statement.ts';
import { duckdbType, printType } from '../sql/index.ts';
import type { TrinoType } from '../sql/index.ts';
import { quoteText } from '../sql/emit/typed.ts';
import { findView } from '../metastore/view-changes.ts';
import type { Asker, Catalog } from './catalog.ts';

/** The schema that every catalog has, with what it holds as tables. */
export const INFORMATION_SCHEMA = 'information_schema';

type Cell = string | bigint | null;
type Rows = readonly (readonly Cell[])[];

interface InformationTable {
  readonly columns: Readonly<Record<string, 'varchar' | 'bigint'>>;
  readonly rows: (catalog: Catalog, asked: Asked) => Promise<Rows>;
}

interface Asked {
  readonly hints: NameHints;
  readonly asker: Asker;
}

/** Tables that are described at once, where a query asks for the columns of all. */
const AT_ONCE = 8;

const TABLES: Readonly<Record<string, InformationTable>> = {
  schemata: {
    columns: { catalog_name: 'varchar', schema_name: 'varchar' },
    rows: async (catalog, asked) => (await schemasOf(catalog, asked)).map((schema) => [catalog.name, schema]),
  },
  tables: {
    columns: { table_catalog: 'varchar', table_schema: 'varchar', table_name: 'varchar', table_type: 'varchar' },
    rows: async (catalog, asked) => [
      ...(await eachOf(await tablesOf(catalog, asked), (name) => tableRow(catalog, name))),
      ...own(asked).map((table) => [catalog.name, INFORMATION_SCHEMA, table, 'BASE TABLE']),
    ],
  },
  columns: {
    columns: {
      table_catalog: 'varchar',
      table_schema: 'varchar',
      table_name: 'varchar',
      column_name: 'varchar',
      ordinal_position: 'bigint',
      column_default: 'varchar',
      is_nullable: 'varchar',
      data_type: 'varchar',
    },
    rows: async (catalog, asked) => [...(await columnsOf(catalog, asked)), ...ownColumns(catalog, asked)],
  },
  views: {
    columns: { table_catalog: 'varchar', table_schema: 'varchar', table_name: 'varchar', view_definition: 'varchar' },
    rows: viewsOf,
  },
};

/** The table of a catalog's information_schema as a relation of constants; undefined: there is no such table. */
export async function informationTable(
  catalog: Catalog,
  name: string,
  asked: Asked,
): Promise<ResolvedTable | undefined> {
  const table = Object.hasOwn(TABLES, name) ? TABLES[name] : undefined;
  if (!table) return undefined;
  const columns = Object.entries(table.columns).map(([column, kind]) => ({
    name: column,
    type: { kind } as TrinoType,
  }));
  const rows = await table.rows(catalog, asked);
  return {
    catalogName: catalog.name,
    schemaName: INFORMATION_SCHEMA,
    tableName: name,
    columns,
    relation: constants(columns, rows),
  };
}

function constants(columns: ResolvedTable['columns'], rows: Rows): string {
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const casts = columns.map(({ name, type }) => `CAST("${name}" AS ${duckdbType(type)}) AS "${name}"`).join(', ');
  const empty = `(${columns.map(() => 'NULL').join(', ')})`;
  const values = rows.length === 0 ? [empty] : rows.map((row) => `(${row.map(constant).join(', ')})`);
  return `(SELECT ${casts} FROM (VALUES ${values.join(', ')}) AS v(${names})${rows.length === 0 ? ' WHERE false' : ''})`;
}

function constant(cell: Cell): string {
  return cell === null ? 'NULL' : typeof cell === 'bigint' ? String(cell) : quoteText(cell);
}

async function tableRow(catalog: Catalog, name: TableName): Promise<readonly Cell[]> {
  const isView = catalog.kind === 'files' && (await catalog.hasView(name));
  return [catalog.name, ...lower(name), isView ? 'VIEW' : 'BASE TABLE'];
}

async function viewsOf(catalog: Catalog, asked: Asked): Promise<Rows> {
  if (catalog.kind !== 'files') return [];
  const state = await catalog.metastore.read();
  return (await tablesOf(catalog, asked)).flatMap((name) => {
    const view = findView(state, name.schemaName, name.tableName);
    return view === undefined ? [] : [[catalog.name, ...lower(name), view.text]];
  });
}

async function schemasOf(catalog: Catalog, { asker }: Asked): Promise<readonly string[]> {
  const schemas = await catalog.listSchemas(asker);
  return [...new Set([...schemas.map((schema) => schema.toLowerCase()), INFORMATION_SCHEMA])].sort();
}

/** Only the schemas are listed that the query asks for. */
async function tablesOf(catalog: Catalog, { hints, asker }: Asked): Promise<readonly TableName[]> {
  const all = await catalog.listSchemas(asker);
  const wanted = all.filter((schema) => isWanted(hints.schemas, schema) && schema.toLowerCase() !== INFORMATION_SCHEMA);
  const lists = await eachOf(wanted, (schema) => catalog.listTables(schema, asker));
  return lists.flat().filter(({ tableName }) => isWanted(hints.tables, tableName));
}

/** With both names given, only those tables are described, and nothing is listed. */
async function columnsOf(catalog: Catalog, asked: Asked): Promise<Rows> {
  const { hints, asker } = asked;
  const { schemas, tables } = hints;
  const names =
    schemas && tables
      ? schemas.flatMap((schemaName) => tables.map((tableName) => ({ schemaName, tableName })))
      : await tablesOf(catalog, asked);
  const outside = names.filter(({ schemaName }) => schemaName !== INFORMATION_SCHEMA);
  const described = await eachOf(outside, async (name) => {
    const columns = await catalog.describeTable(name, asker).catch((error: unknown) => {
      if (isNotThere(error)) return [];
      throw error;
    });
    return columns.map(({ name: column, type }, index) => columnRow(catalog, [...lower(name)], [column, index, type]));
  });
  return described.flat();
}

function columnRow(
  catalog: Catalog,
  names: readonly string[],
  [column, index, type]: readonly [string, number, TrinoType],
): readonly Cell[] {
  return [catalog.name, ...names, column, BigInt(index + 1), null, 'YES', printType(type)];
}

function isNotThere(error: unknown): boolean {
  return error instanceof ErganeError && ['TABLE_NOT_FOUND', 'SCHEMA_NOT_FOUND'].includes(error.code);
}

function own({ hints }: Asked): readonly string[] {
  if (!isWanted(hints.schemas, INFORMATION_SCHEMA)) return [];
  return Object.keys(TABLES).filter((table) => isWanted(hints.tables, table));
}

function ownColumns(catalog: Catalog, asked: Asked): Rows {
  return own(asked).flatMap((table) =>
    Object.entries(TABLES[table]?.columns ?? {}).map(([column, kind], index) =>
      columnRow(catalog, [INFORMATION_SCHEMA, table], [column, index, { kind }]),
    ),
  );
}

function isWanted(hints: readonly string[] | undefined, name: string): boolean {
  return hints === undefined || hints.includes(name.toLowerCase());
}

function lower({ schemaName, tableName }: TableName): readonly [string, string] {
  return [schemaName.toLowerCase(), tableName.toLowerCase()];
}

async function eachOf<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE)
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  return results;
}
