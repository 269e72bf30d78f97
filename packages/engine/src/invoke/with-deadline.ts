import { ErganeError } from '@ergane/protocol';
import type { Invoker } from '@ergane/protocol';

/** Gives up on an invocation that has not answered in time, and cancels it. */
export function withDeadline(invoker: Invoker, milliseconds: (functionName: string) => number): Invoker {
  return {
    async invoke(invocation) {
      const { functionName, signal } = invocation;
      const limit = milliseconds(functionName);
      const deadline = AbortSignal.timeout(limit);
      try {
        return await invoker.invoke({ ...invocation, signal: signal ? AbortSignal.any([signal, deadline]) : deadline });
      } catch (cause) {
        if (!deadline.aborted || signal?.aborted) throw cause;
        throw new ErganeError(
          'FUNCTION_TIMED_OUT',
          `function ${functionName} did not answer within ${limit / 1000} s`,
          {
            where: { function: functionName },
            cause,
          },
        );
      }
    },
  };
}
