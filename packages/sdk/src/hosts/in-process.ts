import { randomUUID } from 'node:crypto';
import { encodeFunctionError, ErganeError } from '@ergane/protocol';
import type { Invoker } from '@ergane/protocol';
import type { Connector } from '../connector.ts';
import { DEFAULT_TIMEOUT_MS } from './invocation-limits.ts';

/** A connector as a function of this process. */
export interface InProcessFunction {
  readonly connector: Connector;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** default 900 s */
  readonly timeoutMs?: number;
  /** default: none; the memory is that of the whole process */
  readonly memoryLimitMb?: number;
  readonly onLog?: (message: string) => void;
}

/** Runs connectors in this process: for tests, and where isolation does not matter. An error is a `functionError`, as on Lambda. */
export function inProcessInvoker(functions: Readonly<Record<string, InProcessFunction>>): Invoker {
  return {
    async invoke({ functionName, payload, signal = new AbortController().signal }) {
      const found = Object.hasOwn(functions, functionName) ? functions[functionName] : undefined;
      if (found === undefined)
        throw new ErganeError('FUNCTION_NOT_CONFIGURED', `there is no function "${functionName}"`, {
          where: { function: functionName },
        });
      const { connector, environment, timeoutMs = DEFAULT_TIMEOUT_MS, memoryLimitMb = Infinity, onLog } = found;
      const invocation = {
        requestId: randomUUID(),
        functionName,
        memoryLimitMb,
        deadline: Date.now() + timeoutMs,
        environment,
        signal,
        ...(onLog && { log: onLog }),
      };
      try {
        return { payload: await connector.handle(payload, invocation) };
      } catch (error) {
        if (signal.aborted) throw cancelled(functionName, error);
        return { payload: Buffer.from(JSON.stringify(encodeFunctionError(error))), functionError: 'Unhandled' };
      }
    },
  };
}

function cancelled(functionName: string, cause: unknown): ErganeError {
  if (cause instanceof ErganeError && cause.code === 'QUERY_CANCELLED') return cause;
  const where = { function: functionName };
  return new ErganeError('QUERY_CANCELLED', `the invocation of ${functionName} was cancelled`, { where, cause });
}
