import { setTimeout as wait } from 'node:timers/promises';
import { ErganeError } from '@ergane/protocol';
import type { Invoker } from '@ergane/protocol';

export interface RetryOptions {
  /** times an invocation is tried in all */
  readonly attempts?: number;
  /** the first pause; each next is twice as long, each shortened by up to half at random */
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
  readonly onRetry?: (functionName: string, error: ErganeError) => void;
}

/**
 * Invokes again after a failure that another try may mend (`retryable` in the table of error codes). A split is safe to run again, and its
 * rows are handed on only once its answer has come, so no row is delivered twice.
 */
export function withRetry(invoker: Invoker, options: RetryOptions = {}): Invoker {
  const { attempts = 4, firstPauseMs = 100, longestPauseMs = 5000, onRetry } = options;
  return {
    async invoke(invocation) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await invoker.invoke(invocation);
        } catch (error) {
          if (!isRetryable(error) || attempt >= attempts || invocation.signal?.aborted) throw error;
          onRetry?.(invocation.functionName, error);
          const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1)) * (1 - Math.random() / 2);
          await pauseFor(pause, invocation.signal);
        }
      }
    },
  };
}

export function isRetryable(error: unknown): error is ErganeError {
  return error instanceof ErganeError && error.retryable;
}

export async function pauseFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await wait(milliseconds, undefined, { ref: true, ...(signal && { signal }) });
  } catch (cause) {
    throw new ErganeError('QUERY_CANCELLED', 'the query was cancelled', { cause });
  }
}
