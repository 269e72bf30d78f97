import { ErganeError, LATEST_SERDE_VERSION } from '@ergane/protocol';
import { showNames } from './catalog/show.ts';
import type { Listing } from './catalog/show.ts';
import { makeQueryResolver } from './catalog/catalogs.ts';
import type { QueryResolver } from './catalog/catalogs.ts';
import type { DuckdbWorker } from './duckdb/duckdb-worker.ts';
import { openFileScans } from './files/open-file-scans.ts';
import { executeQuery } from './duckdb/execute-query.ts';
import type { RunningQuery } from './duckdb/execute-query.ts';
import type { EngineParts, RunOptions } from './engine.ts';
import { progressOf } from './explain/query-progress.ts';
import { planScans } from './plan/plan-scans.ts';
import type { PlannedQuery } from './plan/plan-scans.ts';
import { makeIdentity, makeQueryId } from './query-context.ts';
import type { QueryContext } from './query-context.ts';
import type { QueryResult, ResultValue } from './result/query-result.ts';
import { runDdlText } from './statements/run-ddl-text.ts';
import { compileQuery, parseStatement } from './sql/index.ts';
import type { CompiledQuery, Expression, Query } from './sql/index.ts';

const PROGRESS_MS = 200;

/** One statement: reads it, and runs what it is. */
export async function runQuery(parts: EngineParts, sql: string, options: RunOptions): Promise<QueryResult> {
  const statement = parseStatement(sql);
  switch (statement.kind) {
    case 'query':
      return runCompiled(parts, (resolver) => compileWith(statement.query, { resolver, options }), options);
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
      const { column, rows } = await runDdlText(statement.text, { catalogs: parts.catalogs, session: options });
      const columns = column === undefined ? [] : [{ name: column, type: { kind: 'varchar' as const } }];
      return listed({ columns, rows: rows.map((row) => [row]) });
    }
    case 'explain':
    case 'show functions':
      throw new ErganeError('NOT_SUPPORTED', `${statement.kind.toUpperCase()} is not supported yet`);
  }
}

function compileWith(
  query: Query,
  { resolver, options }: { readonly resolver: QueryResolver; readonly options: RunOptions },
): Promise<CompiledQuery> {
  const { catalog, schema, parameters = [] } = options;
  const session = {
    startedAt: new Date(),
    ...(catalog !== undefined && { catalog }),
    ...(schema !== undefined && { schema }),
  };
  return compileQuery(query, { resolver, session, parameters: parameters.map(parseParameter) });
}

/** The value of a `?`: any expression without names, such as `DATE '2024-01-01'`. */
function parseParameter(text: string): Expression {
  const statement = parseStatement(`SELECT ${text}`);
  const body = statement.kind === 'query' ? statement.query.body : undefined;
  const [item] = body?.kind === 'select' && body.from === undefined && body.items.length === 1 ? body.items : [];
  if (item?.kind === 'expression' && item.alias === undefined) return item.expression;
  throw new ErganeError('INVALID_FUNCTION_ARGUMENT', `the parameter ${text} is no value; write it as a SQL literal`);
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

/** The life of a query: sql -> catalog -> plan -> split -> invoke -> read -> duckdb -> result, each in the folder of its name. */
export async function runCompiled(
  parts: EngineParts,
  compile: (resolver: QueryResolver) => Promise<CompiledQuery>,
  options: RunOptions,
): Promise<QueryResult> {
  const context = makeContext(parts, options);
  const resolver = makeQueryResolver(parts.catalogs, options, context);
  const compiled = await compile(resolver);
  const worker = await parts.pool.acquire();
  try {
    const planned = await planQuery(context, { worker, compiled, resolver });
    const files = await openFileScans(compiled.duckdbSql, {
      marker: context.queryId,
      scans: planned.scans,
      references: resolver.references,
      signal: context.signal,
    });
    const running = executeQuery({ context, worker, compiled, planned, references: resolver.references, files });
    return resultOf(parts, { context, worker, compiled, planned, running, options });
  } catch (error) {
    await parts.pool.release(worker);
    throw error;
  }
}

function makeContext(parts: EngineParts, options: RunOptions): QueryContext & { readonly cancel: AbortController } {
  const cancel = new AbortController();
  return {
    queryId: makeQueryId(),
    identity: makeIdentity(parts.spill),
    invoker: parts.invoker,
    reader: parts.reader,
    spill: parts.spill,
    signal: options.signal ? AbortSignal.any([options.signal, cancel.signal]) : cancel.signal,
    cancel,
  };
}

/** What the connectors can do, and what DuckDB's optimised plan asks of each. */
export async function planQuery(
  context: QueryContext,
  { worker, compiled, resolver }: { worker: DuckdbWorker; compiled: CompiledQuery; resolver: QueryResolver },
): Promise<PlannedQuery> {
  const tables = resolver.references.map(({ id, table }) => ({
    id,
    name: `${table.catalog.name}.${table.tableName.schemaName}.${table.tableName.tableName}`,
    columns: table.columns,
    rowCount: table.rowCount,
  }));
  const references = Promise.all(
    resolver.references.map(async (reference) => {
      const { catalog } = reference.table;
      if (catalog.kind === 'files') return { ...reference, version: LATEST_SERDE_VERSION, capabilities: {} };
      const { version } = await catalog.ping(context);
      return { ...reference, version, capabilities: await catalog.capabilities(context) };
    }),
  );
  const [json, known] = await Promise.all([worker.plan({ sql: compiled.duckdbSql, tables }), references]);
  return planScans(json, known);
}

interface Started {
  readonly context: QueryContext & { readonly cancel: AbortController };
  readonly worker: DuckdbWorker;
  readonly compiled: CompiledQuery;
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
      started.context.cancel.abort();
      // A generator that was never started has nothing to return from: read once, its signal is aborted.
      await batches.next().catch(() => undefined);
      await batches.return(undefined);
    },
  };
}

async function* readBatches(
  parts: EngineParts,
  { context, worker, planned, running, options }: Started,
): AsyncGenerator<readonly (readonly ResultValue[])[]> {
  const { onProgress } = options;
  const report = onProgress && (() => onProgress(progressOf(planned.scans, running.statistics)));
  const timer = report && setInterval(report, PROGRESS_MS);
  let complete = false;
  try {
    yield* running.rows;
    complete = true;
  } finally {
    clearInterval(timer);
    context.cancel.abort();
    await running.rows.return(undefined);
    await parts.pool.release(worker);
    const statistics = [...running.statistics.values()];
    if (!complete || statistics.some(({ retries, spilledBytes }) => retries > 0 || spilledBytes > 0))
      await parts.sweep.sweep(context.queryId, !complete || statistics.some(({ running: still }) => still > 0));
    report?.();
  }
}
