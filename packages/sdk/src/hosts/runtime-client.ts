import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

export interface RuntimeAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** A client of Lambda's Runtime API (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html) on kept connections. */
export interface RuntimeClient {
  get(path: string, signal?: AbortSignal): Promise<RuntimeAnswer>;
  post(path: string, body: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<RuntimeAnswer>;
}

/** @param address host and port, as `AWS_LAMBDA_RUNTIME_API` has them */
export function makeRuntimeClient(address: string): RuntimeClient {
  const { hostname, port } = new URL(`http://${address}`);
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 2 });
  const send = (method: 'GET' | 'POST', path: string, options: SendOptions): Promise<RuntimeAnswer> =>
    new Promise((resolve, reject) => {
      const headers = { ...options.headers, ...(options.body && { 'Content-Length': String(options.body.length) }) };
      const call = request(
        { hostname, port, agent, method, path, headers, ...(options.signal && { signal: options.signal }) },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () => {
            const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body });
          });
        },
      );
      call.on('error', reject);
      call.end(options.body);
    });
  return {
    get: (path, signal) => send('GET', path, signal === undefined ? {} : { signal }),
    post: (path, body, headers = {}) => send('POST', path, { body, headers }),
  };
}

interface SendOptions {
  readonly body?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}
