import type { ErganeError, InvocationReport } from '@ergane/protocol';
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { environmentVariables } from './environment-variables.ts';
import * as faults from './faults.ts';
import { readLines, type FunctionLog } from './function-log.ts';
import { InvocationRun, type Job } from './invocation-run.ts';
import type { MemoryWatch } from './memory-watch.ts';
import { looksLikeJson, type ReadBody } from './payload.ts';
import { startProcessGroup, type ProcessEnd, type ProcessGroup } from './process-group.ts';
import { readTreeMemory, type MemoryReading } from './process-memory.ts';
import type { Reaper } from './reaper.ts';
import { printReportLine } from './report-line.ts';
import type { ResolvedFunction } from './resolve-function.ts';
import { cancellationPath, serveRuntimeApi, type RuntimeApi, type RuntimeApiHandler } from './runtime-api.ts';

/** `starting`: in init; `idle`: waits for work; `answered`: has answered, but not yet asked for more. */
export type EnvironmentPhase = 'starting' | 'idle' | 'running' | 'answered' | 'ended';

/** What an environment needs of its function and its host, and whom it tells what. */
export interface EnvironmentOptions {
  readonly resolved: ResolvedFunction;
  readonly provisioned: boolean;
  readonly log: FunctionLog;
  readonly memoryWatch: MemoryWatch;
  readonly reaper: Reaper;
  readonly onIdle: (environment: ExecutionEnvironment) => void;
  /** once; `initError` when it never asked for work */
  readonly onEnded: (environment: ExecutionEnvironment, initError: ErganeError | undefined) => void;
  readonly onReport: (report: InvocationReport) => void;
}

/** enough for a heap's last words: the native stack comes after them */
const LAST_OUTPUT_LINES = 50;
/** how old a memory reading may be when a REPORT line is printed */
const FRESH_READING_MS = 50;
/** an environment that is ended in peace has this long to end by itself */
const TERMINATION_GRACE_MS = 500;

/** One process that runs a function, with its Runtime API: the unit that Lambda calls an execution environment. */
export class ExecutionEnvironment implements RuntimeApiHandler {
  /** in the form of Lambda's log stream names */
  readonly id = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomBytes(16).toString('hex')}`;
  /** performance.now() of the last change of phase */
  phaseSince = performance.now();
  /** resolves when no process and no socket of it is left */
  readonly closed: Promise<void>;
  readonly createdAt = performance.now();
  readonly #options: EnvironmentOptions;
  #phase: EnvironmentPhase = 'starting';
  #api: RuntimeApi | undefined;
  #group: ProcessGroup | undefined;
  #initTimer: NodeJS.Timeout | undefined;
  #initDurationMs: number | undefined;
  #next: ServerResponse | undefined;
  #run: InvocationRun | undefined;
  #requestId: string | undefined;
  #peakMb = 0;
  #readMemoryAt = 0;

  constructor(options: EnvironmentOptions) {
    this.#options = options;
    options.memoryWatch.add(this);
    this.closed = this.#live().catch((error: unknown) => {
      const problem = error instanceof Error ? error.message : String(error);
      this.#end(faults.initEnded(options.resolved, this.#details({ problem })), 'SIGKILL');
    });
  }

  get phase(): EnvironmentPhase {
    return this.#phase;
  }

  get pid(): number | undefined {
    return this.#group?.pid;
  }

  get peakMb(): number {
    return this.#peakMb;
  }

  get memoryLimitMb(): number {
    return this.#options.resolved.memoryMb;
  }

  get isActive(): boolean {
    return this.#phase === 'starting' || this.#phase === 'running';
  }

  /** Gives work to an idle environment. */
  run(job: Job): void {
    const { resolved } = this.#options;
    const response = this.#next;
    if (response === undefined || this.#phase !== 'idle')
      throw new Error(`an environment that is ${this.#phase} was given work`);
    this.#next = undefined;
    this.#requestId = job.requestId;
    this.#run = new InvocationRun(job, {
      ...(this.#initDurationMs !== undefined && { initDurationMs: this.#initDurationMs }),
      timeoutMs: resolved.timeoutMs,
      onTimeout: () => this.#timedOut(),
    });
    this.#initDurationMs = undefined;
    this.#enter('running');
    this.#options.memoryWatch.wake();
    this.#print(`START RequestId: ${job.requestId} Version: $LATEST`);
    const now = Date.now();
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': job.payload.length,
      'Lambda-Runtime-Aws-Request-Id': job.requestId,
      'Lambda-Runtime-Deadline-Ms': Math.floor(now + resolved.timeoutMs),
      'Lambda-Runtime-Invoked-Function-Arn': resolved.arn,
      'Lambda-Runtime-Trace-Id': traceId(now, job.requestId),
      'Ergane-Cancellation-Path': cancellationPath(job.requestId),
    });
    response.end(job.payload);
  }

  /** Ends the running job for its caller at once; the environment stays if the function answers in time. */
  cancel(job: Job, error: ErganeError): void {
    const run = this.#run;
    if (run?.job !== job || run.isAnswered) return;
    run.settle({ error });
    run.cancel(this.#options.resolved.cancellationMs, () => {
      this.#print(`RequestId: ${job.requestId} was cancelled and did not stop: its environment is ended`);
      this.#end(undefined, 'SIGKILL');
    });
  }

  /** Ends it: an idle one in peace, a running one at once, whose job fails with `error`. */
  end(error?: ErganeError): void {
    this.#end(error, this.#phase === 'running' ? 'SIGKILL' : 'SIGTERM');
  }

  next(response: ServerResponse): boolean {
    if (this.#phase === 'running' || this.#phase === 'ended') return false;
    if (this.#phase === 'starting') this.#initDurationMs = performance.now() - this.phaseSince;
    clearTimeout(this.#initTimer);
    this.#run?.close();
    this.#run = undefined;
    this.#next?.destroy();
    this.#next = response;
    response.on('close', () => {
      if (this.#next === response) this.#end(undefined, 'SIGKILL');
    });
    this.#enter('idle');
    this.#options.onIdle(this);
    return true;
  }

  isCurrent(requestId: string): boolean {
    return this.#phase === 'running' && this.#run?.job.requestId === requestId;
  }

  answer(requestId: string, read: ReadBody, kind: 'response' | 'error'): boolean {
    const run = this.#run;
    if (run === undefined || !this.isCurrent(requestId)) return false;
    const { name } = this.#options.resolved;
    if ('tooLarge' in read) {
      this.#end(faults.responseTooLarge(name, read.tooLarge, requestId), 'SIGKILL');
    } else if (!looksLikeJson(read.body)) {
      this.#end(faults.responseInvalid(name, read.body, requestId), 'SIGKILL');
    } else {
      this.#enter('answered');
      run.answered();
      const report = this.#report(run, kind === 'error' ? { status: 'error' } : undefined);
      const failure = kind === 'error' ? { functionError: 'Unhandled' as const } : {};
      run.settle({ result: { payload: read.body, report, ...failure } });
    }
    return true;
  }

  initError(body: Uint8Array): void {
    if (this.#phase !== 'starting') return;
    this.#end(faults.initFailed(this.#options.resolved, body, this.#details()), 'SIGKILL');
  }

  awaitCancellation(requestId: string, response: ServerResponse): void {
    if (this.#run !== undefined && this.isCurrent(requestId)) this.#run.awaitCancellation(response);
    else response.writeHead(204).end();
  }

  observeMemory(reading: MemoryReading): void {
    this.#readMemoryAt = performance.now();
    this.#peakMb = Math.max(this.#peakMb, reading.peakMb);
    const { resolved } = this.#options;
    if (this.isActive && this.#peakMb > resolved.memoryMb) {
      this.#end(faults.outOfMemory(resolved, this.#details()), 'SIGKILL');
    }
  }

  /** The whole life: Runtime API, process, end of the process. */
  async #live(): Promise<void> {
    const { resolved, provisioned, reaper } = this.#options;
    this.#api = await serveRuntimeApi(this);
    if (this.#phase === 'ended') return this.#api[Symbol.dispose]();
    this.#initTimer = setTimeout(() => {
      this.#end(faults.initTimedOut(resolved, this.#details()), 'SIGKILL');
    }, resolved.initMs);
    this.#group = startProcessGroup({
      command: resolved.command,
      directory: resolved.directory,
      environment: environmentVariables(resolved, {
        runtimeApi: this.#api.address,
        logStream: this.id,
        provisioned,
      }),
      reaper,
      onOutput: (stream, source) => readLines(source, (text) => this.#append(stream, text)),
    });
    const end = await this.#group.ended;
    this.#processEnded(end);
    this.#api[Symbol.dispose]();
  }

  #processEnded(end: ProcessEnd): void {
    const { resolved } = this.#options;
    const details = this.#details(end);
    switch (this.#phase) {
      case 'starting':
        return this.#end(faults.initEnded(resolved, details), 'SIGKILL');
      case 'running':
        return this.#end(faults.crashed(resolved, details), 'SIGKILL');
      case 'idle':
      case 'answered':
        return this.#end(undefined, 'SIGKILL');
      case 'ended':
        return;
    }
  }

  #timedOut(): void {
    // with an answer the caller is content; the function then did not ask for more work in its time
    const fault = this.#run?.isAnswered === true ? undefined : faults.timedOut(this.#options.resolved, this.#details());
    this.#end(fault, 'SIGKILL');
  }

  #end(error: ErganeError | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
    const phase = this.#phase;
    if (phase === 'ended') return;
    this.#enter('ended');
    clearTimeout(this.#initTimer);
    this.#options.memoryWatch.delete(this);
    const run = this.#run;
    run?.close();
    if (run !== undefined && !run.isAnswered) {
      if (error !== undefined) this.#print(`RequestId: ${run.job.requestId} Error: ${error.code} ${error.message}`);
      const status = error?.code === 'FUNCTION_TIMED_OUT' ? 'timeout' : 'error';
      this.#report(run, { status, ...(error !== undefined && { errorType: error.code }) });
    } else if (error !== undefined && phase === 'starting') this.#print(`Error: ${error.code} ${error.message}`);
    this.#stop(signal);
    this.#options.onEnded(this, phase === 'starting' ? error : undefined);
    if (error !== undefined) run?.settle({ error });
  }

  #stop(signal: 'SIGTERM' | 'SIGKILL'): void {
    const group = this.#group;
    group?.kill(signal);
    // one that ends in peace keeps its Runtime API until it has ended: no runtime then complains of a lost connection
    if (group === undefined || signal === 'SIGKILL') return this.#api?.[Symbol.dispose]();
    const timer = setTimeout(() => group.kill('SIGKILL'), TERMINATION_GRACE_MS);
    void group.ended.then(() => clearTimeout(timer));
  }

  #report(run: InvocationRun, failure?: { readonly status: string; readonly errorType?: string }): InvocationReport {
    this.#refreshMemory();
    const report = run.report({ sizeMb: this.#options.resolved.memoryMb, maxUsedMb: this.#peakMb });
    this.#print(`END RequestId: ${report.requestId}`);
    this.#print(printReportLine(report, failure));
    this.#options.onReport(report);
    return report;
  }

  #refreshMemory(): void {
    const { pid } = this;
    if (pid === undefined || process.platform !== 'linux') return;
    if (performance.now() - this.#readMemoryAt < FRESH_READING_MS) return;
    this.#readMemoryAt = performance.now();
    this.#peakMb = Math.max(this.#peakMb, readTreeMemory(pid)?.peakMb ?? 0);
  }

  #details(end: ProcessEnd = {}): faults.EndDetails {
    const lastOutput = this.#options.log.lastOutput(this.id, LAST_OUTPUT_LINES);
    const requestId = this.#run?.job.requestId;
    return { ...end, peakMb: this.#peakMb, lastOutput, ...(requestId !== undefined && { requestId }) };
  }

  #enter(phase: EnvironmentPhase): void {
    this.#phase = phase;
    this.phaseSince = performance.now();
  }

  #print(text: string): void {
    this.#append('platform', text);
  }

  #append(stream: 'stdout' | 'stderr' | 'platform', text: string): void {
    this.#options.log.append({
      functionName: this.#options.resolved.name,
      environmentId: this.id,
      ...(this.#requestId !== undefined && { requestId: this.#requestId }),
      stream,
      time: Date.now(),
      text,
    });
  }
}

/** X-Ray's form of a trace header; nothing here is sampled. */
function traceId(now: number, requestId: string): string {
  const hex = requestId.replaceAll('-', '');
  return `Root=1-${Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0')}-${hex.slice(0, 24)};Parent=${hex.slice(16, 32)};Sampled=0`;
}
