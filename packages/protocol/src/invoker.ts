/** One call of one function: the payload is one UTF-8 JSON message (section 1). */
export interface Invocation {
  readonly functionName: string;
  readonly payload: Uint8Array;
  /** Cancels: the host tells the function, which cancels its work at the source; a function that does not stop is ended. */
  readonly signal?: AbortSignal;
  /** Invocations that wait for the same function take turns by group (such as the query's id); default: one group. */
  readonly group?: string;
}

/** What Lambda's REPORT line says of an invocation. */
export interface InvocationReport {
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedDurationMs: number;
  readonly memorySizeMb: number;
  readonly maxMemoryUsedMb: number;
  /** present on a cold start */
  readonly initDurationMs?: number;
}

/**
 * The outcome of an invocation. With `functionError` the payload is Lambda's error JSON (section 1.5) that the function's runtime
 * posted. A function that crashed, timed out or ran out of memory is an ErganeError thrown by `invoke` instead.
 */
export interface InvocationResult {
  readonly payload: Uint8Array;
  readonly functionError?: 'Handled' | 'Unhandled';
  readonly report?: InvocationReport;
}

/** The seam between callers of functions and what runs them (a local host, AWS Lambda, HTTP, the same process). */
export interface Invoker {
  invoke(invocation: Invocation): Promise<InvocationResult>;
}
