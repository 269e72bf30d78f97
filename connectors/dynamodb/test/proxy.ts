import { createServer, request as startRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';

/** Answers a request itself, or undefined: it goes to the real server. */
export type Answerer = (operation: string, body: string) => OwnAnswer | undefined | Promise<OwnAnswer>;

export interface OwnAnswer {
  readonly status: number;
  readonly body: string;
}

/** An HTTP server before a real DynamoDB that answers some requests itself. */
export async function startProxy(t: TestContext, target: string, answer: Answerer): Promise<string> {
  const proxy = await openProxy(target, answer);
  t.after(() => proxy[Symbol.dispose]());
  return proxy.url;
}

export async function openProxy(target: string, answer: Answerer): Promise<{ readonly url: string } & Disposable> {
  const server = createServer((request, response) => {
    handle(request, response, { target, answer }).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { target, answer }: { readonly target: string; readonly answer: Answerer },
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks);
  const own = await answer(String(request.headers['x-amz-target']).replace(/^.*\./, ''), body.toString());
  if (own !== undefined) {
    response.writeHead(own.status, { 'content-type': 'application/x-amz-json-1.0' }).end(own.body);
    return;
  }
  const onward = startRequest(target, { method: 'POST', headers: { ...request.headers, host: new URL(target).host } });
  onward.on('response', (answered) => {
    response.writeHead(answered.statusCode ?? 500, answered.headers);
    answered.pipe(response);
  });
  onward.on('error', (error) => response.destroy(error));
  onward.end(body);
}

/** An error as DynamoDB answers it. */
export function failure(type: string, message: string): OwnAnswer {
  const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message });
  return { status: 400, body };
}
