import { ErganeError } from '@ergane/protocol';
import { printType } from '../sql/index.ts';
import type { Statement } from '../sql/index.ts';
import type { ResultColumn, ResultValue } from '../result/query-result.ts';
import { requireTable } from '../metastore/metastore-changes.ts';
import { describeTable } from '../statements/describe-table.ts';
import type { Asker, DescribedColumn } from './catalog.ts';
import { findCatalog, findSchema } from './catalogs.ts';
import type { Catalogs, NameSession } from './catalogs.ts';

/** The statements that list names. */
export type ShowStatement = Extract<
  Statement,
  { readonly kind: 'show catalogs' | 'show schemas' | 'show tables' | 'show columns' | 'describe' }
>;

export interface Listing {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly ResultValue[])[];
}

/** Answers SHOW and DESCRIBE, with the column names that Athena gives. */
export async function showNames(
  catalogs: Catalogs,
  statement: ShowStatement,
  { session, asker }: { readonly session: NameSession; readonly asker: Asker },
): Promise<Listing> {
  switch (statement.kind) {
    case 'show catalogs':
      return listing('Catalog', [...catalogs.keys()].sort().filter(likeFilter(statement.like)));
    case 'show schemas': {
      const name = statement.catalog ?? session.catalog;
      if (name === undefined)
        throw new ErganeError('MISSING_CATALOG_NAME', 'say the catalog, as in SHOW SCHEMAS FROM catalog');
      const schemas = await findCatalog(catalogs, name).listSchemas(asker);
      return listing('database_name', schemas.filter(databaseFilter(statement.like)));
    }
    case 'show tables': {
      const { catalog, schemaName } = findSchema(catalogs, session, statement);
      const tables = await catalog.listTables(schemaName, asker);
      const filter = statement.hive ? hiveFilter(statement.like) : likeFilter(statement.like);
      return listing('tab_name', tables.map(({ tableName }) => tableName).filter(filter));
    }
    case 'show columns': {
      const columns = await describe(catalogs, statement.table, { session, asker });
      return listing(
        'column',
        columns.map(({ name }) => name),
      );
    }
    case 'describe': {
      const { catalog, schemaName } = findSchema(catalogs, session, statement.table);
      const isView =
        catalog.kind === 'files' && (await catalog.hasView({ schemaName, tableName: statement.table.table }));
      if (statement.style !== 'plain' && catalog.kind === 'files' && !isView) {
        const table = requireTable(await catalog.metastore.read(), schemaName, statement.table.table);
        const { columns, rows } = describeTable(schemaName, table, { style: statement.style });
        return { columns: columns.map(textColumn), rows };
      }
      const columns = await describe(catalogs, statement.table, { session, asker });
      return {
        columns: ['col_name', 'data_type', 'comment'].map(textColumn),
        rows: columns.map(({ name, type, partition, comment }) => [
          name,
          printType(type),
          comment ?? (partition ? 'partition key' : ''),
        ]),
      };
    }
  }
}

function describe(
  catalogs: Catalogs,
  name: Extract<ShowStatement, { kind: 'describe' }>['table'],
  { session, asker }: { readonly session: NameSession; readonly asker: Asker },
): Promise<readonly DescribedColumn[]> {
  const { catalog, schemaName } = findSchema(catalogs, session, name);
  return catalog.describeTable({ schemaName, tableName: name.table }, asker);
}

function listing(column: string, names: readonly string[]): Listing {
  return { columns: [textColumn(column)], rows: names.map((name) => [name]) };
}

function textColumn(name: string): ResultColumn {
  return { name, type: { kind: 'varchar' } };
}

/** SQL LIKE: `%` any characters, `_` one. */
export function likeFilter(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  const parts = [...pattern].map((part) => (part === '%' ? '.*' : part === '_' ? '.' : escape(part)));
  const expression = new RegExp(`^${parts.join('')}$`, 'isu');
  return (name) => expression.test(name);
}

/** Athena has a regular expression here (`LIKE '.*sales'`), Hive `*` and `|`, Trino `%` and `_`. */
function databaseFilter(pattern: string | undefined): (name: string) => boolean {
  return pattern !== undefined && /[*|]/.test(pattern)
    ? hiveFilter(pattern.replaceAll('.*', '*'))
    : likeFilter(pattern);
}

/** Hive: `*` any characters, `|` alternatives. */
export function hiveFilter(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  const alternatives = pattern.split('|').map((one) => one.split('*').map(escape).join('.*'));
  const expression = new RegExp(`^(?:${alternatives.join('|')})$`, 'isu');
  return (name) => expression.test(name);
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
