import type { CallContext, ConnectorDefinition } from '../src/connector.ts';
import { makeSettings } from '../src/settings.ts';
import type { Environment } from '../src/settings.ts';

/** A context outside of any host, for tests of what takes one. */
export function makeTestContext(environment: Environment = {}, signal = new AbortController().signal): CallContext {
  return {
    catalogName: 'memory',
    queryId: 'query-1',
    identity: { account: '', arn: '', tags: {}, groups: [], configOptions: {} },
    settings: makeSettings(environment, () => Promise.resolve(undefined)),
    signal,
    remainingTimeMs: () => 900_000,
    throttled: (call) => call(),
    log: () => undefined,
  };
}

/** The metadata of a source whose names have upper and lower case; it answers exact names only. */
export function makeNamesDefinition(
  tables: Readonly<Record<string, readonly string[]>>,
  describeTable: ConnectorDefinition['describeTable'],
): ConnectorDefinition {
  return {
    name: 'names',
    listSchemas: () => Promise.resolve(Object.keys(tables)),
    listTables(_context, schemaName, { token, size = 2 }) {
      const all = (tables[schemaName] ?? []).map((tableName) => ({ schemaName, tableName }));
      const from = Number(token ?? 0);
      const end = from + size;
      return Promise.resolve({
        tables: all.slice(from, end),
        ...(end < all.length && { nextToken: String(end) }),
      });
    },
    describeTable,
    async *read() {},
  };
}
