import { encodeFunctionError } from '@ergane/protocol';
import type { Connector } from '../connector.ts';

/** What is used of the context object of Lambda's Node.js runtime. */
export interface LambdaContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly memoryLimitInMB: string;
  getRemainingTimeInMillis(): number;
}

/**
 * The handler of a connector for Lambda's managed Node.js runtime, which parses events and prints answers itself. An error is thrown
 * with the type that the engine knows as its name.
 */
export function lambdaHandler(connector: Connector): (event: unknown, context: LambdaContext) => Promise<unknown> {
  const environment = { ...process.env };
  return async (event, context) => {
    const payload = Buffer.from(JSON.stringify(event));
    try {
      const answer = await connector.handle(payload, {
        requestId: context.awsRequestId,
        functionName: context.functionName,
        memoryLimitMb: Number(context.memoryLimitInMB),
        deadline: Date.now() + context.getRemainingTimeInMillis(),
        environment,
        signal: new AbortController().signal,
      });
      const parsed: unknown = JSON.parse(Buffer.from(answer).toString());
      return parsed;
    } catch (error) {
      const { errorMessage, errorType } = encodeFunctionError(error);
      throw Object.assign(new Error(errorMessage), { name: errorType });
    }
  };
}
