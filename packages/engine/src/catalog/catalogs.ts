import { ErganeError } from '@ergane/protocol';
import type { ResolvedTable, TableResolver } from '../sql/compiled-statement.ts';
import type { Asker, FederatedCatalog, FederatedTable } from './federated-catalog.ts';

/** The catalogs of an engine, by lower-cased name. */
export type Catalogs = ReadonlyMap<string, FederatedCatalog>;

export function findCatalog(catalogs: Catalogs, name: string): FederatedCatalog {
  const catalog = catalogs.get(name.toLowerCase());
  if (catalog) return catalog;
  const known = [...catalogs.keys()].sort().join(', ') || 'none';
  throw new ErganeError('CATALOG_NOT_FOUND', `catalog ${name} does not exist; configured are: ${known}`, {
    where: { catalog: name },
  });
}

/** One mention of a federated table in a query: DuckDB's `ergane_scan(id)`. */
export interface TableReference {
  readonly id: number;
  readonly table: FederatedTable;
}

/** Resolves the names of one query, and remembers what it resolved. */
export interface QueryResolver extends TableResolver {
  readonly references: readonly TableReference[];
}

export function makeQueryResolver(
  catalogs: Catalogs,
  session: { readonly catalog?: string | undefined; readonly schema?: string | undefined },
  asker: Asker,
): QueryResolver {
  const references: TableReference[] = [];
  return {
    references,
    async resolveTable(name): Promise<ResolvedTable> {
      const catalogName = name.catalog ?? session.catalog;
      if (catalogName === undefined)
        throw new ErganeError(
          'MISSING_CATALOG_NAME',
          `table ${name.table}: say its catalog, as in catalog.schema.table`,
          {
            where: { table: name.table },
          },
        );
      const schemaName = name.schema ?? session.schema;
      if (schemaName === undefined)
        throw new ErganeError('MISSING_SCHEMA_NAME', `table ${name.table}: say its schema, as in schema.table`, {
          where: { catalog: catalogName, table: name.table },
        });
      const catalog = findCatalog(catalogs, catalogName);
      const table = await catalog.getTable({ schemaName, tableName: name.table }, asker);
      const id = references.length;
      references.push({ id, table });
      return {
        catalogName: catalog.name,
        schemaName: table.tableName.schemaName.toLowerCase(),
        tableName: table.tableName.tableName.toLowerCase(),
        columns: table.columns,
        relation: `ergane_scan(${id})`,
      };
    },
  };
}
