import { setTimeout as sleepFor } from 'node:timers/promises';
import { ErganeError } from '@ergane/protocol';

/** Protocol reference, section 7.1; environment variables of the same names. */
export interface ThrottleOptions {
  /** milliseconds after the first congestion */
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  /** the delay is divided by it; .001 to 1 */
  readonly decreaseFactor: number;
  /** milliseconds taken off the delay by each success */
  readonly increaseMs: number;
}

/** What a throttle needs of the world; tests hand in their own. */
export interface ThrottleClock {
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  random(): number;
}

export interface ThrottledCall {
  readonly signal: AbortSignal;
  readonly remainingTimeMs: () => number;
  readonly isThrottle: (error: unknown) => boolean;
}

/** Additive increase, multiplicative decrease of the call rate, for all calls of one function instance. */
export interface Throttle {
  readonly delayMs: number;
  run<Result>(call: () => Promise<Result>, how: ThrottledCall): Promise<Result>;
}

const realClock: ThrottleClock = {
  async sleep(milliseconds, signal) {
    await sleepFor(milliseconds, undefined, { signal, ref: true });
  },
  random: Math.random,
};

/**
 * A throttle as AWS's ThrottlingInvoker, with two differences: waits have jitter (half to the whole of the delay), so that the
 * functions of one query do not return in step; and it gives up when the invocation's time would end during the wait.
 */
export function makeThrottle(options: ThrottleOptions, clock: ThrottleClock = realClock): Throttle {
  let delay = 0;
  return {
    get delayMs() {
      return delay;
    },
    async run(call, { signal, remainingTimeMs, isThrottle }) {
      for (;;) {
        if (delay > 0) await clock.sleep(delay * (0.5 + clock.random() / 2), signal);
        signal.throwIfAborted();
        try {
          const result = await call();
          delay = Math.max(0, delay - options.increaseMs);
          return result;
        } catch (error) {
          if (!isThrottle(error)) throw error;
          delay = Math.min(
            options.maxDelayMs,
            delay === 0 ? options.initialDelayMs : Math.ceil(delay / options.decreaseFactor),
          );
          if (remainingTimeMs() <= delay) throw gaveUp(error);
        }
      }
    },
  };
}

function gaveUp(cause: unknown): ErganeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ErganeError(
    'SOURCE_THROTTLED',
    `the source asked to slow down until the function's time was over (${reason}); give the source more capacity, lower the function's reserved concurrency, or run the query again later`,
    { cause },
  );
}

/** @throws ErganeError CONFIG_INVALID */
export function readThrottleOptions(environment: Readonly<Record<string, string | undefined>>): ThrottleOptions {
  const read = (name: string, fallback: number, low: number, high: number): number => {
    const text = environment[name];
    if (text === undefined || text.trim() === '') return fallback;
    const value = Number(text);
    if (Number.isFinite(value) && value >= low && value <= high) return value;
    throw new ErganeError('CONFIG_INVALID', `${name} is "${text}": it must be a number from ${low} to ${high}`, {
      where: { setting: name },
    });
  };
  return {
    initialDelayMs: read('throttle_initial_delay_ms', 10, 1, 600_000),
    maxDelayMs: read('throttle_max_delay_ms', 1000, 1, 600_000),
    decreaseFactor: read('throttle_decrease_factor', 0.5, 0.001, 1),
    increaseMs: read('throttle_increase_ms', 10, 1, 600_000),
  };
}
