import type { TableName } from '@ergane/protocol';
import type { ResolvedTable } from '../sql/compiled-statement.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import type { FederatedCatalog } from './federated-catalog.ts';

/** Who asks, for which query, and how long. */
export interface Asker {
  readonly queryId: string;
  readonly signal?: AbortSignal | undefined;
}

export interface DescribedColumn {
  readonly name: string;
  readonly type: TrinoType;
  readonly partition: boolean;
  readonly comment?: string;
}

/** What SHOW and DESCRIBE ask of any catalog. Throws ErganeError SCHEMA_NOT_FOUND or TABLE_NOT_FOUND. */
export interface CatalogListing {
  readonly name: string;
  listSchemas(asker: Asker): Promise<readonly string[]>;
  listTables(schemaName: string, asker: Asker): Promise<readonly TableName[]>;
  describeTable(name: TableName, asker: Asker): Promise<readonly DescribedColumn[]>;
  /** forgets what was kept of its tables */
  refresh(): void;
}

/** A catalog whose tables DuckDB reads by itself, without a function: `resolveTable` gives a relation such as `read_parquet([…])`. */
export interface EngineCatalog extends CatalogListing {
  readonly kind: 'engine';
  resolveTable(name: TableName, asker: Asker): Promise<ResolvedTable>;
}

export type Catalog = FederatedCatalog | EngineCatalog;
