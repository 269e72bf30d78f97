import { LATEST_SERDE_VERSION } from '@ergane/protocol';
import type { QueryResolver, TableReference } from '../catalog/catalogs.ts';
import type { DuckdbWorker } from '../duckdb/duckdb-worker.ts';
import type { ScanTable } from '../duckdb/worker-messages.ts';
import { openFileScans } from '../files/open-file-scans.ts';
import type { FileScans } from '../files/open-file-scans.ts';
import { pushParts } from '../native/push-parts.ts';
import type { QueryContext } from '../query-context.ts';
import type { CompiledQuery } from '../sql/compiled-statement.ts';
import { planScans } from './plan-scans.ts';
import type { PlannedQuery, PlannedReference } from './plan-scans.ts';

/** A query that is ready to run: what each of its tables is asked for. */
export interface PreparedQuery {
  readonly planned: PlannedQuery & { readonly notes: readonly string[] };
  readonly references: readonly PlannedReference[];
  readonly files: FileScans;
}

/** A table of unknown size is taken for a large one: DuckDB then reads the others first, and their keys may narrow it. */
const UNKNOWN_ROWS = 1_000_000;

/** What the connectors can do, and what DuckDB's optimised plan asks of each; tables on S3 become relations of DuckDB's own. */
export async function planQuery(
  context: QueryContext,
  {
    worker,
    compiled,
    resolver,
  }: { readonly worker: DuckdbWorker; readonly compiled: CompiledQuery; readonly resolver: QueryResolver },
): Promise<PreparedQuery> {
  if (resolver.references.length === 0) {
    const files = await openFileScans(compiled.duckdbSql, {
      marker: '',
      scans: [],
      references: [],
      signal: context.signal,
    });
    return {
      planned: { scans: [], root: undefined, problem: undefined, columnsKnown: true, notes: [] },
      references: [],
      files,
    };
  }
  const tables = resolver.references.map(scanTable);
  const pushed = await pushParts(context, { worker, compiled, resolver, tables });
  const [plan, references] = await Promise.all([
    worker.plan({ sql: pushed.sql, tables: pushed.references.map(scanTable) }),
    describeReferences(context, pushed),
  ]);
  const planned = { ...planScans(plan, references, context.pushdown), notes: pushed.notes };
  const { signal, queryId: marker } = context;
  const files = await openFileScans(pushed.sql, { marker, scans: planned.scans, references, signal });
  return { planned, references, files };
}

function scanTable({ id, table }: TableReference): ScanTable {
  const { schemaName, tableName } = table.tableName;
  const name = `${table.catalog.name}.${schemaName}.${tableName}`;
  return { id, name, columns: table.columns, rowCount: table.rowCount ?? UNKNOWN_ROWS };
}

function describeReferences(
  context: QueryContext,
  { references }: Pick<QueryResolver, 'references'>,
): Promise<PlannedReference[]> {
  return Promise.all(
    references.map(async (reference) => {
      const { catalog } = reference.table;
      if (catalog.kind === 'files')
        return { ...reference, version: LATEST_SERDE_VERSION, readAhead: false, sourceType: 's3', capabilities: {} };
      const described = await catalog.ping(context);
      return { ...reference, ...described, capabilities: await catalog.capabilities(context) };
    }),
  );
}
