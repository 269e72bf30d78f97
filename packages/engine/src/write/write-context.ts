import { ErganeError } from '@ergane/protocol';
import { findSchema, type Catalogs, type NameSession } from '../catalog/catalogs.ts';
import type { FileCatalog } from '../files/file-catalog.ts';
import type { CompiledQuery, Query } from '../sql/index.ts';
import { failAt } from '../sql/emit/typed.ts';
import type { TableName } from '../sql/parse/syntax-tree.ts';

/** A query that becomes files: what DuckDB plans, and the statement around it that DuckDB runs. */
export interface PreparedCopy {
  /** the query whose rows are as the files hold them */
  select(query: string): string;
  /** such a `select`, in the form in which it is run */
  copy(select: string): string;
}

/** The engine's way from a query to rows, as the statements that write need it. */
export interface QueryWriter {
  /** Translates a query, and runs nothing. `newView` is the full name of the view that it is for. */
  compile(query: Query, newView?: string): Promise<CompiledQuery>;
  /** Runs what `prepare` makes of the translated query and answers the number of rows that COPY wrote. */
  write(query: Query, prepare: (compiled: CompiledQuery) => Promise<PreparedCopy>): Promise<bigint>;
}

export interface WriteContext {
  readonly catalogs: Catalogs;
  readonly session: NameSession;
  readonly writer: QueryWriter;
  readonly signal?: AbortSignal | undefined;
}

/** What a statement wrote: its rows, and the addresses (`s3://…`) of its files. */
export interface WrittenRows {
  readonly rows: bigint;
  readonly files: readonly string[];
}

/** The catalog of tables on S3. @throws ErganeError NOT_SUPPORTED without one */
export function requireFileCatalog(catalogs: Catalogs, what: string): FileCatalog {
  for (const catalog of catalogs.values()) if (catalog.kind === 'files') return catalog;
  throw new ErganeError(
    'NOT_SUPPORTED',
    `${what} needs the catalog awsdatacatalog, which is not configured: it writes to tables on S3`,
  );
}

export interface WriteName {
  readonly catalog: FileCatalog;
  readonly database: string;
  readonly table: string;
  /** `awsdatacatalog.database.table` */
  readonly text: string;
}

/** The table or view on S3 that a statement names. `what` is what a federated catalog cannot do, in Trino's words. */
export function resolveWriteName(
  { catalogs, session }: Pick<WriteContext, 'catalogs' | 'session'>,
  { parts, at }: TableName,
  what: string,
): WriteName {
  const [table, schema, catalogName, ...more] = parts.map((part) => part.text.toLowerCase()).toReversed();
  if (table === undefined || more.length > 0)
    throw failAt('SYNTAX_ERROR', at, 'a table has at most a catalog, a schema and a name');
  const { catalog, schemaName } = findSchema(catalogs, session, {
    table,
    ...(schema === undefined ? {} : { schema }),
    ...(catalogName === undefined ? {} : { catalog: catalogName }),
  });
  if (catalog.kind !== 'files')
    throw failAt('NOT_SUPPORTED', at, `catalog ${catalog.name}: This connector does not support ${what}`);
  const database = schemaName.toLowerCase();
  return { catalog, database, table, text: `${catalog.name}.${database}.${table}` };
}
