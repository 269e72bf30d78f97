import { MessageChannel, Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { ErganeError } from '@ergane/protocol';
import { SIGNAL } from './batch-inbox.ts';
import { makeDeferred } from './deferred.ts';
import type { Deferred } from './deferred.ts';
import type {
  FromWorker,
  PlanRequest,
  RunRequest,
  ScanMessage,
  SerialisedPlan,
  ToWorker,
  WorkerSettings,
} from './worker-messages.ts';
import { findWorkerEntry } from './worker-entry.ts';
import type { ResultValue } from '../result/query-result.ts';

type Row = readonly ResultValue[];
type OpenMessage = Extract<FromWorker, { kind: 'open' }>;

/** What a running query wants to know of its scans. */
export interface ScanListener {
  /** DuckDB starts to read a scan: send its batches as stream `stream` */
  onOpen(message: OpenMessage): void;
  /** DuckDB took a batch */
  onConsumed(stream: number): void;
}

/** Workers of this process that have not ended. */
const LIVE = new Set<DuckdbWorker>();
/** How long an exit of the process waits for DuckDB to let go. */
const EXIT_WAIT_MS = 2000;

/** A process that exits ends its threads; one in which DuckDB waits for JavaScript would then abort the process instead. */
function stopAtExit(): void {
  for (const worker of LIVE) worker.stopNow();
}

/** One worker thread with one DuckDB instance; one query at a time: `plan`, `run`, then `release`. */
export class DuckdbWorker {
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #signal = new Int32Array(new SharedArrayBuffer(SIGNAL.words * 4));
  readonly #recycle: (buffer: ArrayBuffer) => void;
  readonly #waiting: FromWorker[] = [];
  #wake: (() => void) | undefined;
  /** of the release that is under way */
  #releasing: Deferred<void> | undefined;
  #listener: ScanListener | undefined;
  #failure: ErganeError | undefined;

  /** `recycle` gets the memory of batches back */
  constructor(settings: WorkerSettings, recycle: (buffer: ArrayBuffer) => void = () => undefined) {
    this.#recycle = recycle;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = new Worker(findWorkerEntry(), {
      workerData: { port: port2, signal: this.#signal, settings },
      transferList: [port2],
      name: 'ergane-duckdb',
    });
    this.#worker.on('message', (message: FromWorker) => {
      this.#receive(message);
    });
    this.#worker.on('error', (error) => {
      this.#fail(new ErganeError('INTERNAL', `a worker of the engine failed: ${error.message}`, { cause: error }));
    });
    this.#worker.on('exit', () => {
      this.#fail(
        new ErganeError('INTERNAL', 'a worker of the engine ended in the middle of its work; run the query again'),
      );
    });
    port1.unref();
    Atomics.store(this.#signal, SIGNAL.busy, 1); // it opens
    if (LIVE.size === 0) process.on('exit', stopAtExit);
    LIVE.add(this);
    // An idle worker keeps no process alive.
    this.ready = this.#next(['ready']).then(() => {
      this.#worker.unref();
    });
    // Whoever uses the worker awaits `ready`; until then its failure is nobody's unhandled rejection.
    this.ready.catch(() => undefined);
  }

  /** Whether its thread has ended or failed: it cannot be used again. */
  get isBroken(): boolean {
    return this.#failure !== undefined;
  }

  /** The optimised plan as DuckDB's JSON; a query without tables needs none. */
  async plan(request: Omit<PlanRequest, 'kind'>): Promise<SerialisedPlan> {
    this.#begin();
    this.#post({ kind: 'plan', ...request });
    const answer = await this.#next(['plan']);
    return answer.kind === 'plan' ? answer : { json: '', columnsKnown: false };
  }

  /** Runs the planned query: its rows in batches, as fast as they are taken. */
  async *run(request: Omit<RunRequest, 'kind'>, listener: ScanListener): AsyncGenerator<readonly Row[]> {
    this.#listener = listener;
    this.#begin();
    this.#post({ kind: 'run', ...request });
    for (;;) {
      const answer = await this.#next(['rows', 'end']);
      if (answer.kind !== 'rows') return;
      yield answer.rows;
      this.#post({ kind: 'taken' });
    }
  }

  /** Hands a scan's message to DuckDB; the batch's memory moves along. */
  send(message: ScanMessage): void {
    this.#port.postMessage(message, message.kind === 'batch' ? [...message.batch.buffers] : []);
    Atomics.add(this.#signal, SIGNAL.sent, 1);
    Atomics.notify(this.#signal, SIGNAL.sent);
  }

  /** Stops the running query: `run` then fails. */
  interrupt(): void {
    this.#cancel();
    this.#post({ kind: 'interrupt' });
  }

  /** Ends the query, wherever it is; afterwards the worker can run the next one. */
  async release(): Promise<void> {
    if (this.#failure) return;
    if (this.#releasing) return this.#releasing.promise;
    this.#releasing = makeDeferred<void>();
    this.#worker.ref();
    this.#listener = undefined;
    this.#cancel();
    this.#post({ kind: 'release' });
    await this.#releasing.promise;
    this.#worker.unref();
  }

  /** Ends the thread as a fault would: for tests of what follows. */
  async crash(): Promise<void> {
    await this.#worker.terminate();
  }

  /** A thread that is ended while DuckDB waits for it would take the process along: first its query is ended. */
  async end(): Promise<void> {
    // DuckDB aborts the process when its thread is ended while it opens
    await this.ready.catch(() => undefined);
    await this.release();
    this.#fail(new ErganeError('QUERY_CANCELLED', 'the engine was closed'));
    this.#port.close();
    await this.#worker.terminate();
  }

  #begin(): void {
    Atomics.store(this.#signal, SIGNAL.cancelled, 0);
    this.#worker.ref();
  }

  /** Wakes a scan that waits, and tells it to give up. */
  #cancel(): void {
    Atomics.store(this.#signal, SIGNAL.cancelled, 1);
    Atomics.add(this.#signal, SIGNAL.sent, 1);
    Atomics.notify(this.#signal, SIGNAL.sent);
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'open') this.#listener?.onOpen(message);
    else if (message.kind === 'recycled') for (const buffer of message.buffers) this.#recycle(buffer);
    else if (message.kind === 'consumed') this.#listener?.onConsumed(message.stream);
    else if (message.kind === 'released') this.#released();
    else {
      this.#waiting.push(message);
      this.#wake?.();
    }
  }

  /** Cancels and waits, without the event loop: for the end of the process. */
  stopNow(): void {
    this.interrupt();
    Atomics.wait(this.#signal, SIGNAL.busy, 1, EXIT_WAIT_MS);
  }

  #fail(error: ErganeError): void {
    LIVE.delete(this);
    if (LIVE.size === 0) process.off('exit', stopAtExit);
    this.#failure ??= error;
    this.#wake?.();
    this.#released();
  }

  /** What the query still said is of no interest. */
  #released(): void {
    this.#waiting.length = 0;
    this.#releasing?.resolve();
    this.#releasing = undefined;
  }

  async #next(kinds: readonly FromWorker['kind'][]): Promise<FromWorker> {
    for (;;) {
      const answer = await this.#take();
      if (answer.kind === 'failed') throw new ErganeError(answer.code, answer.message);
      if (kinds.includes(answer.kind)) return answer;
    }
  }

  async #take(): Promise<FromWorker> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message) return message;
      if (this.#failure) throw this.#failure;
      await new Promise<void>((wake) => (this.#wake = wake));
    }
  }
}
