import { decodeRequest } from '@ergane/protocol';
import type { FederationRequest } from '@ergane/protocol';
import { answer } from './answer.ts';
import { makeBudget } from './budget.ts';
import { explainFailure, makeContext } from './call.ts';
import type { Call, Caller } from './call.ts';
import type { Connector, ConnectorDefinition, InvocationContext } from './connector.ts';
import { makeInstance } from './instance.ts';
import type { Instance } from './instance.ts';

const NOBODY: Caller = {
  identity: { account: '', arn: '', tags: {}, groups: [], configOptions: {} },
  queryId: null,
  catalogName: '',
};

/**
 * Makes a connector speak every message of the federation protocol. What is kept between invocations (spellings, secrets, the
 * throttle, the spill store) belongs to one environment object, which a host hands in with every invocation.
 */
export function defineConnector(definition: ConnectorDefinition): Connector {
  const instances = new WeakMap<object, Instance>();
  const findInstance = (environment: InvocationContext['environment']): Instance => {
    const found = instances.get(environment) ?? makeInstance(definition, environment);
    instances.set(environment, found);
    return found;
  };
  return {
    definition,
    async handle(payload, invocation) {
      const instance = findInstance(invocation.environment);
      using budget = makeBudget(invocation);
      const parts = { definition, instance, invocation, budget };
      let call: Call = { ...parts, context: makeContext(parts, NOBODY) };
      try {
        const { message, version } = decodeRequest(payload);
        call = { ...parts, context: makeContext(parts, callerOf(message)) };
        return await answer(call, message, version);
      } catch (error) {
        throw explainFailure(error, call);
      }
    },
  };
}

function callerOf(message: FederationRequest): Caller {
  return message.type === 'UserDefinedFunctionRequest' ? { ...NOBODY, identity: message.identity } : message;
}
