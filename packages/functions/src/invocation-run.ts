import type { ErganeError, InvocationReport, InvocationResult } from '@ergane/protocol';
import type { ServerResponse } from 'node:http';

/** An invocation that waits for an environment or has one. */
export interface Job {
  readonly requestId: string;
  readonly payload: Uint8Array;
  /** called once, with either outcome */
  readonly settle: (outcome: Outcome) => void;
}

export type Outcome = { readonly result: InvocationResult } | { readonly error: ErganeError };

/** What an environment does with one job, from START to its next request for work. */
export class InvocationRun {
  readonly job: Job;
  /** of a cold start: how long init took */
  readonly initDurationMs: number | undefined;
  readonly #startedAt = performance.now();
  #deadline: NodeJS.Timeout;
  #cancellationWaiters: ServerResponse[] = [];
  #cancelled = false;
  /** whether the function has answered, or the job was given up */
  isSettled = false;
  /** whether the function has answered */
  isAnswered = false;

  constructor(
    job: Job,
    options: { readonly initDurationMs?: number; readonly timeoutMs: number; readonly onTimeout: () => void },
  ) {
    this.job = job;
    this.initDurationMs = options.initDurationMs;
    this.#deadline = setTimeout(options.onTimeout, options.timeoutMs);
  }

  /** The caller's outcome, the first one only. */
  settle(outcome: Outcome): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.job.settle(outcome);
  }

  /** Tells the function, if it asks, and gives it `graceMs` to answer. */
  cancel(graceMs: number, onGraceOver: () => void): void {
    this.#cancelled = true;
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(onGraceOver, graceMs);
    this.#answerWaiters(200);
  }

  awaitCancellation(response: ServerResponse): void {
    this.#cancellationWaiters.push(response);
    if (this.#cancelled) this.#answerWaiters(200);
  }

  /** The function has answered or ended. Its deadline holds until `close`. */
  answered(): void {
    this.isAnswered = true;
    this.#answerWaiters(204);
  }

  close(): void {
    clearTimeout(this.#deadline);
    this.#answerWaiters(204);
  }

  report(memory: { readonly sizeMb: number; readonly maxUsedMb: number }): InvocationReport {
    const durationMs = performance.now() - this.#startedAt;
    return {
      requestId: this.job.requestId,
      durationMs,
      billedDurationMs: Math.ceil(durationMs + (this.initDurationMs ?? 0)),
      memorySizeMb: Math.round(memory.sizeMb),
      maxMemoryUsedMb: Math.ceil(memory.maxUsedMb),
      ...(this.initDurationMs !== undefined && { initDurationMs: this.initDurationMs }),
    };
  }

  #answerWaiters(status: 200 | 204): void {
    for (const response of this.#cancellationWaiters) {
      if (status === 204) response.writeHead(204).end();
      else response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"cancelled":true}');
    }
    this.#cancellationWaiters = [];
  }
}
