import type { Capabilities } from '@ergane/protocol';
import type { CallContext, ConnectorDefinition, ReadRequest } from '@ergane/sdk';
import { Client } from './client.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { readConfig } from './config.ts';
import { DivisionCache } from './division-cache.ts';
import { PUSHED_FUNCTIONS } from './expression-sql.ts';
import { describeTable, listSchemas, listTables } from './metadata.ts';
import { assertReads, describeNativeQuery, nativeQuery } from './passthrough.ts';
import { planRead, readQuery, readTable } from './read.ts';
import { planNative } from './read-native.ts';
import { findPartitions, makeSplits } from './splits.ts';
import { FactsCache } from './table-facts.ts';
import type { TableFacts } from './table-facts.ts';
import { WriterPool } from './writer-pool.ts';

/** The connector over the connections of `pool`. */
export function makeMysqlDefinition(pool: ConnectionPool): ConnectorDefinition {
  const facts = new FactsCache();
  const writers = new WriterPool();
  const divisions = new DivisionCache();
  const withClient = async <Result>(
    context: CallContext,
    work: (client: Client) => Promise<Result>,
  ): Promise<Result> => {
    await using client = await Client.open(pool, context);
    return await work(client);
  };
  return {
    name: 'mysql',
    listSchemas: (context) => withClient(context, listSchemas),
    listTables: (context, schemaName, page) => withClient(context, (client) => listTables(client, schemaName, page)),
    describeTable: (context, tableName) => withClient(context, (client) => describeTable(client, facts, tableName)),
    async *layout(context, request) {
      if (nativeQuery(request.constraints) !== undefined) {
        yield {};
        return;
      }
      await using client = await Client.open(pool, context);
      const table = await findTable(client, facts, request);
      yield* table === undefined ? [{}] : await findPartitions(client, table, request);
    },
    async *splits(context, request) {
      if (nativeQuery(request.constraints) !== undefined) {
        yield {};
        return;
      }
      await using client = await Client.open(pool, context);
      const table = await findTable(client, facts, request);
      if (table === undefined) yield {};
      else yield* makeSplits(client, { facts: table, divisions }, request);
    },
    capabilities,
    async *read(context, request) {
      const native = nativeQuery(request.constraints);
      await using client = await Client.open(pool, context);
      if (native === undefined) yield* readTable(client, { facts, writers }, { context, request });
      else yield* readNative(client, { text: native, writers }, request);
    },
    async explain(context, request) {
      const native = nativeQuery(request.constraints);
      if (native !== undefined)
        return withClient(context, async (client) => ({
          nativeQuery: (await planNative(client, { text: native, request })).query.text,
        }));
      return withClient(context, async (client) => {
        const { query, facts: table } = await planRead(client, facts, request);
        return { nativeQuery: query.text, notes: notesOn(table, request) };
      });
    },
    passthrough: {
      schema: 'system',
      name: 'query',
      arguments: ['QUERY'],
      describe: (context, args) =>
        withClient(context, (client) =>
          describeNativeQuery(client, nativeQuery({ queryPassthroughArguments: args }) ?? ''),
        ),
    },
  };
}

/** What `read` finds missing is told by `read`, which knows all of the request. */
function findTable(
  client: Client,
  facts: FactsCache,
  request: Pick<ReadRequest, 'tableName'>,
): Promise<TableFacts | undefined> {
  return facts.find(client, request.tableName);
}

async function* readNative(
  client: Client,
  { text, writers }: { readonly text: string; readonly writers: WriterPool },
  request: ReadRequest,
): ReturnType<ConnectorDefinition['read']> {
  assertReads(text);
  // whatever the statement did to its session, nobody else gets it
  client.discard();
  const { query, schema } = await planNative(client, { text, request });
  const places = request.schema.fields.map(({ name }) => schema.fields.findIndex((field) => field.name === name));
  for await (const { read } of readQuery(client, { query, schema, where: {}, writers }))
    yield schema === request.schema ? read : { ...read, batch: read.batch.selectAt(places) };
}

/** Everything in `summary` is exact, unless dates that the server has are read as NULL. */
async function capabilities(context: CallContext): Promise<Capabilities> {
  const { zeroDates } = await readConfig(context.settings, context.catalogName);
  const sorted = { supports_top_n_pushdown: [{ subType: 'SUPPORTS_ORDER_BY', properties: [] }] };
  if (zeroDates === 'null') return sorted;
  return {
    ...sorted,
    supports_filter_pushdown: [
      { subType: 'sorted_range_set', properties: [] },
      { subType: 'nullable_comparison', properties: [] },
    ],
    supports_complex_expression_pushdown: [
      { subType: 'supported_function_expression_types', properties: PUSHED_FUNCTIONS },
    ],
    supports_limit_pushdown: [{ subType: 'integer_constant', properties: [] }],
  };
}

function notesOn({ columns, isView, key, partitions }: TableFacts, { schema }: ReadRequest): readonly string[] {
  const read = new Set(schema.fields.map(({ name }) => name.toLowerCase()));
  const fine = columns.filter(
    ({ name, dataType, fractionDigits }) =>
      read.has(name.toLowerCase()) && /^(datetime|timestamp)$/.test(dataType) && fractionDigits > 3,
  );
  return [
    ...fine.map(
      ({ name }) => `column "${name}" has microseconds; the protocol carries milliseconds, the rest is cut off`,
    ),
    ...(isView ? ['a view is read as one split'] : []),
    ...(!isView && key === undefined && partitions.length === 0
      ? ['the table has no key, so it is read as one split']
      : []),
  ];
}
