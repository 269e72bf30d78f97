import { ErganeError } from '@ergane/protocol';
import type { Invoker } from '@ergane/protocol';

/** The least and greatest number of invocations at once that throttling moves between. */
const LEAST = 1;

/**
 * At most `limit(functionName)` invocations of a function at once, fewer while its source throttles: each refusal halves the number,
 * each success adds a part of one (additive increase, multiplicative decrease). Groups (queries) take turns.
 */
export function withLimit(invoker: Invoker, limit: (functionName: string) => number): Invoker {
  const gates = new Map<string, Gate>();
  const gateOf = (functionName: string): Gate => {
    const gate = gates.get(functionName) ?? new Gate(limit(functionName));
    gates.set(functionName, gate);
    return gate;
  };
  return {
    async invoke(invocation) {
      const gate = gateOf(invocation.functionName);
      await gate.enter(invocation.group ?? '', invocation.signal);
      try {
        const result = await invoker.invoke(invocation);
        gate.succeeded();
        return result;
      } catch (error) {
        if (isThrottle(error)) gate.throttled();
        throw error;
      } finally {
        gate.leave();
      }
    },
  };
}

function isThrottle(error: unknown): boolean {
  return error instanceof ErganeError && (error.code === 'SOURCE_THROTTLED' || error.code === 'FUNCTION_THROTTLED');
}

interface Waiter {
  readonly group: string;
  readonly enter: () => void;
}

class Gate {
  readonly #most: number;
  #allowed: number;
  #inside = 0;
  #lastGroup = '';
  readonly #waiters: Waiter[] = [];

  constructor(most: number) {
    this.#most = most;
    this.#allowed = most;
  }

  async enter(group: string, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw cancelled(signal);
    if (this.#inside < Math.floor(this.#allowed)) {
      this.#inside++;
      this.#lastGroup = group;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const waiter = { group, enter: resolve };
      this.#waiters.push(waiter);
      signal?.addEventListener(
        'abort',
        () => {
          const index = this.#waiters.indexOf(waiter);
          if (index < 0) return;
          this.#waiters.splice(index, 1);
          reject(cancelled(signal));
        },
        { once: true },
      );
    });
  }

  leave(): void {
    this.#inside--;
    while (this.#waiters.length > 0 && this.#inside < Math.max(LEAST, Math.floor(this.#allowed))) {
      const other = this.#waiters.findIndex((waiter) => waiter.group !== this.#lastGroup);
      const [next] = this.#waiters.splice(Math.max(0, other), 1);
      if (!next) return;
      this.#inside++;
      this.#lastGroup = next.group;
      next.enter();
    }
  }

  succeeded(): void {
    this.#allowed = Math.min(this.#most, this.#allowed + 1 / this.#allowed);
  }

  throttled(): void {
    this.#allowed = Math.max(LEAST, this.#allowed / 2);
  }
}

function cancelled(signal: AbortSignal): ErganeError {
  return new ErganeError('QUERY_CANCELLED', 'the query was cancelled', { cause: signal.reason });
}
