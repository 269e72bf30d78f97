import type { CallContext } from '../connector.ts';
import { makeSettings } from '../settings.ts';
import { makeThrottle, readThrottleOptions } from '../throttle.ts';

export interface CallContextOptions {
  readonly signal?: AbortSignal;
  readonly remainingTimeMs?: number;
  readonly configOptions?: Readonly<Record<string, string>>;
}

/** A context as the SDK gives one, for tests that call a definition's functions without a wire. */
export function makeCallContext(
  environment: Readonly<Record<string, string>> = {},
  options: CallContextOptions = {},
): CallContext {
  const { signal = new AbortController().signal, remainingTimeMs = 60_000, configOptions = {} } = options;
  const throttle = makeThrottle(readThrottleOptions(environment));
  return {
    catalogName: 'shop',
    queryId: 'query-1',
    identity: { account: '', arn: '', tags: {}, groups: [], configOptions },
    settings: makeSettings(environment, () => Promise.resolve(undefined)),
    signal,
    remainingTimeMs: () => remainingTimeMs,
    throttled: (call, isThrottle) => throttle.run(call, { signal, remainingTimeMs: () => remainingTimeMs, isThrottle }),
    log: () => undefined,
  };
}
