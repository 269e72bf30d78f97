import { tmpdir } from 'node:os';
import path from 'node:path';
import { ErganeError } from '@ergane/protocol';
import type { Invoker } from '@ergane/protocol';
import type { ObjectStore } from '@ergane/storage';
import type { DescribedColumn } from './catalog/catalog.ts';
import type { Catalog } from './catalog/catalog.ts';
import { CatalogSet, findCatalog } from './catalog/catalogs.ts';
import type { Catalogs } from './catalog/catalogs.ts';
import { FederatedCatalog } from './catalog/federated-catalog.ts';
import type { InferredTable } from './catalog/inference.ts';
import { DuckdbPool, workerLimit } from './duckdb/duckdb-pool.ts';
import { FileCatalog } from './files/file-catalog.ts';
import type { Warehouse } from './files/warehouse.ts';
import type { Metastore } from './metastore/metastore.ts';
import { withDeadline } from './invoke/with-deadline.ts';
import { withLimit } from './invoke/with-limit.ts';
import { withRetry } from './invoke/with-retry.ts';
import { withThrownErrors } from './invoke/with-thrown-errors.ts';
import { makeIdentity, makeQueryId } from './query-context.ts';
import type { QueryProgress } from './explain/query-progress.ts';
import type { PushdownOptions } from './plan/pushdown-options.ts';
import { BufferPool } from './read/buffer-pool.ts';
import { SpillSweep } from './read/spill-sweep.ts';
import type { QueryResult } from './result/query-result.ts';
import { runQuery } from './run-query.ts';
import type { PreparedStatements } from './statements/run-prepared.ts';
import { cleanOrphans } from './write/clean-write.ts';
import { isRunningHere, type WriteStep } from './write/write-transaction.ts';

export interface CatalogOptions {
  readonly functionName: string;
  /** milliseconds that one invocation may take; default 900 s, Lambda's limit */
  readonly timeoutMs?: number;
  /** splits read at once; default 8 */
  readonly maxConcurrency?: number;
}

/** Where the catalog `awsdatacatalog`, the tables on S3, is kept and read. */
export interface DataCatalogOptions {
  readonly metastore: Metastore;
  readonly warehouse: Warehouse;
  /** is told of every step of a statement that writes, and waited for */
  readonly onWriteStep?: (step: WriteStep) => void | Promise<void>;
}

export interface EngineOptions {
  readonly catalogs: Readonly<Record<string, CatalogOptions>>;
  readonly invoker: Invoker;
  readonly spill: { readonly store: ObjectStore; readonly bucket: string; readonly prefix: string };
  /** default: there is no catalog `awsdatacatalog` */
  readonly dataCatalog?: DataCatalogOptions;
  /** queries that may run at once; default 8, and never more than libuv's threads less one (UV_THREADPOOL_SIZE) */
  readonly workers?: number;
  /** memory of DuckDB, for one query; default 1024 */
  readonly memoryLimitMb?: number;
  /** where DuckDB puts what does not fit; default a folder of the system's temporary directory */
  readonly temporaryDirectory?: string;
  /** default: all */
  readonly pushdown?: PushdownOptions;
}

export interface RunOptions {
  readonly catalog?: string;
  readonly schema?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: QueryProgress) => void;
  /** what may be left to the sources; over the engine's own setting */
  readonly pushdown?: PushdownOptions;
  /** values of the statement's `?`, as SQL literals */
  readonly parameters?: readonly string[];
  /** where PREPARE keeps statements for EXECUTE; default: nowhere */
  readonly prepared?: PreparedStatements;
}

/** SQL text in, rows out. */
export interface Engine extends AsyncDisposable {
  /** Runs one statement. Resolves when its columns are known; rows come with `batches`. Throws ErganeError. */
  run(sql: string, options?: RunOptions): Promise<QueryResult>;
  listCatalogs(): readonly string[];
  listSchemas(catalog: string): Promise<readonly string[]>;
  listTables(catalog: string, schema: string): Promise<readonly string[]>;
  describeTable(catalog: string, schema: string, table: string): Promise<readonly DescribedColumn[]>;
  /** What a sample of a table shows; undefined: its source says itself what its tables are. */
  inferTable(catalog: string, schema: string, table: string): Promise<InferredTable | undefined>;
  /** Forgets what is known of a catalog's tables, or of all catalogs'. */
  refresh(catalog?: string): void;
}

/** What the stages of a query share. */
export interface EngineParts {
  readonly catalogs: Catalogs;
  readonly pool: DuckdbPool;
  readonly buffers: BufferPool;
  readonly sweep: SpillSweep;
  /** cancels every query */
  readonly closing: AbortController;
  readonly spill: EngineOptions['spill'];
  /** for metadata */
  readonly invoker: Invoker;
  /** for splits, without retries: these are counted by scan */
  readonly reader: Invoker;
  readonly pushdown: PushdownOptions;
}

const DEFAULT_TIMEOUT_MS = 900_000;
const DEFAULT_CONCURRENCY = 8;
const DEFAULT_WORKERS = 8;
const DEFAULT_MEMORY_MB = 1024;
/** Athena's name of the catalog of tables on S3 */
const DATA_CATALOG = 'awsdatacatalog';

export function createEngine(options: EngineOptions): Promise<Engine> {
  const parts = makeParts(options);
  parts.sweep.sweepOld();
  const { dataCatalog } = options;
  // what is left over is in nobody's way, and is tried again at the next start
  const cleaning =
    dataCatalog === undefined ? undefined : cleanOrphans(dataCatalog, isRunningHere).catch(() => undefined);
  return Promise.resolve({
    run: (sql, runOptions = {}) => runQuery(parts, sql, withDefaultNames(runOptions, options)),
    listCatalogs: () => [...parts.catalogs.keys()],
    listSchemas: (catalog) => findCatalog(parts.catalogs, catalog).listSchemas(asker()),
    async listTables(catalog, schema) {
      const tables = await findCatalog(parts.catalogs, catalog).listTables(schema, asker());
      return tables.map(({ tableName }) => tableName);
    },
    describeTable: (catalog, schema, table) =>
      findCatalog(parts.catalogs, catalog).describeTable({ schemaName: schema, tableName: table }, asker()),
    async inferTable(catalog, schema, table) {
      const found = findCatalog(parts.catalogs, catalog);
      if (found.kind !== 'federated') return undefined;
      return found.inferTable({ schemaName: schema, tableName: table }, asker());
    },
    refresh(catalog) {
      const some = catalog === undefined ? [...parts.catalogs.values()] : [findCatalog(parts.catalogs, catalog)];
      for (const one of some) one.refresh();
    },
    async [Symbol.asyncDispose]() {
      parts.closing.abort(new ErganeError('QUERY_CANCELLED', 'the engine was closed'));
      await parts.pool[Symbol.asyncDispose]();
      await parts.sweep[Symbol.asyncDispose]();
      await cleaning;
      await dataCatalog?.warehouse[Symbol.asyncDispose]();
    },
  });
}

/** As in Athena, names without a catalog mean `awsdatacatalog`, and there the database `default`. */
function withDefaultNames(run: RunOptions, { dataCatalog }: EngineOptions): RunOptions {
  if (dataCatalog === undefined || run.catalog !== undefined) return run;
  return { schema: 'default', ...run, catalog: DATA_CATALOG };
}

function asker(): { readonly queryId: string } {
  return { queryId: makeQueryId() };
}

/** The parts of an engine; for tests of its stages. */
export function makeParts(options: EngineOptions): EngineParts {
  const byFunction = new Map(Object.values(options.catalogs).map((catalog) => [catalog.functionName, catalog]));
  const timed = withDeadline(
    withThrownErrors(options.invoker),
    (functionName) => byFunction.get(functionName)?.timeoutMs ?? DEFAULT_TIMEOUT_MS,
  );
  const concurrencyOf = (catalog: CatalogOptions | undefined): number => catalog?.maxConcurrency ?? DEFAULT_CONCURRENCY;
  const invoker = withRetry(timed);
  const reader = withLimit(timed, (functionName) => concurrencyOf(byFunction.get(functionName)));
  const identity = makeIdentity(options.spill);
  const makeCatalog = (name: string, functionName: string): Catalog => {
    const maxConcurrency = concurrencyOf(byFunction.get(functionName));
    return new FederatedCatalog({ name, functionName, maxConcurrency, invoker, identity });
  };
  const catalogs = new CatalogSet(
    Object.entries(options.catalogs).map(([name, catalog]) => [
      name.toLowerCase(),
      makeCatalog(name.toLowerCase(), catalog.functionName),
    ]),
    makeCatalog,
  );
  const { dataCatalog } = options;
  if (dataCatalog !== undefined) catalogs.set(DATA_CATALOG, new FileCatalog({ name: DATA_CATALOG, ...dataCatalog }));
  const temporaryDirectory = options.temporaryDirectory ?? path.join(tmpdir(), `ergane-${process.pid}`);
  const settings = {
    threads: 2,
    memoryLimitMb: options.memoryLimitMb ?? DEFAULT_MEMORY_MB,
    temporaryDirectory,
    allowedDirectories: dataCatalog?.warehouse.folders ?? [],
    setup: dataCatalog?.warehouse.setup ?? [],
  };
  const threadPool = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4) || 4;
  const buffers = new BufferPool();
  const size = workerLimit(options.workers ?? DEFAULT_WORKERS, threadPool);
  const pool = new DuckdbPool(settings, size, (buffer) => buffers.give(buffer));
  return {
    catalogs,
    pool,
    buffers,
    sweep: new SpillSweep(options.spill),
    closing: new AbortController(),
    spill: options.spill,
    invoker,
    reader,
    pushdown: options.pushdown ?? {},
  };
}
