import { ErganeError, type ErrorCode, type InvocationResult } from '@ergane/protocol';
import { parseLambdaError } from './faults.ts';
import { parseReportLine } from './report-line.ts';

/** The error types with which Lambda itself, and not the function, answers an invocation, and what they mean here. */
const PLATFORM_ERRORS: Readonly<Record<string, ErrorCode>> = {
  'Sandbox.Timedout': 'FUNCTION_TIMED_OUT',
  'Runtime.OutOfMemory': 'FUNCTION_OUT_OF_MEMORY',
  'Runtime.ExitError': 'FUNCTION_CRASHED',
  'Runtime.InvalidEntrypoint': 'CONFIG_INVALID',
  'Runtime.InvalidResponse': 'FUNCTION_RESPONSE_INVALID',
  'Function.ResponseSizeTooLarge': 'FUNCTION_PAYLOAD_TOO_LARGE',
};

/** Lambda's exceptions of the Invoke action (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors). */
const EXCEPTIONS: Readonly<Record<string, ErrorCode>> = {
  ResourceNotFoundException: 'FUNCTION_NOT_CONFIGURED',
  TooManyRequestsException: 'FUNCTION_THROTTLED',
  EC2ThrottledException: 'FUNCTION_THROTTLED',
  RequestTooLargeException: 'FUNCTION_PAYLOAD_TOO_LARGE',
  AccessDeniedException: 'SOURCE_ACCESS_DENIED',
  UnrecognizedClientException: 'SOURCE_ACCESS_DENIED',
  ExpiredTokenException: 'SOURCE_ACCESS_DENIED',
};

/** Lambda's error type for an error of the host; undefined when the Invoke API answers it with an exception instead. */
export function platformErrorType(code: ErrorCode): string | undefined {
  return Object.keys(PLATFORM_ERRORS).find((errorType) => PLATFORM_ERRORS[errorType] === code);
}

/**
 * What an Invoke API has answered, as an invocation's result. Errors of the platform become ErganeErrors; those that the function
 * itself posted stay a result. `logTail` is the decoded X-Amz-Log-Result.
 * @throws ErganeError
 */
export function readInvokeAnswer(
  functionName: string,
  answer: { readonly payload: Uint8Array; readonly functionError?: string; readonly logTail?: string },
): InvocationResult {
  const { payload, functionError, logTail = '' } = answer;
  const report = parseReportLine(logTail);
  const result = { payload, ...(report !== undefined && { report }) };
  if (functionError === undefined) return result;
  const error = parseLambdaError(Buffer.from(payload).toString('utf8'));
  const { errorType, errorMessage = 'no message' } = error ?? {};
  const code = platformCode(errorType, errorMessage);
  if (code !== undefined) throw atFunction(code, functionName, errorMessage);
  return { ...result, functionError: functionError === 'Handled' ? 'Handled' : 'Unhandled' };
}

/** An exception of the Invoke API, by its name, as an ErganeError that names the function. */
export function invokeException(
  functionName: string,
  exception: string,
  message: string,
  cause?: unknown,
): ErganeError {
  const code = EXCEPTIONS[exception] ?? 'FUNCTION_FAILED';
  return atFunction(code, functionName, `${exception}: ${message}`, cause);
}

/** Lambda ends what takes too much memory with SIGKILL; of a time-out it used to say no type. */
function platformCode(errorType: string | undefined, message: string): ErrorCode | undefined {
  if (errorType === 'Runtime.ExitError' && message.includes('signal: killed')) return 'FUNCTION_OUT_OF_MEMORY';
  if (errorType === undefined && /Task timed out after [\d.]+ seconds$/.test(message)) return 'FUNCTION_TIMED_OUT';
  return errorType === undefined ? undefined : PLATFORM_ERRORS[errorType];
}

function atFunction(code: ErrorCode, functionName: string, message: string, cause?: unknown): ErganeError {
  const text = message.startsWith(`function "`) ? message : `function "${functionName}": ${message}`;
  return new ErganeError(code, text, { where: { function: functionName }, ...(cause !== undefined && { cause }) });
}
