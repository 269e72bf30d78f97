import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AttributeValue, CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { NO_CONSTRAINTS } from '@ergane/protocol';
import type { Constraints } from '@ergane/protocol';
import type { CallContext, ConnectorDefinition, Properties, ReadBatch } from '@ergane/sdk';
import { makeCallContext } from '@ergane/sdk/testing';
import { requireServer } from '@ergane/testing';
import { Schema } from 'apache-arrow';
import { makeDynamodbDefinition } from '../src/definition.ts';
import { readRows } from './read-rows.ts';

export type Item = Record<string, AttributeValue>;
export type Environment = Readonly<Record<string, string>>;
type TableInput = Omit<CreateTableCommandInput, 'TableName' | 'BillingMode'> & { readonly name?: string };

/** A DynamoDB with tables of one test, which go with it. */
export interface TestDynamodb {
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  readonly environment: Environment;
  createTable(table: TableInput): Promise<string>;
  put(table: string, items: readonly Item[]): Promise<void>;
}

export async function openTestDynamodb(t: TestContext): Promise<TestDynamodb | undefined> {
  const url = requireServer(t, 'dynamodb');
  if (url === undefined) return undefined;
  const credentials = { accessKeyId: url.username, secretAccessKey: url.password };
  const client = new DynamoDBClient({ endpoint: url.origin, region: 'us-east-1', credentials });
  const tables: string[] = [];
  t.after(async () => {
    for (const TableName of tables)
      await client.send(new DeleteTableCommand({ TableName })).catch((error: unknown) => {
        if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
      });
    client.destroy();
  });
  return {
    endpoint: url.origin,
    client,
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: url.origin,
      AWS_ACCESS_KEY_ID: url.username,
      AWS_SECRET_ACCESS_KEY: url.password,
    },
    async createTable({ name = `T${randomBytes(6).toString('hex')}`, ...input }) {
      await client.send(new CreateTableCommand({ ...input, TableName: name, BillingMode: 'PAY_PER_REQUEST' }));
      tables.push(name);
      return name;
    },
    async put(table, items) {
      for (let from = 0; from < items.length; from += 25) {
        const requests = items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
        await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
      }
    },
  };
}

/** One item, for those that are too large for a batch. */
export async function putItem({ client }: TestDynamodb, TableName: string, Item: Item): Promise<void> {
  await client.send(new PutItemCommand({ TableName, Item }));
}

/** A table whose partition key is the string `id`. */
export const BY_ID: TableInput = {
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
};

export interface Question {
  readonly table: string;
  readonly columns?: readonly string[];
  readonly constraints?: Partial<Constraints>;
  readonly environment?: Environment;
}

export interface Answer {
  readonly schema: Schema;
  readonly splits: readonly Properties[];
  readonly batches: readonly ReadBatch[];
  /** an object a row */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** sums over the batches */
  readonly statistics: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly explained: readonly string[];
}

/** The definition's calls in the order in which an engine makes them, without a wire; constraints are not checked again. */
export async function ask(
  db: Pick<TestDynamodb, 'environment'>,
  question: Question,
  definition: ConnectorDefinition = makeDynamodbDefinition(),
): Promise<Answer> {
  const context = makeCallContext({ ...db.environment, ...question.environment });
  const constraints = { ...NO_CONSTRAINTS, ...question.constraints };
  const schema = await describe(definition, context, question);
  const args = question.constraints?.queryPassthroughArguments;
  const table = { schema, constraints, table: question.table };
  const splits = args === undefined ? await listSplits(definition, context, table) : [args];
  const tableName = { schemaName: 'default', tableName: question.table };
  const batches: ReadBatch[] = [];
  const explained: string[] = [];
  for (const split of splits) {
    const request = { tableName, schema, split, constraints };
    const native = await definition.explain?.(context, request);
    explained.push([native?.nativeQuery ?? '', ...(native?.notes ?? [])].join('\n'));
    for await (const batch of definition.read(context, request)) batches.push(batch);
  }
  return {
    schema,
    splits,
    batches,
    rows: batches.flatMap(({ batch }) => readRows(batch)),
    statistics: sumStatistics(batches),
    notes: batches.flatMap((batch) => batch.notes ?? []),
    explained,
  };
}

function sumStatistics(batches: readonly ReadBatch[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const batch of batches)
    for (const [name, value] of Object.entries({ rowsRead: batch.rowsRead ?? 0, ...batch.statistics }))
      sums[name] = (sums[name] ?? 0) + value;
  return sums;
}

async function describe(
  definition: ConnectorDefinition,
  context: CallContext,
  { table, columns, constraints }: Question,
): Promise<Schema> {
  const args = constraints?.queryPassthroughArguments;
  const schema =
    args === undefined
      ? (await definition.describeTable(context, { schemaName: 'default', tableName: table }))?.schema
      : await definition.passthrough?.describe(context, args);
  if (schema === undefined) throw new Error(`no table ${table}`);
  if (columns === undefined) return schema;
  const fields = columns.map((name) => {
    const field = schema.fields.find((each) => each.name === name);
    if (field === undefined) throw new Error(`no column ${name}: ${schema.fields.map(String).join(', ')}`);
    return field;
  });
  return new Schema(fields, schema.metadata);
}

export async function listSplits(
  definition: ConnectorDefinition,
  context: CallContext,
  { schema, constraints, table }: { schema: Schema; constraints: Constraints; table: string },
): Promise<readonly Properties[]> {
  const request = { tableName: { schemaName: 'default', tableName: table }, schema, constraints, partitionColumns: [] };
  const partitions = [];
  for await (const partition of definition.layout?.(context, request) ?? []) partitions.push(partition);
  const splits: Properties[] = [];
  if (partitions.length > 0)
    for await (const split of definition.splits?.(context, { ...request, partitions }) ?? []) splits.push(split);
  return splits;
}
