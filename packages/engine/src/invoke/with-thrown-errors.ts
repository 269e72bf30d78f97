import type { Invoker } from '@ergane/protocol';
import { functionFailure } from './call-function.ts';

/** Throws what functions post as errors, so that the combinators around it see every failure in one way. */
export function withThrownErrors(invoker: Invoker): Invoker {
  return {
    async invoke(invocation) {
      const result = await invoker.invoke(invocation);
      if (result.functionError !== undefined) throw functionFailure(invocation.functionName, result);
      return result;
    },
  };
}
