import { ErganeError } from '@ergane/protocol';
import type { InvocationContext } from './connector.ts';

/** Why a read should stop now, at a row boundary. */
export type Shortage = 'time' | 'memory' | 'spill';

export interface Budget {
  /** aborted when the caller cancels, or shortly before the deadline with SPLIT_TOO_LARGE as its reason */
  readonly signal: AbortSignal;
  remainingTimeMs(): number;
  /** What runs short, so that a read that can be continued stops; `bytes` is what this read has given so far. */
  shortage(bytes: number): Shortage | undefined;
  /**
   * What has run out: a read must fail. One that may be continued has some more bytes to come to a place where it can, since not every
   * batch is one.
   */
  exhaustion(bytes: number, mayContinue?: boolean): Shortage | undefined;
  [Symbol.dispose](): void;
}

/** Memory of this process in bytes; tests hand in their own. */
export type MemoryReader = () => number;

const GRACE_BYTES = 64 * 1024 * 1024;
const SOFT_MEMORY = 0.85;
const HARD_MEMORY = 0.97;

/**
 * What one invocation may use. It runs short of time in its last tenth (0.5 s to 30 s), of memory at 85 % of the limit, and of
 * spill at `ergane_max_spilled_bytes`. The source's work is aborted in the last fiftieth of the time (0.2 s to 5 s), so that an error
 * can still be told.
 */
export function makeBudget(invocation: InvocationContext, readMemory: MemoryReader = readResidentMemory): Budget {
  const total = invocation.deadline - Date.now();
  const stopMargin = Math.min(30_000, Math.max(500, total * 0.1));
  const abortMargin = Math.min(5000, Math.max(200, total * 0.02));
  const maxBytes = readByteLimit(invocation);
  const memoryLimit = invocation.memoryLimitMb * 1024 * 1024;
  const remainingTimeMs = (): number => invocation.deadline - Date.now();
  const deadline = new AbortController();
  const abort = (): void => deadline.abort(splitTooLarge('time', invocation));
  // setTimeout counts in 31 bits
  const timer = setTimeout(abort, Math.min(2 ** 31 - 1, Math.max(0, total - abortMargin)));
  if (total <= abortMargin) abort();
  const memory = (share: number): boolean => Number.isFinite(memoryLimit) && readMemory() > memoryLimit * share;
  return {
    signal: AbortSignal.any([invocation.signal, deadline.signal]),
    remainingTimeMs,
    shortage(bytes) {
      if (bytes >= maxBytes) return 'spill';
      if (remainingTimeMs() < stopMargin) return 'time';
      return memory(SOFT_MEMORY) ? 'memory' : undefined;
    },
    exhaustion(bytes, mayContinue = false) {
      if (bytes > maxBytes + (mayContinue ? GRACE_BYTES : 0)) return 'spill';
      return memory(HARD_MEMORY) ? 'memory' : undefined;
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

const ADVICE: Readonly<Record<Shortage, string>> = {
  time: "raise the function's time-out",
  memory: "raise the function's memory",
  spill: 'raise ergane_max_spilled_bytes',
};

/** The error of a split that one invocation cannot read, when the caller did not announce that it continues. */
export function splitTooLarge(shortage: Shortage, invocation: InvocationContext): ErganeError {
  const what = { time: 'its time', memory: 'its memory', spill: 'its spill budget' }[shortage];
  return new ErganeError(
    'SPLIT_TOO_LARGE',
    `function ${invocation.functionName} used up ${what} before it had read its split: ${ADVICE[shortage]}, divide the table into more splits, or ask for fewer rows or columns`,
    { where: { function: invocation.functionName } },
  );
}

function readResidentMemory(): number {
  return process.memoryUsage.rss();
}

function readByteLimit({ environment }: InvocationContext): number {
  const text = environment['ergane_max_spilled_bytes'];
  if (text === undefined || text.trim() === '') return Infinity;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new ErganeError(
    'CONFIG_INVALID',
    `ergane_max_spilled_bytes is "${text}": it must be a positive number of bytes`,
    {
      where: { setting: 'ergane_max_spilled_bytes' },
    },
  );
}
