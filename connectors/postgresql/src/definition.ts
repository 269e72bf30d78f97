import type { Capabilities } from '@ergane/protocol';
import type { CallContext, ConnectorDefinition, NativeQuery, ReadRequest, TableDescription } from '@ergane/sdk';
import { Field, Schema } from 'apache-arrow';
import { listSchemas, listTables } from './catalog.ts';
import type { Relation, SourceColumn } from './catalog.ts';
import { makeClients } from './client.ts';
import type { FindPassword, PostgresqlClient } from './client.ts';
import { findIamToken } from './iam-token.ts';
import { readOptions } from './options.ts';
import type { PostgresqlOptions } from './options.ts';
import { describeSql } from './describe-sql.ts';
import { describeNativeQuery, findNativeQuery, requireNativeQuery } from './passthrough.ts';
import { planColumn, planColumns } from './planned-column.ts';
import type { PlannedColumns } from './planned-column.ts';
import { EXACT_FUNCTIONS } from './print-expression.ts';
import { listRanges, readTable, selectColumns } from './read.ts';
import type { ReadPlan } from './read.ts';
import { makeRelationCache } from './relation-cache.ts';
import { divideParts, findParts, nativeSplit, parseSplit } from './splits.ts';
import { printQuery, toQuery } from './to-query.ts';
import { findColumnType } from './types.ts';

const DEFAULT_PAGE = 1000;

/** What `read` does exactly as the engine would, so that the engine need not repeat it (protocol reference, section 3.5). */
const CAPABILITIES: Capabilities = {
  supports_filter_pushdown: [
    'sorted_range_set',
    'equatable_range_set',
    'all_or_none_value_set',
    'nullable_comparison',
  ].map((subType) => ({ subType, properties: [] })),
  supports_complex_expression_pushdown: [
    { subType: 'supported_function_expression_types', properties: [...EXACT_FUNCTIONS] },
  ],
  supports_limit_pushdown: [{ subType: 'integer_constant', properties: [] }],
  supports_top_n_pushdown: [{ subType: 'SUPPORTS_ORDER_BY', properties: [] }],
};

interface Call {
  readonly client: PostgresqlClient;
  readonly options: PostgresqlOptions;
}

/**
 * The connector. `findPassword` makes the password of a new connection, such as a token of an identity service; default: RDS's IAM token
 * where the setting `ergane_iam_auth` is true, else the password of the connection string.
 */
export function makePostgresqlDefinition({
  findPassword = findIamToken,
}: { readonly findPassword?: FindPassword } = {}): ConnectorDefinition {
  const findClient = makeClients(findPassword);
  const cache = makeRelationCache();
  const open = async (context: CallContext): Promise<Call> => {
    const [client, options] = await Promise.all([findClient(context), readOptions(context.settings)]);
    return { client, options };
  };
  const plan = async (
    context: CallContext,
    { client, options }: Call,
    request: Pick<ReadRequest, 'tableName'>,
  ): Promise<{ readonly relation: Relation; readonly columns: PlannedColumns }> => {
    const relation = await cache.find(client, context, request.tableName);
    return { relation, columns: planColumns(relation, options) };
  };

  const planRead = async (context: CallContext, call: Call, request: ReadRequest): Promise<ReadPlan> => {
    const sql = findNativeQuery(request.constraints.queryPassthroughArguments);
    if (sql === undefined)
      return { columns: (await plan(context, call, request)).columns, split: parseSplit(request.split) };
    const found = await describeNativeQuery(call.client, context, sql);
    const columns = new Map(found.map((column) => [column.name, planColumn(column, call.options)]));
    return { columns, split: nativeSplit(sql) };
  };

  return {
    name: 'postgresql',
    async listSchemas(context) {
      const { client } = await open(context);
      return await client.use(context, ({ query }) => listSchemas(query));
    },
    async listTables(context, schemaName, { token, size = DEFAULT_PAGE }) {
      const { client } = await open(context);
      const names = await client.use(context, ({ query }) => listTables(query, schemaName, { after: token, size }));
      const last = names.length === size ? names.at(-1) : undefined;
      return {
        tables: names.map((tableName) => ({ schemaName, tableName })),
        ...(last !== undefined && { nextToken: last }),
      };
    },
    async describeTable(context, tableName) {
      const { client, options } = await open(context);
      const relation = await cache.describe(client, context, tableName);
      return relation && describeRelation(relation, options);
    },
    capabilities: () => CAPABILITIES,
    async *layout(context, request) {
      const call = await open(context);
      const { relation, columns } = await plan(context, call, request);
      const { splitBytes } = call.options;
      const { constraints } = request;
      yield* await call.client.use(context, ({ query, serverVersion }) =>
        findParts({ query, serverVersion, relation, columns, constraints, splitBytes }),
      );
    },
    async *splits(context, request) {
      const { splitBytes } = await readOptions(context.settings);
      yield* divideParts(request.partitions, splitBytes);
    },
    async *read(context, request) {
      const call = await open(context);
      try {
        yield* readTable(context, { ...call, request, ...(await planRead(context, call, request)) });
      } catch (error) {
        // what was known may be why it failed
        cache.forget(call.client, request.tableName);
        throw error;
      }
    },
    async explain(context, request) {
      const call = await open(context);
      return explainRead(request, await planRead(context, call, request));
    },
    passthrough: {
      schema: 'system',
      name: 'query',
      arguments: ['QUERY'],
      async describe(context, args) {
        const { client, options } = await open(context);
        const columns = await describeNativeQuery(client, context, requireNativeQuery(args));
        return new Schema(columns.map((column) => makeField(column, options)));
      },
    },
  };
}

function makeField(column: SourceColumn, options: PostgresqlOptions): Field {
  return new Field(column.name, findColumnType(column, options).arrow, true);
}

function describeRelation(relation: Relation, options: PostgresqlOptions): TableDescription {
  const { tableName, columns, rowCount, totalBytes } = relation;
  return {
    tableName,
    schema: new Schema(columns.map((column) => makeField(column, options))),
    sql: describeSql(relation, options),
    statistics: { ...(rowCount !== undefined && { rowCount }), ...(totalBytes !== undefined && { totalBytes }) },
  };
}

function explainRead(request: ReadRequest, { columns, split: { source, pages, reason } }: ReadPlan): NativeQuery {
  const selected = selectColumns(request, columns);
  const { query } = toQuery({ source, selected, columns, constraints: request.constraints });
  const notes = selected.flatMap(({ source: { name }, type }) =>
    type.note === undefined ? [] : [`${name}: ${type.note}`],
  );
  return {
    nativeQuery: printQuery(query.sql, [...(listRanges(pages)[0] ?? []), ...query.parameters]),
    notes: [reason, ...notes].filter((note) => note !== ''),
  };
}
