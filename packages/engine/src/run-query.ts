import { ErganeError, type ErrorCode } from '@ergane/protocol';
import { showNames } from './catalog/show.ts';
import type { Listing } from './catalog/show.ts';
import { showFunctions, showSession, showStats } from './catalog/show-details.ts';
import { showFederatedTable } from './statements/show-federated-table.ts';
import { makeQueryResolver } from './catalog/catalogs.ts';
import type { QueryResolver } from './catalog/catalogs.ts';
import type { DuckdbWorker } from './duckdb/duckdb-worker.ts';
import { executeQuery } from './duckdb/execute-query.ts';
import type { RunningQuery } from './duckdb/execute-query.ts';
import type { EngineParts, RunOptions } from './engine.ts';
import { analyzeQuery, explainQuery } from './explain/explain-query.ts';
import { printAs, printInputs } from './explain/print-formats.ts';
import { progressOf } from './explain/query-progress.ts';
import { planQuery } from './plan/plan-query.ts';
import type { PlannedQuery } from './plan/plan-scans.ts';
import { makeIdentity, makeQueryId } from './query-context.ts';
import type { QueryContext } from './query-context.ts';
import type { QueryResult, ResultValue } from './result/query-result.ts';
import { runPrepared } from './statements/run-prepared.ts';
import { runDdlText } from './statements/run-ddl-text.ts';
import { runView } from './statements/run-view.ts';
import { readCount, runWrite, WRITTEN_COLUMNS } from './statements/run-write.ts';
import { compileWith } from './query-parameters.ts';
import { parseStatement } from './sql/index.ts';
import type { CompiledQuery, Query, Statement } from './sql/index.ts';
import type { PreparedCopy, QueryWriter } from './write/write-context.ts';

const PROGRESS_MS = 200;

/** One statement: reads it, and runs what it is. */
export async function runQuery(parts: EngineParts, sql: string, options: RunOptions): Promise<QueryResult> {
  const statement = parseStatement(sql);
  switch (statement.kind) {
    case 'query':
      return runSelect(parts, statement.query, options);
    case 'show catalogs':
    case 'show schemas':
    case 'show tables':
    case 'show columns':
    case 'describe': {
      const asker = { queryId: makeQueryId(), signal: options.signal };
      return listed(await showNames(parts.catalogs, statement, { session: options, asker }));
    }
    case 'use': {
      const { catalog, schema } = statement;
      return { ...listed({ columns: [], rows: [] }), use: { schema, ...(catalog !== undefined && { catalog }) } };
    }
    case 'ddl': {
      const shown = await showFederatedTable(parts, statement.text, options);
      if (shown) return listed(shown);
      const { columns, rows } = await runDdlText(statement.text, { catalogs: parts.catalogs, session: options });
      return listed({ columns: columns.map((name) => ({ name, type: { kind: 'varchar' } })), rows });
    }
    case 'prepare':
    case 'execute':
    case 'execute immediate':
    case 'deallocate':
    case 'describe input':
    case 'describe output':
      return runPrepared(statement, {
        prepared: options.prepared,
        run: (text, parameters) => runQuery(parts, text, { ...options, parameters }),
        listed,
        describe: (query, values) => {
          const { context } = makeContext(parts, options);
          const resolver = makeQueryResolver(parts.catalogs, options, context);
          return compileWith(query, { resolver, options, ...values });
        },
      });
    case 'create table as':
    case 'insert':
    case 'unload':
      return runWrite(statement, {
        catalogs: parts.catalogs,
        session: options,
        signal: options.signal,
        writer: makeWriter(parts, options),
      });
    case 'create view':
    case 'drop view':
    case 'show create view':
    case 'show views':
      return listed(
        await runView(statement, {
          catalogs: parts.catalogs,
          session: options,
          compile: (query, newView) => makeWriter(parts, options).compile(query, newView),
        }),
      );
    case 'explain':
      return runExplain(parts, statement, options);
    case 'show functions':
      return listed(showFunctions(statement.like));
    case 'show session':
      return listed(showSession());
    case 'show stats': {
      const asker = { queryId: makeQueryId(), signal: options.signal };
      return listed(await showStats(parts.catalogs, statement.table, { session: options, asker }));
    }
  }
}

function listed({ columns, rows }: Listing): QueryResult {
  return {
    columns,
    batches: (async function* () {
      if (rows.length > 0) yield await Promise.resolve(rows);
    })(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** How statements that write get the rows of their query: the same way, into files. */
function makeWriter(parts: EngineParts, options: RunOptions): QueryWriter {
  return {
    async compile(query, newView) {
      const { context } = makeContext(parts, options);
      return (await compileFresh(parts, query, { context, options, newView })).compiled;
    },
    async write(query, prepare) {
      await using result = await runSelect(parts, query, options, prepare);
      return await readCount(result);
    },
  };
}

/** The life of a query: sql -> catalog -> plan -> split -> invoke -> read -> duckdb -> result, each in the folder of its name. */
async function runSelect(
  parts: EngineParts,
  query: Query,
  options: RunOptions,
  prepareCopy?: (compiled: CompiledQuery) => Promise<PreparedCopy>,
): Promise<QueryResult> {
  const { context, cancel } = makeContext(parts, options);
  const { resolver, compiled: translated } = await compileFresh(parts, query, { context, options });
  const copy = await prepareCopy?.(translated);
  const compiled = copy === undefined ? translated : intoFiles(translated, copy);
  const worker = await parts.pool.acquire(context.signal);
  try {
    const prepared = await planQuery(context, { worker, compiled, resolver });
    parts.sweep.begin(context.queryId);
    const { files } = prepared;
    const running = executeQuery({
      context,
      worker,
      compiled,
      ...prepared,
      ...(copy !== undefined && { files: { ...files, sql: copy.copy(files.sql) } }),
    });
    return resultOf(parts, {
      context,
      cancel,
      worker,
      compiled,
      resolver,
      planned: prepared.planned,
      running,
      options,
    });
  } catch (error) {
    forgetTables(resolver, error);
    await parts.pool.release(worker);
    throw error;
  }
}

/** The query in the form in which files hold its rows; what DuckDB answers is their number. */
function intoFiles({ duckdbSql, marked }: CompiledQuery, copy: PreparedCopy): CompiledQuery {
  return {
    kind: 'query',
    duckdbSql: copy.select(duckdbSql),
    ...(marked !== undefined && { marked: { ...marked, text: copy.select(marked.text) } }),
    columns: WRITTEN_COLUMNS,
  };
}

/** what a table that was looked at some time ago may cause */
const OUT_OF_DATE: readonly ErrorCode[] = ['COLUMN_NOT_FOUND', 'INVALID_VIEW', 'VIEW_IS_STALE'];

/** Translates a query. A column that is not known may have been added since its table was looked at: that is done again, once. */
async function compileFresh(
  parts: EngineParts,
  query: Query,
  {
    context,
    options,
    newView,
  }: { readonly context: QueryContext; readonly options: RunOptions; readonly newView?: string | undefined },
): Promise<{ readonly resolver: QueryResolver; readonly compiled: CompiledQuery }> {
  const resolver = makeQueryResolver(parts.catalogs, options, context);
  try {
    return { resolver, compiled: await compileWith(query, { resolver, options, newView }) };
  } catch (error) {
    if (!(error instanceof ErganeError) || !OUT_OF_DATE.includes(error.code)) throw error;
    for (const { table } of resolver.references) table.catalog.refresh();
    const again = makeQueryResolver(parts.catalogs, options, context);
    return { resolver: again, compiled: await compileWith(query, { resolver: again, options, newView }) };
  }
}

/** After a failure at the source its tables are looked at anew: they may have changed. */
function forgetTables({ references }: QueryResolver, error: unknown): void {
  if (!(error instanceof ErganeError) || error.code === 'QUERY_CANCELLED' || error.kind === 'user') return;
  for (const { table } of references) table.catalog.refresh();
}

/** EXPLAIN and EXPLAIN ANALYZE: the same way, and then what was found instead of the rows. */
async function runExplain(
  parts: EngineParts,
  { statement, analyze, format, type }: Extract<Statement, { kind: 'explain' }>,
  options: RunOptions,
): Promise<QueryResult> {
  if (!('query' in statement)) throw new ErganeError('NOT_SUPPORTED', 'EXPLAIN is for queries only');
  if (analyze && statement.kind !== 'query')
    throw new ErganeError(
      'NOT_SUPPORTED',
      'EXPLAIN ANALYZE would write: use EXPLAIN, or EXPLAIN ANALYZE of the query alone',
    );
  const { context, cancel } = makeContext(parts, options);
  const { resolver, compiled } = await compileFresh(parts, statement.query, { context, options });
  if (type === 'validate') return listed({ columns: [{ name: 'Valid', type: { kind: 'boolean' } }], rows: [[true]] });
  const worker = await parts.pool.acquire(context.signal);
  try {
    const query = { context, worker, compiled, ...(await planQuery(context, { worker, compiled, resolver })) };
    const explanation = analyze ? await analyzeQuery(query) : await explainQuery(query);
    const lines = type === 'io' ? [printInputs(explanation)] : printAs(format, explanation);
    return listed({ columns: [{ name: 'Query Plan', type: { kind: 'varchar' } }], rows: lines.map((line) => [line]) });
  } finally {
    cancel.abort();
    await parts.pool.release(worker);
    if (analyze) await parts.sweep.sweep(context.queryId, false);
  }
}

function makeContext(
  parts: EngineParts,
  options: RunOptions,
): { readonly context: QueryContext; readonly cancel: AbortController } {
  const cancel = new AbortController();
  const context = {
    queryId: makeQueryId(),
    identity: makeIdentity(parts.spill),
    invoker: parts.invoker,
    reader: parts.reader,
    spill: parts.spill,
    buffers: parts.buffers,
    signal: AbortSignal.any([parts.closing.signal, cancel.signal, ...(options.signal ? [options.signal] : [])]),
    pushdown: { ...parts.pushdown, ...options.pushdown },
  };
  return { context, cancel };
}

interface Started {
  readonly context: QueryContext;
  /** ends the query */
  readonly cancel: AbortController;
  readonly worker: DuckdbWorker;
  readonly compiled: CompiledQuery;
  readonly resolver: QueryResolver;
  readonly planned: PlannedQuery;
  readonly running: RunningQuery;
  readonly options: RunOptions;
}

function resultOf(parts: EngineParts, started: Started): QueryResult {
  const batches = readBatches(parts, started);
  return {
    columns: started.compiled.columns,
    batches,
    async [Symbol.asyncDispose]() {
      started.cancel.abort();
      // A generator that was never started has nothing to return from: read once, its signal is aborted.
      await batches.next().catch(() => undefined);
      await batches.return(undefined);
    },
  };
}

async function* readBatches(
  parts: EngineParts,
  { context, cancel, worker, resolver, planned, running, options }: Started,
): AsyncGenerator<readonly (readonly ResultValue[])[]> {
  const { onProgress } = options;
  const report = onProgress && (() => onProgress(progressOf(planned.scans, running.statistics)));
  const timer = report && setInterval(report, PROGRESS_MS);
  let complete = false;
  try {
    yield* running.rows;
    complete = true;
  } catch (error) {
    forgetTables(resolver, error);
    throw error;
  } finally {
    clearInterval(timer);
    cancel.abort();
    await running.rows.return(undefined);
    await parts.pool.release(worker);
    const statistics = [...running.statistics.values()];
    if (!complete || statistics.some(({ retries, spilledBytes }) => retries > 0 || spilledBytes > 0))
      await parts.sweep.sweep(context.queryId, !complete || statistics.some(({ running: still }) => still > 0));
    parts.sweep.end(context.queryId);
    report?.();
  }
}
