import { ErganeError } from '@ergane/protocol';
import { FUNCTION_CATALOG } from '../sql/compiled-statement.ts';
import type { ResolvedTable, ResolvedView, TableFunctionName, TableResolver } from '../sql/compiled-statement.ts';
import type { Asker, Catalog } from './catalog.ts';
import { fileScanMarker } from '../files/open-file-scans.ts';
import type { FileCatalogTable } from '../files/file-catalog.ts';
import type { FederatedTable } from './federated-catalog.ts';
import { didYouMean } from '../sql/did-you-mean.ts';
import { explainNotFound } from './not-found.ts';
import { INFORMATION_SCHEMA, informationTable } from './information-schema.ts';
import { findNativeTable } from './native-table.ts';

/** The catalogs of an engine, by lower-cased name, and every function as a catalog of its own. */
export interface Catalogs extends ReadonlyMap<string, Catalog> {
  /** The catalog `lambda:<functionName>`: whether there is such a function shows when it is asked. */
  ofFunction(functionName: string): Catalog;
}

/** As in Athena, `"lambda:name".schema.table` needs no configuration. */
export class CatalogSet extends Map<string, Catalog> implements Catalogs {
  readonly #ofFunctions = new Map<string, Catalog>();
  readonly #make: (name: string, functionName: string) => Catalog;

  constructor(catalogs: Iterable<readonly [string, Catalog]>, make: (name: string, functionName: string) => Catalog) {
    super(catalogs);
    this.#make = make;
  }

  ofFunction(functionName: string): Catalog {
    const made = this.#ofFunctions.get(functionName) ?? this.#make(`${FUNCTION_CATALOG}${functionName}`, functionName);
    this.#ofFunctions.set(functionName, made);
    return made;
  }
}

export function findCatalog(catalogs: Catalogs, name: string): Catalog {
  if (name.startsWith(FUNCTION_CATALOG) && name !== FUNCTION_CATALOG)
    return catalogs.ofFunction(name.slice(FUNCTION_CATALOG.length));
  const catalog = catalogs.get(name.toLowerCase());
  if (catalog) return catalog;
  const known = [...catalogs.keys()].sort().join(', ') || 'none';
  const near = didYouMean(name, catalogs.keys());
  throw new ErganeError('CATALOG_NOT_FOUND', `Catalog '${name}' not found${near || `; configured are: ${known}`}`, {
    where: { catalog: name },
  });
}

/** One mention of a table in a query: DuckDB's `ergane_scan(id)`; a table on S3 is another relation when the query runs. */
export interface TableReference {
  readonly id: number;
  readonly table: FederatedTable | FileCatalogTable;
}

/** Resolves the names of one query, and remembers what it resolved. */
export interface QueryResolver extends Required<TableResolver> {
  readonly references: readonly TableReference[];
}

/** What names without a catalog or a schema mean. */
export interface NameSession {
  readonly catalog?: string | undefined;
  readonly schema?: string | undefined;
}

/** The catalog and schema that a name means. Throws MISSING_CATALOG_NAME or MISSING_SCHEMA_NAME where neither it nor the session says. */
export function findSchema(
  catalogs: Catalogs,
  session: NameSession,
  name: NameSession & { readonly table?: string },
): { readonly catalog: Catalog; readonly schemaName: string } {
  const what = name.table === undefined ? 'the schema' : `table ${name.table}`;
  const catalogName = name.catalog ?? session.catalog;
  if (catalogName === undefined)
    throw new ErganeError('MISSING_CATALOG_NAME', `${what}: say its catalog, as in catalog.schema.table`);
  const schemaName = name.schema ?? session.schema;
  if (schemaName === undefined)
    throw new ErganeError('MISSING_SCHEMA_NAME', `${what}: say its schema, as in schema.table`, {
      where: { catalog: catalogName },
    });
  return { catalog: findCatalog(catalogs, catalogName), schemaName };
}

/** `asker.queryId` marks the scans of tables on S3: see `openFileScans`. */
export function makeQueryResolver(catalogs: Catalogs, session: NameSession, asker: Asker): QueryResolver {
  const references: TableReference[] = [];
  return {
    references,
    async resolveTable(name): Promise<ResolvedTable | ResolvedView> {
      const { catalog, schemaName } = findSchema(catalogs, session, name);
      if (schemaName.toLowerCase() === INFORMATION_SCHEMA) {
        const found = await informationTable(catalog, name.table, { hints: name.hints ?? {}, asker });
        if (found) return found;
      }
      const view =
        catalog.kind === 'files' ? await catalog.findView({ schemaName, tableName: name.table }, asker) : undefined;
      if (view !== undefined) return view;
      const tableName = { schemaName, tableName: name.table };
      const table = await catalog.getTable(tableName, asker).catch(async (error: unknown) => {
        throw await explainNotFound(error, catalog, { ...tableName, ...asker });
      });
      const id = references.length;
      references.push({ id, table });
      return {
        catalogName: catalog.name,
        schemaName: table.tableName.schemaName.toLowerCase(),
        tableName: table.tableName.tableName.toLowerCase(),
        columns: table.columns,
        relation: catalog.kind === 'files' ? fileScanMarker(asker.queryId, id) : `ergane_scan(${id})`,
      };
    },
    async resolveTableFunction(name: TableFunctionName): Promise<ResolvedTable> {
      const table = await findNativeTable(catalogs, session, { name, asker });
      const id = references.length;
      references.push({ id, table });
      const { schemaName, tableName } = table.tableName;
      const { columns } = table;
      return { catalogName: table.catalog.name, schemaName, tableName, columns, relation: `ergane_scan(${id})` };
    },
  };
}
