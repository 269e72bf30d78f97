import { ErganeError, type Invocation, type InvocationResult, type Invoker } from '@ergane/protocol';
import http from 'node:http';
import https from 'node:https';
import { cancelled, isAborted, PAYLOAD_LIMIT, requestTooLarge, responseTooLarge } from './faults.ts';
import { readBody } from './payload.ts';
import { invokeException, readInvokeAnswer } from './platform-errors.ts';

export interface HttpInvokerOptions {
  /** of a function host's Invoke API, such as `http://127.0.0.1:3001` */
  readonly endpoint: string | URL;
  /** sent with every request, such as an authorization for a proxy */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Invokes functions of a function host elsewhere through Lambda's Invoke API, unsigned, over kept-alive connections. Throws what the
 * host itself throws, and SOURCE_UNREACHABLE that names the endpoint. Aborting closes the connection, which cancels at the host.
 */
export function httpInvoker({ endpoint, headers = {} }: HttpInvokerOptions): Invoker & Disposable {
  const base = new URL(endpoint);
  const { Agent } = base.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true });
  return {
    async invoke(invocation) {
      const { functionName, payload, signal } = invocation;
      if (isAborted(signal)) throw cancelled(functionName, signal?.reason);
      if (payload.length > PAYLOAD_LIMIT) throw requestTooLarge(functionName, payload.length);
      try {
        return await read(functionName, await send(invocation, { base, headers, agent }));
      } catch (error) {
        if (error instanceof ErganeError) throw error;
        if (isAborted(signal)) throw cancelled(functionName, signal?.reason);
        const reason = error instanceof Error ? error.message || error.name : String(error);
        const message = `function "${functionName}": its host at ${base.origin} cannot be reached: ${reason}. Check that it runs there`;
        const where = { function: functionName, setting: 'endpoint' };
        throw new ErganeError('SOURCE_UNREACHABLE', message, { where, cause: error });
      }
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

interface Connection {
  readonly base: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: http.Agent;
}

function send(invocation: Invocation, connection: Connection, isRetry = false): Promise<http.IncomingMessage> {
  const { base, headers, agent } = connection;
  const { functionName, payload, signal } = invocation;
  const path = `2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  const url = new URL(path, base.href.endsWith('/') ? base : `${base.href}/`);
  const { request: makeRequest } = base.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const request = makeRequest(url, {
      method: 'POST',
      agent,
      headers: {
        ...headers,
        'Content-Type': 'application/json',
        'Content-Length': payload.length,
        'X-Amz-Log-Type': 'Tail',
      },
      ...(signal !== undefined && { signal }),
    });
    request.on('response', resolve);
    request.on('error', (error) => {
      // the host closed a connection that it took for idle, just as it was used again
      const isStale = request.reusedSocket && !isRetry && 'code' in error && error.code === 'ECONNRESET';
      if (isStale) send(invocation, connection, true).then(resolve, reject);
      else reject(error);
    });
    request.end(payload);
  });
}

async function read(functionName: string, response: http.IncomingMessage): Promise<InvocationResult> {
  const answer = await readBody(response, PAYLOAD_LIMIT);
  if ('tooLarge' in answer)
    throw responseTooLarge(functionName, answer.tooLarge, String(response.headers['x-amzn-requestid']));
  if (response.statusCode !== 200) {
    const name = String(response.headers['x-amzn-errortype'] ?? `HTTP status ${response.statusCode}`);
    throw invokeException(functionName, name.replace(/:.*/, ''), readMessage(answer.body));
  }
  const functionError = response.headers['x-amz-function-error'];
  const log = response.headers['x-amz-log-result'];
  return readInvokeAnswer(functionName, {
    payload: answer.body,
    ...(typeof functionError === 'string' && { functionError }),
    ...(typeof log === 'string' && { logTail: Buffer.from(log, 'base64').toString('utf8') }),
  });
}

/** The message of Lambda's exception JSON, else the text itself, shortened. */
function readMessage(body: Uint8Array): string {
  const text = Buffer.from(body).toString('utf8');
  const found = /"[Mm]essage"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  return found === undefined ? text.slice(0, 500) : String(JSON.parse(found));
}
