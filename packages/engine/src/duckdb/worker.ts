/** The entry of a worker thread that holds one DuckDB instance and runs one query at a time (see duckdb-worker.ts for the other side). */
import { mkdirSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import { ErganeError } from '@ergane/protocol';
import { readRows } from '../result/read-rows.ts';
import { prepareDuckdb, translateDuckdbError } from '../sql/index.ts';
import { BatchInbox, SIGNAL } from './batch-inbox.ts';
import { emptyScanContext, makeScanFunction } from './scan-function.ts';
import type { FromWorker, PlanRequest, RunRequest, ToWorker, WorkerSettings } from './worker-messages.ts';

/** What the creator of the thread hands over. */
export interface WorkerStart {
  readonly port: MessagePort;
  readonly signal: Int32Array;
  readonly settings: WorkerSettings;
}

/** Batches of rows that may be on their way to the reader of the result. */
const ROWS_WINDOW = 4;

/**
 * Optimisers that only obscure the plan: without them every filter keeps the columns of its table, IN lists stay lists, and no type or
 * value is changed for compression. After build_side_probe_side DuckDB cannot serialise plans that later ones change (it checks column
 * types that are out of date). The query itself runs with all of them, so which side of a join is read first is known only when it runs.
 */
const PLAN_WITHOUT = [
  'statistics_propagation',
  'compressed_materialization',
  'column_lifetime',
  'in_clause',
  'late_materialization',
  'top_n_window_elimination',
  'build_side_probe_side',
];
/**
 * Some plans cannot be serialised then. Statistics propagation makes the types right again that others left out of date; and without
 * `unused_columns`, which breaks such as a join with an aggregate of which one value is not used, the plan names every column.
 */
const PLAN_ATTEMPTS = [
  { without: PLAN_WITHOUT, columnsKnown: true },
  { without: PLAN_WITHOUT.filter((name) => name !== 'statistics_propagation'), columnsKnown: true },
  { without: [...PLAN_WITHOUT, 'unused_columns'], columnsKnown: false },
];

function send(message: FromWorker): void {
  parentPort?.postMessage(message, message.kind === 'recycled' ? [...message.buffers] : []);
}

async function openDuckdb(settings: WorkerSettings): Promise<DuckDBConnection> {
  mkdirSync(settings.temporaryDirectory, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(settings.threads),
    memory_limit: `${settings.memoryLimitMb}MB`,
    temp_directory: settings.temporaryDirectory,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  for (const statement of settings.setup) await connection.run(statement);
  if (settings.allowedDirectories.length > 0)
    await connection.run(`SET allowed_directories = [${settings.allowedDirectories.map(quote).join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  return connection;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

class QueryRunner {
  readonly #connection: DuckDBConnection;
  readonly #inbox: BatchInbox;
  readonly #signal: Int32Array;
  #context = emptyScanContext([], []);
  #result: DuckDBResult | undefined;
  #running: Promise<void> = Promise.resolve();
  #released = false;
  #interrupted = false;
  #hasOptimizersOff = false;
  #credits = 0;
  readonly #threads: number;
  #threadsNow: number;
  #wake: (() => void) | undefined;

  constructor(connection: DuckDBConnection, start: WorkerStart) {
    this.#connection = connection;
    this.#inbox = new BatchInbox(start.port, start.signal);
    this.#signal = start.signal;
    this.#threads = start.settings.threads;
    this.#threadsNow = this.#threads;
    connection.registerTableFunction(
      makeScanFunction({ inbox: this.#inbox, context: () => this.#context, send, threads: this.#threads }),
    );
  }

  handle(message: ToWorker): void {
    switch (message.kind) {
      case 'plan':
        this.#start(() => this.#plan(message));
        break;
      case 'run':
        this.#start(() => this.#run(message));
        break;
      case 'taken':
        this.#credits++;
        this.#wake?.();
        break;
      case 'interrupt':
        this.#interrupted = true;
        this.#connection.interrupt();
        this.#wake?.();
        break;
      case 'release':
        void this.#release();
        break;
    }
  }

  #start(work: () => Promise<void>): void {
    this.#running = this.#running
      .then(() => {
        Atomics.store(this.#signal, SIGNAL.busy, 1);
        this.#released = false;
        this.#interrupted = false;
        return work();
      })
      .catch((error: unknown) => {
        send(describeFailure(this.#context.failure ?? error));
      })
      .finally(() => {
        Atomics.store(this.#signal, SIGNAL.busy, 0);
        Atomics.notify(this.#signal, SIGNAL.busy);
      });
  }

  async #plan({ sql, tables }: PlanRequest): Promise<void> {
    this.#context = emptyScanContext(tables, []);
    let json = '';
    let columnsKnown = true;
    for (const attempt of PLAN_ATTEMPTS) {
      columnsKnown = attempt.columnsKnown;
      // both in one call: each costs two changes of thread
      const reader = await this.#connection.runAndReadAll(
        `SET disabled_optimizers = '${attempt.without.join()}';
         SELECT json_serialize_plan(${quote(sql)}, optimize := true)::VARCHAR`,
      );
      json = String(reader.getRows()[0]?.[0]);
      if (!json.startsWith('{"error":true')) break;
    }
    send({ kind: 'plan', json, columnsKnown });
    await this.#connection.run('RESET disabled_optimizers');
  }

  async #useThreads(count: number): Promise<void> {
    if (count === this.#threadsNow) return;
    await this.#connection.run(`SET threads = ${count}`);
    this.#threadsNow = count;
  }

  async #run({ sql, columns, keyColumns, streaming = false, without = [] }: RunRequest): Promise<void> {
    this.#context = emptyScanContext([...this.#context.tables.values()], keyColumns);
    await this.#useThreads(streaming ? 1 : this.#threads);
    this.#credits = ROWS_WINDOW;
    if (without.length > 0) {
      this.#hasOptimizersOff = true;
      await this.#connection.run(`SET disabled_optimizers = '${without.join()}'`);
    }
    this.#result = await this.#connection.stream(sql);
    for (;;) {
      const chunk = await this.#result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      send({ kind: 'rows', rows: readRows(chunk, columns) });
      this.#credits--;
      while (this.#credits <= 0 && !this.#released && !this.#interrupted)
        await new Promise<void>((wake) => (this.#wake = wake));
      if (this.#interrupted) throw new ErganeError('QUERY_CANCELLED', 'the query was cancelled');
      if (this.#released) return;
    }
    this.#result = undefined;
    send({ kind: 'end' });
  }

  async #release(): Promise<void> {
    this.#released = true;
    this.#wake?.();
    this.#connection.interrupt();
    await this.#running;
    const unfinished = this.#result;
    this.#result = undefined;
    // Only a fetch tells a stream that it was interrupted; its answer is of no more interest.
    await unfinished?.fetchChunk().catch(() => undefined);
    if (this.#hasOptimizersOff) await this.#connection.run('RESET disabled_optimizers');
    this.#hasOptimizersOff = false;
    this.#context = emptyScanContext([], []);
    this.#inbox.clear();
    send({ kind: 'released' });
  }
}

function describeFailure(error: unknown): FromWorker {
  const { code, message } = translateDuckdbError(error);
  return { kind: 'failed', message, code };
}

function isWorkerStart(data: unknown): data is WorkerStart {
  return typeof data === 'object' && data !== null && 'port' in data && 'signal' in data && 'settings' in data;
}

if (!isWorkerStart(workerData)) throw new ErganeError('INTERNAL', 'this file is the entry of a worker thread');
const connection = await openDuckdb(workerData.settings);
await prepareDuckdb(connection);
const runner = new QueryRunner(connection, workerData);
parentPort?.on('message', (message: ToWorker) => {
  runner.handle(message);
});
Atomics.store(workerData.signal, SIGNAL.busy, 0);
Atomics.notify(workerData.signal, SIGNAL.busy);
send({ kind: 'ready' });
