import type { Extension } from '@ergane/protocol';
import { openStore } from '@ergane/storage';
import { makeTemporaryFolder } from '@ergane/testing';
import { inProcessInvoker } from '../src/hosts/in-process.ts';
import type { InProcessFunction } from '../src/hosts/in-process.ts';
import type { Connector } from '../src/index.ts';
import { makeFunctionClient } from '../src/testing/index.ts';

export interface ClientOptions extends Omit<Partial<InProcessFunction>, 'connector'> {
  readonly announce?: readonly Extension[];
}

/** A caller of a connector in this process, and the folder that it spills to. */
export async function openClient(connector: Connector, { announce = [], ...host }: ClientOptions = {}) {
  const folder = await makeTemporaryFolder();
  const store = openStore(folder.path);
  const environment = { ergane_spill_store: folder.path, ...host.environment };
  const invoker = inProcessInvoker({ f: { connector, onLog: () => undefined, ...host, environment } });
  const client = makeFunctionClient({ invoker, functionName: 'f', store, bucket: 'spill', announce });
  return {
    client,
    folder: folder.path,
    invoker,
    async listSpill(): Promise<string[]> {
      const keys: string[] = [];
      for await (const { key } of store.list('spill', '')) keys.push(key);
      return keys;
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
