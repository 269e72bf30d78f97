import { makeClients, openClient } from '../src/client.ts';
import type { Client } from '../src/client.ts';
import type { ConnectorDefinition } from '@ergane/sdk';
import { makeDynamodbDefinition } from '../src/definition.ts';
import type { Operation, WireInput } from '../src/wire.ts';

export interface Call {
  readonly operation: Operation;
  readonly input: WireInput;
}

/** The connector over a client that notes its calls. */
export function makeRecordingDefinition(): { readonly definition: ConnectorDefinition; readonly calls: Call[] } {
  const calls: Call[] = [];
  const clients = makeClients((config): Client => {
    const client = openClient(config);
    return {
      call(context, operation, input) {
        calls.push({ operation, input });
        return client.call(context, operation, input);
      },
      destroy: () => client.destroy(),
    };
  });
  return { definition: makeDynamodbDefinition(clients), calls };
}
