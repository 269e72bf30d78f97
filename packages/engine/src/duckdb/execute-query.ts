import { ErganeError } from '@ergane/protocol';
import type { TableReference } from '../catalog/catalogs.ts';
import type { FileScans } from '../files/open-file-scans.ts';
import { readFileKeys } from '../files/read-file-keys.ts';
import type { ScanStatistics } from '../explain/scan-statistics.ts';
import { isStreaming } from '../plan/is-streaming.ts';
import type { PlannedQuery } from '../plan/plan-scans.ts';
import { optimizersOff } from '../plan/pushdown-options.ts';
import type { QueryContext } from '../query-context.ts';
import type { ResultValue } from '../result/query-result.ts';
import type { CompiledQuery } from '../sql/compiled-statement.ts';
import type { DuckdbWorker } from './duckdb-worker.ts';
import { ScanFeeder } from './feed-scans.ts';

/** A planned query that runs: read `rows` to its end, or return from it early, and everything is over. */
export interface RunningQuery {
  readonly rows: AsyncGenerator<readonly (readonly ResultValue[])[]>;
  readonly statistics: ReadonlyMap<number, ScanStatistics>;
}

export interface Execution {
  readonly context: QueryContext;
  readonly worker: DuckdbWorker;
  readonly compiled: CompiledQuery;
  readonly planned: PlannedQuery;
  readonly references: readonly TableReference[];
  /** its tables on S3 */
  readonly files: FileScans;
}

/** Starts the scans and DuckDB. Rows come as fast as they are taken. */
export function executeQuery({ context, worker, compiled, planned, references, files }: Execution): RunningQuery {
  const federated = planned.scans.filter(({ id }) => !files.scans.has(id));
  const feeder = new ScanFeeder({ context, worker, scans: federated, references, columnsKnown: planned.columnsKnown });
  feeder.startEarly();
  const statistics = new Map([...feeder.statistics, ...files.statistics]);
  return { rows: readRows(feeder, { context, worker, compiled, planned, references, files }), statistics };
}

async function* readRows(
  feeder: ScanFeeder,
  { compiled, ...query }: Execution,
): AsyncGenerator<readonly (readonly ResultValue[])[]> {
  const { context, worker, files } = query;
  const { signal } = context;
  const onAbort = (): void => {
    worker.interrupt();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    feeder.know(await readFileKeys(query));
    const request = {
      sql: files.sql,
      columns: compiled.columns,
      keyColumns: feeder.keyColumns(),
      streaming: isStreaming(query.planned.root),
      without: optimizersOff(context.pushdown),
    };
    yield* worker.run(request, feeder);
    if (signal.aborted) throw cancelled(signal);
    await files.checkUnchanged();
  } catch (error) {
    if (signal.aborted) throw cancelled(signal);
    throw feeder.failure ?? (await files.describe(error));
  } finally {
    signal.removeEventListener('abort', onAbort);
    await feeder.stop();
    files[Symbol.dispose]();
  }
}

function cancelled(signal: AbortSignal): ErganeError {
  if (signal.reason instanceof ErganeError) return signal.reason;
  return new ErganeError('QUERY_CANCELLED', 'the query was cancelled', { cause: signal.reason });
}
