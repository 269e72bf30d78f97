import { ERROR_CODES, ErganeError, type ErrorCode, type ErrorWhere } from './errors.ts';

/** Lambda's error JSON (section 1.5). `where` is Ergane's own member, which AWS's reader ignores. */
export interface FunctionErrorJson {
  readonly errorMessage: string;
  readonly errorType: string;
  readonly stackTrace?: readonly string[];
  readonly where?: ErrorWhere;
}

/** What a caller learns of a function's failure; `code` and `where` only from an Ergane connector. */
export interface FunctionError {
  readonly message: string;
  readonly type: string;
  readonly code?: ErrorCode;
  readonly where?: ErrorWhere;
}

const PREFIX = 'ergane.';

/** The type that Athena's documentation says makes its engine slow down (section 1.5). */
const THROTTLE_TYPE = 'com.amazonaws.athena.connector.lambda.exceptions.FederationThrottleException';

/** Java exceptions of throttling, in the error types and messages that AWS's connectors give. */
const JAVA_THROTTLE = /(?:^|\.)FederationThrottleException$/;
const JAVA_THROTTLE_MESSAGE = /^ThrottlingInvoker requesting slow down due to/;

/**
 * What a function answers for an error: a code becomes the error type `ergane.<CODE>`, but for throttling, whose type is the one that
 * Athena knows.
 */
export function encodeFunctionError(error: unknown): FunctionErrorJson {
  if (!(error instanceof Error)) return { errorMessage: String(error), errorType: 'Error' };
  const stackTrace = stackOf(error);
  const shared = { errorMessage: error.message, ...(stackTrace.length > 0 && { stackTrace }) };
  if (!(error instanceof ErganeError)) return { ...shared, errorType: error.name };
  const errorType = error.code === 'SOURCE_THROTTLED' ? THROTTLE_TYPE : PREFIX + error.code;
  const hasWhere = Object.values(error.where).some((detail) => detail !== undefined);
  return { ...shared, errorType, ...(hasWhere && { where: error.where }) };
}

/** Reads Lambda's error JSON of any runtime, tolerantly: what is no such JSON is the message itself. */
export function decodeFunctionError(payload: Uint8Array | string): FunctionError {
  const text = typeof payload === 'string' ? payload : new TextDecoder().decode(payload);
  const json = parseObject(text);
  if (json === undefined) return { message: text.slice(0, 1000), type: 'Error' };
  const type = textOf(json, 'errorType') ?? 'Error';
  const message = textOf(json, 'errorMessage') ?? text.slice(0, 1000);
  const code = codeOf(type, message);
  const where = whereOf(json);
  return { message, type, ...(code !== undefined && { code }), ...(where !== undefined && { where }) };
}

function stackOf({ stack = '' }: Error): readonly string[] {
  return stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));
}

function codeOf(type: string, message: string): ErrorCode | undefined {
  if (JAVA_THROTTLE.test(type) || JAVA_THROTTLE_MESSAGE.test(message)) return 'SOURCE_THROTTLED';
  const code = type.startsWith(PREFIX) ? type.slice(PREFIX.length) : '';
  return isErrorCode(code) ? code : undefined;
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

function whereOf(json: object): ErrorWhere | undefined {
  if (!('where' in json) || typeof json.where !== 'object' || json.where === null) return undefined;
  const details = Object.entries(json.where).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
  );
  return Object.fromEntries(details);
}

function textOf(json: object, name: 'errorType' | 'errorMessage'): string | undefined {
  const value: unknown = Reflect.get(json, name);
  return typeof value === 'string' ? value : undefined;
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
