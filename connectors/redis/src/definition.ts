import type { CallContext, ConnectorDefinition, NativeQuery, Partition, ReadRequest } from '@ergane/sdk';
import type { Capabilities } from '@ergane/protocol';
import { makeClients } from './client.ts';
import { readConfig } from './config.ts';
import type { Config } from './config.ts';
import { runScript, SCRIPT_SCHEMA } from './passthrough.ts';
import { findLimit, readTable } from './read/read-table.ts';
import { makeRowWriter } from './read/row-writer.ts';
import { VALUE_KINDS } from './read/value-rows.ts';
import { keySplits, namedKeys, readSplit, scanSplits } from './splits.ts';
import { makeTableCatalog } from './table-catalog.ts';
import type { TableCatalog } from './table-catalog.ts';
import { readTableNotes } from './table-notes.ts';

/** Value sets are guaranteed because the SDK checks what Redis cannot filter. A limit spares reads; more rows may come. */
const CAPABILITIES: Capabilities = {
  supports_filter_pushdown: [
    { subType: 'sorted_range_set', properties: [] },
    { subType: 'nullable_comparison', properties: [] },
  ],
  supports_limit_pushdown: [{ subType: 'integer_constant', properties: [] }],
};

interface Environment {
  readonly config: Config;
  readonly catalog: TableCatalog;
}

/** The Redis connector. */
export function makeRedisDefinition(clients = makeClients()): ConnectorDefinition {
  const catalogs = new Map<string, TableCatalog>();
  const open = async (context: CallContext): Promise<Environment> => {
    const config = await readConfig(context);
    const key = JSON.stringify(config);
    const catalog = catalogs.get(key) ?? makeTableCatalog(clients, config);
    catalogs.set(key, catalog);
    return { config, catalog };
  };
  return {
    name: 'redis',
    listSchemas: async (context) => (await open(context)).catalog.listSchemas(context),
    async listTables(context, schemaName) {
      const names = await (await open(context)).catalog.listTables(context, schemaName);
      return { tables: names.map((tableName) => ({ schemaName, tableName })) };
    },
    describeTable: async (context, tableName) => (await open(context)).catalog.describe(context, tableName),
    *layout(_context, { constraints }): Iterable<Partition> {
      const keys = namedKeys(constraints);
      if (keys === undefined) yield {};
      else for (const properties of keySplits(keys)) yield { properties };
    },
    async *splits(context, { partitions, tableName }) {
      for (const { properties } of partitions) {
        if (properties?.['keys'] !== undefined) yield properties;
        else {
          const { config, catalog } = await open(context);
          yield* scanSplits(context, await catalog.open(context, tableName), config.splitKeys);
        }
      }
    },
    capabilities: () => CAPABILITIES,
    async *read(context, request) {
      const { catalog } = await open(context);
      const client = await catalog.open(context, request.tableName);
      const args = request.constraints.queryPassthroughArguments;
      if (Object.keys(args).length > 0) yield* runScript(context, client, args);
      else yield* readTable(context, client, request);
    },
    explain: (_context, request) => explainRead(request),
    passthrough: {
      schema: 'system',
      name: 'script',
      arguments: ['SCRIPT', 'KEYS', 'ARGV'],
      describe: () => Promise.resolve(SCRIPT_SCHEMA),
    },
  };
}

/** The commands that `read` would send. */
function explainRead(request: ReadRequest): NativeQuery {
  const args = request.constraints.queryPassthroughArguments;
  if (Object.keys(args).length > 0) return { nativeQuery: `EVAL_RO ${args['SCRIPT'] ?? ''}` };
  const notes = readTableNotes(request.schema);
  const { space } = notes;
  const { fields } = makeRowWriter(request.schema, notes);
  const [name, , ...rest] =
    fields.length === 0 ? ['TYPE', ''] : VALUE_KINDS[space.valueType].command(Buffer.alloc(0), fields);
  const values = [name, '<key>', ...rest].join(' ');
  const split = readSplit(request.split);
  const limit = findLimit(request.constraints);
  const keys =
    split.kind === 'keys'
      ? `${split.keys.length} named keys`
      : `${space.kind === 'prefix' ? 'SCAN' : 'ZSCAN of'} ${space.patterns.join(', ')} at ${split.address}`;
  return { nativeQuery: `${keys}: ${values}${limit === undefined ? '' : `; stops after ${limit} rows`}` };
}
