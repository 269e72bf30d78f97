import { openStore } from '@ergane/storage';
import { inProcessInvoker } from '@ergane/sdk/in-process';
import { makeFunctionClient } from '@ergane/sdk/testing';
import type { FunctionClient } from '@ergane/sdk/testing';
import { defineConnector, makeSettings } from '@ergane/sdk';
import type { CallContext } from '@ergane/sdk';
import { makeTemporaryFolder } from '@ergane/testing';
import { makePostgresqlDefinition } from '../src/index.ts';
import { openDatabase } from './database.ts';
import type { SkipContext, TestDatabase } from './database.ts';

/** The connector as a function of its own over a database of its own. */
export interface TestFunction extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly client: FunctionClient;
  /** the same connector with other settings */
  withSettings(environment: Readonly<Record<string, string>>): FunctionClient;
}

export async function openFunction(
  context: SkipContext,
  environment: Readonly<Record<string, string>> = {},
  options = '',
): Promise<TestFunction | undefined> {
  const database = await openDatabase(context, options);
  if (database === undefined) return undefined;
  const folder = await makeTemporaryFolder();
  const store = openStore(folder.path);
  const connector = defineConnector(makePostgresqlDefinition());
  const withSettings: TestFunction['withSettings'] = (more) => {
    const own = { default: database.url, ergane_spill_store: folder.path, ...environment, ...more };
    const invoker = inProcessInvoker({ postgresql: { connector, environment: own, onLog: () => undefined } });
    const announce = ['explain', 'statistics', 'continuation'] as const;
    return makeFunctionClient({ invoker, functionName: 'postgresql', store, bucket: 'spill', announce });
  };
  return {
    database,
    client: withSettings({}),
    withSettings,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** A call outside of any host, for reading step by step. */
export function makeContext(url: string, signal = new AbortController().signal): CallContext {
  return {
    catalogName: 'postgresql',
    queryId: 'query-1',
    identity: { account: '', arn: '', tags: {}, groups: [], configOptions: {} },
    settings: makeSettings({ default: url }, () => Promise.resolve(undefined)),
    signal,
    remainingTimeMs: () => 900_000,
    throttled: (call) => call(),
    log: () => undefined,
  };
}

/** Asks again and again until a row comes. */
export async function waitForRow(database: TestDatabase, sql: string): Promise<void> {
  for (;;) {
    // a transaction sees one state of pg_stat_activity otherwise
    await database.run('select pg_stat_clear_snapshot(), pg_sleep(0.02)');
    if ((await database.run(sql)).length > 0) return;
  }
}
