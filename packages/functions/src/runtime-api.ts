import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PAYLOAD_LIMIT } from './faults.ts';
import { readBody, type ReadBody } from './payload.ts';

/** What an execution environment does when its runtime calls. */
export interface RuntimeApiHandler {
  /** GET /invocation/next; the answer is held until there is work. False: not now, because an invocation runs. */
  next(response: ServerResponse): boolean;
  /** whether this is the invocation that runs */
  isCurrent(requestId: string): boolean;
  /** POST /invocation/{id}/response and /error; false when the invocation has ended meanwhile */
  answer(requestId: string, body: ReadBody, kind: 'response' | 'error'): boolean;
  /** POST /init/error */
  initError(body: Uint8Array): void;
  /** GET of the cancellation path: held until the invocation is cancelled (200) or over (204) */
  awaitCancellation(requestId: string, response: ServerResponse): void;
}

export interface RuntimeApi extends Disposable {
  /** `AWS_LAMBDA_RUNTIME_API`: host and port only, because AWS's runtimes parse no path there */
  readonly address: string;
}

/** Ergane's extension: named in the header `Ergane-Cancellation-Path` of each invocation. */
export function cancellationPath(requestId: string): string {
  return `/ergane/invocation/${requestId}/cancellation`;
}

/**
 * Lambda's Runtime API (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html) for one execution environment, on a
 * loopback port of its own: the port says which environment calls.
 */
export async function serveRuntimeApi(handler: RuntimeApiHandler): Promise<RuntimeApi> {
  const server = createServer((request, response) => {
    route(handler, request, response).catch((error: unknown) => {
      // the runtime broke its connection off: what became of it, its process says
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: addressOf(server), [Symbol.dispose]: () => closeServer(server) };
}

export function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return `127.0.0.1:${address.port}`;
}

export function closeServer(server: Server): void {
  server.close();
  server.closeAllConnections();
}

/** A web page that a browser on this machine shows must not reach the host: browsers say where a request comes from. */
export function isFromBrowser(request: IncomingMessage): boolean {
  return request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined;
}

const INVOCATION = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/;
const CANCELLATION = /^\/ergane\/invocation\/([^/]+)\/cancellation$/;

async function route(handler: RuntimeApiHandler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url = '' } = request;
  if (isFromBrowser(request)) return reply(response, 403, 'Forbidden', 'the Runtime API is not for browsers');
  if (method === 'GET' && url === '/2018-06-01/runtime/invocation/next') {
    if (!handler.next(response)) {
      reply(response, 403, 'InvalidStateTransition', 'an invocation is still to be answered');
    }
    return;
  }
  const [, requestId, kind] = INVOCATION.exec(url) ?? [];
  if (method === 'POST' && requestId !== undefined) {
    return answer(handler, { requestId, kind: kind === 'error' ? 'error' : 'response' }, { request, response });
  }
  if (method === 'POST' && url === '/2018-06-01/runtime/init/error') {
    const read = await readBody(request, PAYLOAD_LIMIT);
    accept(response);
    return handler.initError('body' in read ? read.body : new Uint8Array());
  }
  const cancellable = CANCELLATION.exec(url)?.[1];
  if (method === 'GET' && cancellable !== undefined) return handler.awaitCancellation(cancellable, response);
  reply(response, 404, 'NotFound', `no ${method} ${url} in the Runtime API`);
}

async function answer(
  handler: RuntimeApiHandler,
  invocation: { readonly requestId: string; readonly kind: 'response' | 'error' },
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const { requestId, kind } = invocation;
  const read = await readBody(request, PAYLOAD_LIMIT);
  if (!handler.isCurrent(requestId)) return reply(response, 400, 'InvalidRequestID', `${requestId} does not run here`);
  if ('tooLarge' in read) reply(response, 413, 'RequestEntityTooLarge', `the limit is ${PAYLOAD_LIMIT} bytes`);
  else accept(response);
  handler.answer(requestId, read, kind);
}

const ACCEPTED = '{"status":"OK"}';
const ACCEPTED_HEADERS = { 'Content-Type': 'application/json', 'Content-Length': ACCEPTED.length };

function accept(response: ServerResponse): void {
  response.writeHead(202, ACCEPTED_HEADERS).end(ACCEPTED);
}

/** Lambda's ErrorResponse. */
export function reply(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  const body = Buffer.from(JSON.stringify({ errorMessage, errorType }));
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
}
