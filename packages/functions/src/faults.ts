import { ErganeError, type ErrorCode } from '@ergane/protocol';
import type { ProcessEnd } from './process-group.ts';
import type { ResolvedFunction } from './resolve-function.ts';

/** Lambda's limit of a synchronous payload in either direction, in bytes. */
export const PAYLOAD_LIMIT = 6_291_456;

const SHOWN_LINES = 5;

/** Why an environment ended, as far as it matters for errors. */
export interface EndDetails extends ProcessEnd {
  readonly peakMb: number;
  readonly lastOutput: readonly string[];
  readonly requestId?: string;
}

export function notConfigured(functionName: string, configured: readonly string[]): ErganeError {
  const known = configured.length === 0 ? 'no function is configured' : `configured are: ${configured.join(', ')}`;
  return fault(
    'FUNCTION_NOT_CONFIGURED',
    functionName,
    `is not configured; ${known}. Check the name, or add the function`,
  );
}

export function cancelled(functionName: string, reason: unknown): ErganeError {
  return fault('QUERY_CANCELLED', functionName, 'was cancelled by its caller', { cause: reason });
}

/** Asked anew each time: a signal may abort while one waits. */
export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

export function hostClosed(functionName: string): ErganeError {
  return fault('QUERY_CANCELLED', functionName, 'was ended, because its host was closed or the function was removed');
}

export function throttled(functionName: string, queueLimit: number): ErganeError {
  const what = `has ${queueLimit} invocations waiting already; try later, or raise reservedConcurrency or queueLimit`;
  return fault('FUNCTION_THROTTLED', functionName, what);
}

export function timedOut(resolved: ResolvedFunction, details: EndDetails): ErganeError {
  const what = `did not answer within ${resolved.timeoutMs / 1000} s and was ended${lastOutput(details)}`;
  return fault(
    'FUNCTION_TIMED_OUT',
    resolved.name,
    `${what}. Raise timeoutSeconds, or let it do less in one invocation`,
    details,
  );
}

/** The host ended it for its memory, or its own runtime or the operating system did. */
export function outOfMemory(resolved: ResolvedFunction, details: EndDetails): ErganeError {
  const peak = `its memory reached ${Math.ceil(details.peakMb)} MB, with a limit of ${resolved.memoryMb} MB`;
  const what = `ran out of memory: ${peak}${lastOutput(details)}`;
  const remedy = hasFullHeap(details)
    ? "Raise its runtime's own heap limit (-Xmx, --max-old-space-size)"
    : 'Raise memoryMb';
  return fault(
    'FUNCTION_OUT_OF_MEMORY',
    resolved.name,
    `${what}. ${remedy}, or let it do less in one invocation`,
    details,
  );
}

export function requestTooLarge(functionName: string, size: number): ErganeError {
  const what = `cannot take a payload of ${size} bytes; the limit is ${PAYLOAD_LIMIT}. Send a smaller request`;
  return fault('FUNCTION_PAYLOAD_TOO_LARGE', functionName, what);
}

/** `size` undefined: it was still growing when the limit was passed. */
export function responseTooLarge(functionName: string, size: number | undefined, requestId: string): ErganeError {
  const bytes = size === undefined ? `more than ${PAYLOAD_LIMIT} bytes` : `${size} bytes`;
  const what = `answered with ${bytes}; the limit is ${PAYLOAD_LIMIT}. It must spill what is larger, or be given smaller splits`;
  return fault('FUNCTION_PAYLOAD_TOO_LARGE', functionName, what, { requestId });
}

export function responseInvalid(functionName: string, response: Uint8Array, requestId: string): ErganeError {
  const start = JSON.stringify(Buffer.from(response.subarray(0, 80)).toString('utf8'));
  const what = `answered with ${response.length} bytes that are not JSON, beginning with ${start}. Look at its log and at its handler`;
  return fault('FUNCTION_RESPONSE_INVALID', functionName, what, { requestId });
}

/** The process ended during an invocation. Node's and the kernel's ways to run out of memory are told apart. */
export function crashed(resolved: ResolvedFunction, details: EndDetails): ErganeError {
  if (isOutOfMemory(resolved, details)) return outOfMemory(resolved, details);
  const what = `${describeEnd(details)} during an invocation${lastOutput(details)}`;
  return fault(
    'FUNCTION_CRASHED',
    resolved.name,
    `${what}. Look at its log; the next invocation starts it anew`,
    details,
  );
}

export function initEnded(resolved: ResolvedFunction, details: EndDetails): ErganeError {
  if (details.problem !== undefined) {
    const what = `could not be started: ${details.problem}. Check its command and directory`;
    return fault('CONFIG_INVALID', resolved.name, what, { setting: 'command' });
  }
  if (isOutOfMemory(resolved, details)) return outOfMemory(resolved, details);
  const what = `${describeEnd(details)} in init, before it asked for work${lastOutput(details)}`;
  return fault('FUNCTION_CRASHED', resolved.name, `${what}. Check its command, handler and environment`, details);
}

/** The runtime itself reported an error in init (`/init/error`), as Lambda's error JSON. */
export function initFailed(resolved: ResolvedFunction, report: Uint8Array, details: EndDetails): ErganeError {
  const text = Buffer.from(report).toString('utf8');
  const what = `failed in init: ${describeLambdaError(text)}${lastOutput(details)}`;
  return fault('FUNCTION_CRASHED', resolved.name, `${what}. Check its command, handler and environment`, details);
}

export function initTimedOut(resolved: ResolvedFunction, details: EndDetails): ErganeError {
  const within = `did not ask for work within ${resolved.initMs / 1000} s of its start (init)`;
  const what = `${within} and was ended${lastOutput(details)}`;
  return fault(
    'FUNCTION_CRASHED',
    resolved.name,
    `${what}. Raise initSeconds, or check that it speaks the Lambda Runtime API`,
    details,
  );
}

/** "ErrorType: message" of Lambda's error JSON; text that is none is given back, shortened. */
export function describeLambdaError(text: string): string {
  const parsed = parseLambdaError(text);
  return parsed === undefined ? text.slice(0, 500) : `${parsed.errorType ?? 'Error'}: ${parsed.errorMessage ?? ''}`;
}

export interface LambdaError {
  readonly errorType?: string;
  readonly errorMessage?: string;
}

export function parseLambdaError(text: string): LambdaError | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const errorType = 'errorType' in value && typeof value.errorType === 'string' ? value.errorType : undefined;
  const errorMessage =
    'errorMessage' in value && typeof value.errorMessage === 'string' ? value.errorMessage : undefined;
  return { ...(errorType !== undefined && { errorType }), ...(errorMessage !== undefined && { errorMessage }) };
}

/** What Node and the JVM print when their own heap is full. */
const HEAP_IS_FULL = /heap out of memory|Terminating due to java\.lang\.OutOfMemoryError/;

function isOutOfMemory(resolved: ResolvedFunction, details: EndDetails): boolean {
  if (hasFullHeap(details)) return true;
  return details.signal === 'SIGKILL' && details.peakMb >= resolved.memoryMb * 0.95;
}

function hasFullHeap(details: EndDetails): boolean {
  return details.lastOutput.some((line) => HEAP_IS_FULL.test(line));
}

function describeEnd({ exitCode, signal }: ProcessEnd): string {
  return signal === undefined ? `exited with code ${exitCode ?? 'unknown'}` : `was ended by signal ${signal}`;
}

function lastOutput({ lastOutput: lines }: EndDetails): string {
  if (lines.length === 0) return '';
  const fullHeap = lines.find((line) => HEAP_IS_FULL.test(line));
  const shown = fullHeap === undefined ? lines.slice(-SHOWN_LINES) : [fullHeap];
  return `; its last output: ${JSON.stringify(shown.map((line) => line.slice(0, 500)).join('\n'))}`;
}

function fault(
  code: ErrorCode,
  functionName: string,
  what: string,
  details: Partial<EndDetails> & { readonly cause?: unknown; readonly setting?: string } = {},
): ErganeError {
  const { exitCode, signal, requestId, cause, setting } = details;
  return new ErganeError(code, `function "${functionName}" ${what}`, {
    where: {
      function: functionName,
      ...(requestId !== undefined && { requestId }),
      ...(exitCode !== undefined && { exitCode }),
      ...(signal !== undefined && { signal }),
      ...(setting !== undefined && { setting }),
    },
    ...(cause !== undefined && { cause }),
  });
}
