import { ErganeError } from '@ergane/protocol';
import type { ErrorWhere } from '@ergane/protocol';
import type { CallContext } from '@ergane/sdk';
import type { ClientConfig } from './config.ts';
import type { Operation, WireInput } from './wire.ts';

const THROTTLES = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'ReplicatedWriteConflictException',
]);

const DENIALS = new Set([
  'AccessDeniedException',
  'AccessDenied',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'IncompleteSignatureException',
  'MissingAuthenticationTokenException',
  'MissingAuthenticationToken',
  'InvalidClientTokenId',
  'ExpiredTokenException',
  'ExpiredToken',
  'CredentialsProviderError',
]);

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
]);

/** Protocol reference, section 7.1: what AWS's connector slows down for. */
export function isThrottle(error: unknown): boolean {
  return error instanceof Error && THROTTLES.has(error.name);
}

export interface FailedCall {
  readonly context: CallContext;
  readonly operation: Operation;
  readonly input: WireInput;
  readonly config: ClientConfig;
}

/** What went wrong in the user's words: which table, which endpoint, what to do. */
export function toErganeError(error: unknown, call: FailedCall): unknown {
  if (error instanceof ErganeError) return error;
  if (call.context.signal.aborted) return call.context.signal.reason;
  const { name, code, message } = describeFailure(error);
  const where = whereOf(call);
  const label = labelOf(call);
  const make = (found: ConstructorParameters<typeof ErganeError>[0], text: string): ErganeError =>
    new ErganeError(found, text, { where, cause: error });
  if (name === 'ResourceNotFoundException') return make(...describeMissing(call, label));
  if (DENIALS.has(name))
    return make(
      'SOURCE_ACCESS_DENIED',
      `DynamoDB refused ${label}: ${message}; check the function's credentials and that its role allows dynamodb:${actionOf(call.operation)} on the table and its indexes`,
    );
  if (UNREACHABLE.has(code) || name === 'TimeoutError')
    return make(
      'SOURCE_UNREACHABLE',
      `DynamoDB at ${placeOf(call.config)} could not be reached for ${label} (${message || code}): check AWS_REGION, AWS_ENDPOINT_URL_DYNAMODB and the network`,
    );
  if (/region is missing/i.test(message))
    return new ErganeError('CONFIG_INVALID', `the setting AWS_REGION is missing: ${label} needs a region`, {
      where: { setting: 'AWS_REGION' },
      cause: error,
    });
  if (name === 'ValidationException' && call.operation === 'ExecuteStatement')
    return make('SYNTAX_ERROR', `DynamoDB does not take the PartiQL statement: ${message}`);
  if (error instanceof SyntaxError)
    return make(
      'SOURCE_FAILED',
      `${placeOf(call.config)} did not answer as DynamoDB does (${message}): check AWS_ENDPOINT_URL_DYNAMODB`,
    );
  return make('SOURCE_FAILED', `DynamoDB failed at ${label}: ${name}: ${message}`);
}

function describeFailure(error: unknown): { name: string; code: string; message: string } {
  if (!(error instanceof Error)) return { name: '', code: '', message: String(error) };
  const code: unknown = Reflect.get(error, 'code');
  return { name: error.name, code: typeof code === 'string' ? code : '', message: error.message };
}

function describeMissing(call: FailedCall, label: string): ['TABLE_NOT_FOUND' | 'SOURCE_CHANGED', string] {
  if (call.operation === 'DescribeTable' || call.operation === 'ExecuteStatement')
    return ['TABLE_NOT_FOUND', `DynamoDB has no such table or index for ${label}`];
  return [
    'SOURCE_CHANGED',
    `DynamoDB has no such table or index for ${label} any more: it was deleted after the query was planned; run the query again`,
  ];
}

const PERMISSIONS: Partial<Record<Operation, string>> = { ExecuteStatement: 'PartiQLSelect' };
const actionOf = (operation: Operation): string => PERMISSIONS[operation] ?? operation;

function labelOf(call: FailedCall): string {
  const table = tableOf(call.input);
  return `${call.operation}${table === undefined ? '' : ` of table "${table}"`} (catalog ${call.context.catalogName})`;
}

function whereOf(call: FailedCall): ErrorWhere {
  const table = tableOf(call.input);
  return { catalog: call.context.catalogName, ...(table !== undefined && { schema: 'default', table }) };
}

function tableOf(input: WireInput): string | undefined {
  const { TableName: name, RequestItems: items } = input;
  if (typeof name === 'string') return name;
  return typeof items === 'object' && items !== null ? Object.keys(items)[0] : undefined;
}

function placeOf({ endpoint, region }: ClientConfig): string {
  return endpoint ?? `region ${region ?? 'unknown'}`;
}
