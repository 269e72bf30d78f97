import { setFlagsFromString } from 'node:v8';
import { encodeFunctionError, ErganeError } from '@ergane/protocol';
import type { Connector, InvocationContext } from '../connector.ts';
import { DEFAULT_MEMORY_MB, DEFAULT_TIMEOUT_MS } from './invocation-limits.ts';
import { makeRuntimeClient } from './runtime-client.ts';
import type { RuntimeAnswer, RuntimeClient } from './runtime-client.ts';

/** The AWS SDK's own switch. It warns of the Node.js versions that it will leave, in every process that begins: in the log of every function. */
const QUIET_AWS = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';
const NEXT = '/2018-06-01/runtime/invocation/next';
/** Most invocations are over before anyone could cancel them; asking costs a request. */
const ASK_AFTER_MS = 20;

/**
 * Serves a connector through Lambda's Runtime API, in Ergane's function host or as a custom runtime on AWS, until the host goes away.
 * Cancellation is Ergane's extension: a host that names a cancellation path is asked there.
 */
export async function serveRuntime(connector: Connector): Promise<void> {
  preferWholeCollections();
  process.env[QUIET_AWS] ??= 'true';
  const environment = { ...process.env };
  const address = environment['AWS_LAMBDA_RUNTIME_API'];
  if (address === undefined)
    throw new ErganeError(
      'CONFIG_INVALID',
      'AWS_LAMBDA_RUNTIME_API is not set: a connector is started by a function host, not by hand',
      { where: { setting: 'AWS_LAMBDA_RUNTIME_API' } },
    );
  const client = makeRuntimeClient(address);
  for (;;) {
    const next = await askForWork(client);
    // what the connector keeps open, such as a pool of connections, must not outlive the host
    if (next === undefined) process.exit(0);
    await serveInvocation({ connector, client, environment }, next);
  }
}

/**
 * A read allocates hundreds of megabytes outside V8's small heap (what the source sends, what is encrypted), and every 64 MB of it V8
 * begins to mark incrementally, beside the work. Whole collections of such a heap take some milliseconds and a fifth less CPU in all
 * (TPC-H lineitem from PostgreSQL).
 */
function preferWholeCollections(): void {
  setFlagsFromString('--no-incremental-marking');
}

interface Server {
  readonly connector: Connector;
  readonly client: RuntimeClient;
  readonly environment: InvocationContext['environment'];
}

/** undefined: the host is gone. */
async function askForWork(client: RuntimeClient): Promise<RuntimeAnswer | undefined> {
  let next: RuntimeAnswer;
  try {
    next = await client.get(NEXT);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
  if (next.status === 200) return next;
  throw new ErganeError('INTERNAL', `the function host answered ${next.status} to ${NEXT}`);
}

async function serveInvocation({ connector, client, environment }: Server, next: RuntimeAnswer): Promise<void> {
  const requestId = header(next, 'lambda-runtime-aws-request-id') ?? '';
  const cancellation = watchCancellation(client, header(next, 'ergane-cancellation-path'));
  const invocation: InvocationContext = {
    requestId,
    functionName: environment['AWS_LAMBDA_FUNCTION_NAME'] ?? connector.definition.name,
    memoryLimitMb: Number(environment['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? DEFAULT_MEMORY_MB),
    deadline: Number(header(next, 'lambda-runtime-deadline-ms') ?? Date.now() + DEFAULT_TIMEOUT_MS),
    environment,
    signal: cancellation.signal,
  };
  const base = `/2018-06-01/runtime/invocation/${requestId}`;
  let answer: { readonly path: string; readonly body: Uint8Array; readonly type?: string };
  try {
    answer = { path: `${base}/response`, body: await connector.handle(next.body, invocation) };
  } catch (error) {
    const json = encodeFunctionError(error);
    answer = { path: `${base}/error`, body: Buffer.from(JSON.stringify(json)), type: json.errorType };
  }
  cancellation.stop();
  const { path, body, type } = answer;
  await client.post(path, body, {
    'Content-Type': 'application/json',
    ...(type !== undefined && { 'Lambda-Runtime-Function-Error-Type': type }),
  });
}

interface Cancellation {
  readonly signal: AbortSignal;
  stop(): void;
}

/** The host holds the answer until the invocation is cancelled (200) or over. */
function watchCancellation(client: RuntimeClient, path: string | undefined): Cancellation {
  const cancelled = new AbortController();
  if (path === undefined) return { signal: cancelled.signal, stop: () => undefined };
  const asking = new AbortController();
  const ask = async (): Promise<void> => {
    try {
      const { status } = await client.get(path, asking.signal);
      if (status === 200) cancelled.abort(new ErganeError('QUERY_CANCELLED', 'the query was cancelled'));
    } catch (error) {
      // a host that ends, or an invocation that is over, cancels nothing
      if (!(error instanceof Error)) throw error;
    }
  };
  const timer = setTimeout(() => void ask(), ASK_AFTER_MS);
  return {
    signal: cancelled.signal,
    stop() {
      clearTimeout(timer);
      asking.abort();
    },
  };
}

function header({ headers }: RuntimeAnswer, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
