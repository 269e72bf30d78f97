import type { TableName } from '@ergane/protocol';
import type { TrinoType } from '../sql/trino-type.ts';
import type { FileCatalog } from '../files/file-catalog.ts';
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

export type Catalog = FederatedCatalog | FileCatalog;
