import type {
  CallContext,
  ConnectorDefinition,
  LayoutRequest,
  Partition,
  Properties,
  SplitsRequest,
} from '@ergane/sdk';
import { EXTENSIONS } from '@ergane/protocol';
import { DEFAULT_SCHEMA } from '@ergane/schemas';
import type { Capabilities, CapabilitySubType } from '@ergane/protocol';
import type { Schema } from 'apache-arrow';
import { makeClients } from './client.ts';
import type { Client } from './client.ts';
import { readConfig } from './config.ts';
import type { Config } from './config.ts';
import { explainRead } from './explain.ts';
import { describeStatement } from './passthrough.ts';
import { readStatement } from './statement.ts';
import { choosePlan } from './plan/choose-plan.ts';
import type { Choice } from './plan/choose-plan.ts';
import { parsePlan, writeSplit } from './plan/read-plan.ts';
import { listTables } from './list-tables.ts';
import { readTable } from './read/read-table.ts';
import { readTableNotes } from './schema/table-notes.ts';
import { splitPlan } from './splits.ts';
import { makeTableCatalog } from './table-catalog.ts';
import type { TableCatalog } from './table-catalog.ts';

const guaranteed = (...subTypes: string[]): readonly CapabilitySubType[] =>
  subTypes.map((subType) => ({ subType, properties: [] }));

/**
 * Value sets are guaranteed because what DynamoDB does not filter is checked after the read. A limit and an order spare reads where keys
 * allow it; more rows may come.
 */
const CAPABILITIES: Capabilities = {
  supports_filter_pushdown: guaranteed('sorted_range_set', 'nullable_comparison'),
  supports_limit_pushdown: guaranteed('integer_constant'),
  supports_top_n_pushdown: guaranteed('SUPPORTS_ORDER_BY'),
};

interface Environment {
  readonly config: Config;
  readonly client: Client;
  readonly catalog: TableCatalog;
}

/** The DynamoDB connector; with `open` of one's own, over another client. */
export function makeDynamodbDefinition(clients = makeClients()): ConnectorDefinition {
  const catalogs = new Map<string, TableCatalog>();
  const open = async (context: CallContext): Promise<Environment> => {
    const config = await readConfig(context);
    const client = clients(config.client);
    const key = JSON.stringify(config);
    const catalog = catalogs.get(key) ?? makeTableCatalog(client, config);
    catalogs.set(key, catalog);
    return { config, client, catalog };
  };
  return {
    name: 'dynamodb',
    async listSchemas(context) {
      // there is the schema `default`, but only where there is a DynamoDB
      const { client, catalog } = await open(context);
      await client.call(context, 'ListTables', { Limit: 1 });
      return [...new Set([DEFAULT_SCHEMA, ...(await catalog.definitions.listSchemas(context))])];
    },
    async listTables(context, schemaName, page) {
      const { client, catalog } = await open(context);
      return listTables(context, { client, definitions: catalog.definitions, schemaName, page });
    },
    async describeTable(context, tableName) {
      return (await open(context)).catalog.describe(context, tableName);
    },
    async *layout(context, request) {
      const { plan, reason } = await planRead(await open(context), context, request);
      if (plan !== undefined) yield { properties: writeSplit({ plan, reason }) };
    },
    *splits(_context, { partitions }: SplitsRequest) {
      yield* listSplits(partitions);
    },
    capabilities: () => CAPABILITIES,
    async *read(context, request) {
      const { client, config } = await open(context);
      yield* readTable(context, { client, request, consistentRead: config.consistentRead });
    },
    async explain(context, request) {
      const { config } = await open(context);
      return explainRead(request, config.consistentRead);
    },
    passthrough: {
      schema: 'system',
      name: 'query',
      arguments: ['QUERY'],
      async describe(context, args) {
        const { client, config } = await open(context);
        return describeStatement(context, { client, statement: readStatement(args), wanted: config.sampleItems });
      },
    },
  };
}

async function planRead(
  { config, catalog }: Environment,
  context: CallContext,
  { schema, constraints }: LayoutRequest,
): Promise<Choice> {
  const notes = readTableNotes(schema);
  return choosePlan({
    table: await catalog.findFacts(context, notes.sourceTable),
    notes,
    columns: columnsToRead(context, schema),
    constraints,
    consistentRead: config.consistentRead,
    scanSegments: config.scanSegments,
  });
}

/**
 * The columns that the query reads, where the caller announced them; a layout is asked for with the whole table's schema. An index that
 * lacks one that is read after all is an error of DynamoDB, because every column of an index is asked for by name.
 */
function columnsToRead({ identity }: CallContext, schema: Schema): readonly string[] {
  const all = schema.fields.map((field) => field.name);
  const text = identity.configOptions[EXTENSIONS.columns] ?? '';
  if (!text.startsWith('[')) return all;
  const announced: unknown = JSON.parse(text);
  return Array.isArray(announced) ? all.filter((name) => announced.includes(name)) : all;
}

function* listSplits(partitions: readonly Partition[]): Iterable<Properties> {
  for (const { properties = {} } of partitions) {
    const { plan, reason } = properties;
    for (const part of splitPlan(parsePlan(plan)))
      yield writeSplit({ plan: part, ...(reason !== undefined && { reason }) });
  }
}
