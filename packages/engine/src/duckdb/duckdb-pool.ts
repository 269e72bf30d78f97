import { ErganeError } from '@ergane/protocol';
import { makeDeferred } from './deferred.ts';
import { DuckdbWorker } from './duckdb-worker.ts';
import type { WorkerSettings } from './worker-messages.ts';

/**
 * Workers that run queries: as many as `size`, started when needed and kept. A query holds one from its plan to its last row.
 * A running query also holds one of libuv's threads (DuckDB's calls wait there), so `size` must stay below UV_THREADPOOL_SIZE:
 * see `workerLimit`.
 */
export class DuckdbPool implements AsyncDisposable {
  readonly #settings: WorkerSettings;
  readonly #size: number;
  readonly #recycle: ((buffer: ArrayBuffer) => void) | undefined;
  readonly #idle: DuckdbWorker[] = [];
  readonly #all = new Set<DuckdbWorker>();
  readonly #queue: ((worker: DuckdbWorker | undefined) => void)[] = [];
  #closed = false;

  constructor(settings: WorkerSettings, size: number, recycle?: (buffer: ArrayBuffer) => void) {
    this.#settings = settings;
    this.#recycle = recycle;
    this.#size = size;
    this.#idle.push(this.#start());
  }

  /** A worker that is ready, for one query; waits while all are taken, until `signal` gives up. */
  async acquire(signal?: AbortSignal): Promise<DuckdbWorker> {
    if (this.#closed) throw new ErganeError('QUERY_CANCELLED', 'the engine was closed');
    let worker = this.#idle.pop();
    if (!worker && this.#all.size < this.#size) worker = this.#start();
    worker ??= await this.#wait(signal);
    try {
      await worker.ready;
      return worker;
    } catch (error) {
      this.#discard(worker);
      throw error;
    }
  }

  /** Takes a worker back once it has forgotten its query. */
  async release(worker: DuckdbWorker): Promise<void> {
    await worker.release().catch(() => undefined);
    if (this.#closed) return;
    if (worker.isBroken) return this.#discard(worker);
    const next = this.#queue.shift();
    if (next) next(worker);
    else this.#idle.push(worker);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const giveUp of this.#queue.splice(0)) giveUp(undefined);
    await Promise.all([...this.#all].map((worker) => worker.end()));
    this.#all.clear();
    this.#idle.length = 0;
  }

  async #wait(signal: AbortSignal | undefined): Promise<DuckdbWorker> {
    const { promise, resolve } = makeDeferred<DuckdbWorker | undefined>();
    const giveUp = (): void => {
      const index = this.#queue.indexOf(resolve);
      if (index >= 0) this.#queue.splice(index, 1);
      resolve(undefined);
    };
    this.#queue.push(resolve);
    signal?.addEventListener('abort', giveUp, { once: true });
    if (signal?.aborted) giveUp();
    const worker = await promise;
    signal?.removeEventListener('abort', giveUp);
    if (worker) return worker;
    throw new ErganeError('QUERY_CANCELLED', 'the query was cancelled while it waited for its turn');
  }

  #start(): DuckdbWorker {
    const worker = new DuckdbWorker(this.#settings, this.#recycle);
    this.#all.add(worker);
    return worker;
  }

  #discard(worker: DuckdbWorker): void {
    this.#all.delete(worker);
    const next = this.#queue.shift();
    if (next) next(this.#start());
    void worker.end();
  }
}

/**
 * How many queries may run at once: what is asked, but one less than libuv has threads, so that files and names can always be read.
 * Programs that want more set UV_THREADPOOL_SIZE before Node starts its first file operation.
 */
export function workerLimit(asked: number, threadPoolSize: number): number {
  return Math.max(1, Math.min(asked, threadPoolSize - 1));
}
