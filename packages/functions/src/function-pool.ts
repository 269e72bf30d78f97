import type { ErganeError, Invocation, InvocationReport, InvocationResult } from '@ergane/protocol';
import { randomUUID } from 'node:crypto';
import { ExecutionEnvironment, type EnvironmentPhase } from './execution-environment.ts';
import { FairQueue } from './fair-queue.ts';
import * as faults from './faults.ts';
import type { FunctionLog } from './function-log.ts';
import type { Job, Outcome } from './invocation-run.ts';
import type { MemoryWatch } from './memory-watch.ts';
import type { Reaper } from './reaper.ts';
import type { ResolvedFunction } from './resolve-function.ts';

/** What a function does now and has done since it was added. */
export interface FunctionStats {
  readonly name: string;
  readonly starting: number;
  readonly running: number;
  readonly idle: number;
  readonly queued: number;
  readonly invocations: number;
  readonly failures: number;
  readonly coldStarts: number;
  /** the most memory that one of its present environments has used */
  readonly peakMemoryMb: number;
  readonly pids: readonly number[];
}

export interface PoolOptions {
  readonly resolved: ResolvedFunction;
  readonly log: FunctionLog;
  readonly memoryWatch: MemoryWatch;
  readonly reaper: Reaper;
  readonly onReport: (report: InvocationReport) => void;
}

/** An environment that has answered asks for more work at once; one that has not done so for this long is not counted on. */
const ASK_AGAIN_MS = 50;
/** a provisioned environment that ends this soon is not replaced before there is work */
const SHORT_LIFE_MS = 1000;

/** The environments of one function: each runs one invocation at a time, at most `reservedConcurrency` at once. */
export class FunctionPool implements AsyncDisposable {
  readonly log: FunctionLog;
  readonly #options: PoolOptions;
  readonly #resolved: ResolvedFunction;
  readonly #environments = new Set<ExecutionEnvironment>();
  /** environments that have left the pool, until their processes are gone */
  readonly #closing = new Set<Promise<void>>();
  /** the most recently used is the last */
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #queue = new FairQueue<Job>();
  readonly #queued = new Map<Job, string>();
  readonly #running = new Map<Job, ExecutionEnvironment>();
  #recheckTimer: NodeJS.Timeout | undefined;
  #expiryTimer: NodeJS.Timeout | undefined;
  #closed = false;
  #invocations = 0;
  #failures = 0;
  #coldStarts = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#resolved = options.resolved;
    this.log = options.log;
    this.#provision();
  }

  invoke(invocation: Invocation): Promise<InvocationResult> {
    const { payload, signal, group = '' } = invocation;
    const { name, queueLimit } = this.#resolved;
    if (signal?.aborted === true) return Promise.reject(faults.cancelled(name, signal.reason));
    if (payload.length > faults.PAYLOAD_LIMIT) return Promise.reject(faults.requestTooLarge(name, payload.length));
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome): void => {
        signal?.removeEventListener('abort', abort);
        this.#running.delete(job);
        if ('result' in outcome && outcome.result.functionError === undefined) return resolve(outcome.result);
        this.#failures++;
        if ('result' in outcome) resolve(outcome.result);
        else reject(outcome.error);
      };
      const job: Job = { requestId: randomUUID(), payload, settle };
      const abort = (): void => this.#cancel(job, faults.cancelled(name, signal?.reason));
      this.#invocations++;
      this.#queue.push(job, group);
      this.#queued.set(job, group);
      signal?.addEventListener('abort', abort, { once: true });
      this.#dispatch();
      if (this.#queued.has(job) && this.#queue.size > queueLimit + this.#expected()) {
        this.#unqueue(job);
        settle({ error: faults.throttled(name, queueLimit) });
      }
    });
  }

  stats(): FunctionStats {
    const environments = [...this.#environments];
    const count = (wanted: EnvironmentPhase): number => environments.filter(({ phase }) => phase === wanted).length;
    return {
      name: this.#resolved.name,
      starting: count('starting'),
      running: count('running'),
      idle: count('idle'),
      queued: this.#queue.size,
      invocations: this.#invocations,
      failures: this.#failures,
      coldStarts: this.#coldStarts,
      peakMemoryMb: Math.ceil(Math.max(0, ...environments.map(({ peakMb }) => peakMb))),
      pids: environments.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#recheckTimer);
    clearTimeout(this.#expiryTimer);
    const error = faults.hostClosed(this.#resolved.name);
    for (let job = this.#take(); job !== undefined; job = this.#take()) job.settle({ error });
    for (const environment of [...this.#environments]) environment.end(error);
    await Promise.all(this.#closing);
  }

  #cancel(job: Job, error: ErganeError): void {
    if (this.#unqueue(job)) job.settle({ error });
    else this.#running.get(job)?.cancel(job, error);
  }

  #unqueue(job: Job): boolean {
    const group = this.#queued.get(job);
    return group !== undefined && this.#queued.delete(job) && this.#queue.delete(job, group);
  }

  #take(): Job | undefined {
    const job = this.#queue.shift();
    if (job !== undefined) this.#queued.delete(job);
    return job;
  }

  /** Gives waiting jobs to idle environments, and starts environments for those that no coming one can take. */
  #dispatch(): void {
    while (this.#queue.size > 0) {
      const environment = this.#idle.pop();
      const job = environment === undefined ? undefined : this.#take();
      if (environment === undefined || job === undefined) break;
      this.#running.set(job, environment);
      environment.run(job);
    }
    const wanted = this.#queue.size - this.#expected();
    const room = this.#resolved.reservedConcurrency - this.#environments.size;
    for (let count = Math.min(wanted, room); count > 0; count--) this.#start(false);
  }

  /** Environments that will soon ask for work. */
  #expected(): number {
    let expected = 0;
    let answered = 0;
    const now = performance.now();
    for (const { phase, phaseSince } of this.#environments) {
      if (phase === 'starting') expected++;
      else if (phase === 'answered' && now - phaseSince < ASK_AGAIN_MS) answered++;
    }
    if (answered > 0 && this.#recheckTimer === undefined) {
      this.#recheckTimer = setTimeout(() => {
        this.#recheckTimer = undefined;
        this.#dispatch();
      }, ASK_AGAIN_MS + 1);
    }
    return expected + answered;
  }

  #start(provisioned: boolean): void {
    const { resolved, log, memoryWatch, reaper, onReport } = this.#options;
    this.#coldStarts++;
    const environment = new ExecutionEnvironment({
      resolved,
      provisioned,
      log,
      memoryWatch,
      reaper,
      onReport,
      onIdle: (idle) => {
        this.#idle.push(idle);
        this.#dispatch();
        this.#scheduleExpiry();
      },
      onEnded: (ended, initError) => this.#ended(ended, initError),
    });
    this.#environments.add(environment);
  }

  #ended(environment: ExecutionEnvironment, initError: ErganeError | undefined): void {
    this.#environments.delete(environment);
    const index = this.#idle.indexOf(environment);
    if (index !== -1) this.#idle.splice(index, 1);
    this.#closing.add(environment.closed);
    void environment.closed.finally(() => this.#closing.delete(environment.closed));
    if (this.#closed) return;
    // each start that fails fails one invocation: so a function that cannot start does not start for ever
    if (initError !== undefined) this.#take()?.settle({ error: initError });
    else if (performance.now() - environment.createdAt > SHORT_LIFE_MS) this.#provision();
    this.#dispatch();
  }

  #provision(): void {
    while (this.#environments.size < this.#resolved.provisionedConcurrency) this.#start(true);
  }

  #scheduleExpiry(): void {
    if (this.#expiryTimer !== undefined || this.#idle.length === 0 || this.#closed) return;
    const oldest = Math.min(...this.#idle.map(({ phaseSince }) => phaseSince));
    const delay = Math.max(1, oldest + this.#resolved.idleMs - performance.now());
    this.#expiryTimer = setTimeout(() => this.#expire(), delay).unref();
  }

  #expire(): void {
    this.#expiryTimer = undefined;
    const before = performance.now() - this.#resolved.idleMs;
    const expired = this.#idle.filter(({ phaseSince }) => phaseSince <= before);
    const room = this.#environments.size - this.#resolved.provisionedConcurrency;
    for (const environment of expired.slice(0, Math.max(0, room))) environment.end();
    if (this.#environments.size > this.#resolved.provisionedConcurrency) this.#scheduleExpiry();
  }
}
