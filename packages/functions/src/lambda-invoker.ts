import { ErganeError, type Invocation, type InvocationResult, type Invoker } from '@ergane/protocol';
import { cancelled, isAborted, PAYLOAD_LIMIT, requestTooLarge } from './faults.ts';
import { invokeException, readInvokeAnswer } from './platform-errors.ts';

export interface LambdaInvokerOptions {
  readonly region: string;
  /** instead of AWS's own, such as a function host's Invoke API */
  readonly endpoint?: string;
  /** default: the SDK's own search (environment, profile, role) */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/**
 * Invokes functions on AWS Lambda by name or ARN. The AWS SDK is loaded with the first invocation. Lambda has no cancelling: aborting
 * gives up waiting. The SDK does not retry, because the engine does.
 */
export function lambdaInvoker(options: LambdaInvokerOptions): Invoker & Disposable {
  let client: ReturnType<typeof makeClient> | undefined;
  return {
    async invoke(invocation) {
      const { functionName, payload, signal } = invocation;
      if (isAborted(signal)) throw cancelled(functionName, signal?.reason);
      if (payload.length > PAYLOAD_LIMIT) throw requestTooLarge(functionName, payload.length);
      client ??= makeClient(options);
      try {
        return await send(await client, invocation);
      } catch (error) {
        if (error instanceof ErganeError) throw error;
        if (isAborted(signal)) throw cancelled(functionName, signal?.reason);
        throw describe(functionName, error, options);
      }
    },
    [Symbol.dispose]: () => void client?.then(({ lambda }) => lambda.destroy()),
  };
}

async function makeClient({ region, endpoint, credentials }: LambdaInvokerOptions) {
  const { LambdaClient, InvokeCommand } = await import('@aws-sdk/client-lambda');
  const lambda = new LambdaClient({
    region,
    maxAttempts: 1,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
  });
  return { lambda, InvokeCommand };
}

async function send(
  { lambda, InvokeCommand }: Awaited<ReturnType<typeof makeClient>>,
  { functionName, payload, signal }: Invocation,
): Promise<InvocationResult> {
  const command = new InvokeCommand({ FunctionName: functionName, Payload: payload, LogType: 'Tail' });
  const answer = await lambda.send(command, signal === undefined ? {} : { abortSignal: signal });
  return readInvokeAnswer(functionName, {
    payload: answer.Payload ?? new Uint8Array(),
    ...(answer.FunctionError !== undefined && { functionError: answer.FunctionError }),
    ...(answer.LogResult !== undefined && { logTail: Buffer.from(answer.LogResult, 'base64').toString('utf8') }),
  });
}

function describe(functionName: string, error: unknown, { region, endpoint }: LambdaInvokerOptions): ErganeError {
  if (!(error instanceof Error)) return invokeException(functionName, 'Error', String(error), error);
  if (error.name === 'CredentialsProviderError') {
    const message = `function "${functionName}": no AWS credentials were found (${error.message}); set a profile, a role or AWS_ACCESS_KEY_ID`;
    return new ErganeError('SOURCE_ACCESS_DENIED', message, { where: { function: functionName }, cause: error });
  }
  // an error that no service answered has a system's code, such as ECONNREFUSED
  if ('code' in error && typeof error.code === 'string' && !('$fault' in error)) {
    const at = endpoint ?? `AWS Lambda in ${region}`;
    const message = `function "${functionName}": ${at} cannot be reached: ${error.message || error.code}. Check region, endpoint and network`;
    const where = { function: functionName, setting: endpoint === undefined ? 'region' : 'endpoint' };
    return new ErganeError('SOURCE_UNREACHABLE', message, { where, cause: error });
  }
  return invokeException(functionName, error.name, error.message, error);
}
