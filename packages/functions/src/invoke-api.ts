import { ErganeError, type InvocationResult, type Invoker } from '@ergane/protocol';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { PAYLOAD_LIMIT } from './faults.ts';
import type { LogLine } from './function-log.ts';
import { looksLikeJson, readBody } from './payload.ts';
import { platformErrorType } from './platform-errors.ts';
import { addressOf, closeServer, isFromBrowser } from './runtime-api.ts';

/** What the Invoke API serves: a function host. */
export interface Invokable extends Invoker {
  listFunctions(): readonly string[];
  logs(name: string, filter: { readonly requestId: string }): readonly LogLine[];
}

export interface InvokeApi extends Disposable {
  /** such as `http://127.0.0.1:3001`: the `--endpoint-url` of AWS's tools */
  readonly endpoint: string;
}

/**
 * Lambda's Invoke action (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html) on loopback, for AWS's tools and for
 * `httpInvoker`. Signatures are not checked: whoever can reach loopback may invoke. Port 0: any free one.
 */
export async function serveInvokeApi(host: Invokable, port: number): Promise<InvokeApi> {
  const server = createServer((request, response) => {
    route(host, request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return void response.destroy();
      exception(response, {
        status: 500,
        name: 'ServiceException',
        message: error instanceof Error ? error.message : '',
      });
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { endpoint: `http://${addressOf(server)}`, [Symbol.dispose]: () => closeServer(server) };
}

/** The name in a name, a name with a qualifier, a partial or a whole ARN. */
export function readFunctionName(text: string): string {
  return /^(?:(?:arn:[^:]+:lambda:[^:]+:)?[^:]+:function:)?([^:]+)(?::[^:]+)?$/.exec(text)?.[1] ?? text;
}

interface InvokeRequest {
  readonly functionName: string;
  readonly payload: Uint8Array;
  readonly wantsLog: boolean;
}

async function route(host: Invokable, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (isFromBrowser(request)) {
    return exception(response, { status: 403, name: 'AccessDeniedException', message: 'not for browsers' });
  }
  const path = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?.*)?$/.exec(request.url ?? '')?.[1];
  if (request.method !== 'POST' || path === undefined) {
    const message = `${request.method} ${request.url}: only Invoke is served`;
    return exception(response, { status: 404, name: 'ResourceNotFoundException', message });
  }
  const read = await readBody(request, PAYLOAD_LIMIT);
  const functionName = readFunctionName(decodeURIComponent(path));
  const configured = host.listFunctions();
  if (!configured.includes(functionName)) {
    const message = `Function not found: ${functionName}; configured are: ${configured.join(', ')}`;
    return exception(response, { status: 404, name: 'ResourceNotFoundException', message });
  }
  if ('tooLarge' in read) {
    const message = `the payload of ${read.tooLarge} bytes for function "${functionName}" is above the limit of ${PAYLOAD_LIMIT}`;
    return exception(response, { status: 413, name: 'RequestTooLargeException', message });
  }
  const payload = read.body.length === 0 ? Buffer.from('{}') : read.body;
  if (!looksLikeJson(payload)) {
    const message = 'Could not parse request body into json';
    return exception(response, { status: 400, name: 'InvalidRequestContentException', message });
  }
  const wantsLog = request.headers['x-amz-log-type'] === 'Tail';
  await invokeAs(request.headers['x-amz-invocation-type'], host, {
    request: { functionName, payload, wantsLog },
    response,
  });
}

async function invokeAs(
  type: string | string[] | undefined,
  host: Invokable,
  { request, response }: { readonly request: InvokeRequest; readonly response: ServerResponse },
): Promise<void> {
  switch (type) {
    case 'DryRun':
      response.writeHead(204).end();
      return;
    case 'Event':
      response.writeHead(202).end();
      // nobody waits for the outcome, which stands in the function's log
      await host.invoke(request).catch(() => undefined);
      return;
    case undefined:
    case 'RequestResponse':
      return requestResponse(host, request, response);
    default: {
      const message = `X-Amz-Invocation-Type ${String(type)} is none of RequestResponse, Event, DryRun`;
      exception(response, { status: 400, name: 'InvalidParameterValueException', message });
    }
  }
}

async function requestResponse(host: Invokable, request: InvokeRequest, response: ServerResponse): Promise<void> {
  const { functionName, payload, wantsLog } = request;
  const abort = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) abort.abort(new Error('the caller closed the connection'));
  });
  let result: InvocationResult;
  let requestId: string | undefined;
  try {
    result = await host.invoke({ functionName, payload, signal: abort.signal });
    requestId = result.report?.requestId;
  } catch (error) {
    if (!(error instanceof ErganeError)) throw error;
    const errorType = platformErrorType(error.code);
    if (errorType === undefined) return exception(response, exceptionOf(error));
    requestId = error.where['requestId']?.toString();
    const body = { errorType, errorMessage: error.message };
    result = { payload: Buffer.from(JSON.stringify(body)), functionError: 'Unhandled' };
  }
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': result.payload.length,
    'X-Amz-Executed-Version': '$LATEST',
    ...(requestId !== undefined && { 'x-amzn-RequestId': requestId }),
    ...(result.functionError !== undefined && { 'X-Amz-Function-Error': result.functionError }),
    ...(wantsLog && requestId !== undefined && { 'X-Amz-Log-Result': logTail(host.logs(functionName, { requestId })) }),
  });
  response.end(result.payload);
}

/** Lambda gives the last 4 KB. */
const LOG_TAIL_BYTES = 4096;

function logTail(lines: readonly LogLine[]): string {
  const log = Buffer.from(lines.map(({ text }) => `${text}\n`).join(''));
  return log.subarray(Math.max(0, log.length - LOG_TAIL_BYTES)).toString('base64');
}

interface Exception {
  readonly status: number;
  readonly name: string;
  readonly message: string;
}

function exceptionOf({ code, message }: ErganeError): Exception {
  if (code === 'FUNCTION_NOT_CONFIGURED') return { status: 404, name: 'ResourceNotFoundException', message };
  if (code === 'FUNCTION_THROTTLED') return { status: 429, name: 'TooManyRequestsException', message };
  return { status: 500, name: 'ServiceException', message };
}

function exception(response: ServerResponse, { status, name, message }: Exception): void {
  const body = Buffer.from(JSON.stringify({ Type: status < 500 ? 'User' : 'Service', Message: message, message }));
  const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length, 'x-amzn-ErrorType': name };
  response.writeHead(status, headers).end(body);
}
