import {
  DeleteTableCommand,
  DynamoDBClient,
  paginateListTables,
  CreateTableCommand,
  BatchWriteItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { ListTablesCommandInput } from '@aws-sdk/client-dynamodb';
import { connectorContract } from '@ergane/sdk/testing';
import { requireServer } from '@ergane/testing';
import { openProxy } from './proxy.ts';
import type { OwnAnswer } from './proxy.ts';
import { connector } from '../src/index.ts';
import type { Item } from './dynamodb-for-tests.ts';

// other tests make and drop tables at the same time: this is seen as an account that has only its own
const OWN = `Contract${process.pid}.`;
const MIXED = `${OWN}Mixed_Case`;
const ORDERS = `${OWN}orders`;

const mixed: readonly Item[] = [
  {
    id: { S: 'a' },
    n: { N: '1.5' },
    flag: { BOOL: true },
    Text: { S: 'Ünï 🙂' },
    bytes: { B: Uint8Array.of(0, 255) },
    tags: { SS: ['x'] },
  },
  {
    id: { S: 'b' },
    n: { N: '-12345678901234567890' },
    flag: { BOOL: false },
    Text: { S: '' },
    deep: { M: { list: { L: [{ N: '1' }] } } },
  },
  { id: { S: 'c' }, n: { NULL: true }, Text: { NULL: true } },
  { id: { S: 'd' }, Text: { N: '12' } },
];

const orders: readonly Item[] = Array.from({ length: 500 }, (_, n) => ({
  customer: { S: `c${n % 25}` },
  placed: { N: String(n) },
  ...(n % 3 !== 0 && { status: { S: ['open', 'paid', 'sent'][n % 3] ?? '' } }),
  ...(n % 5 !== 0 && { total: { N: String(n / 4) } }),
  weight: { N: String((n * 7) % 100) },
  gift: { BOOL: n % 2 === 0 },
}));

connectorContract({
  name: 'dynamodb',
  connector,
  async open(context) {
    const url = requireServer(context, 'dynamodb');
    if (url === undefined) return undefined;
    const credentials = { accessKeyId: url.username, secretAccessKey: url.password };
    const client = new DynamoDBClient({ endpoint: url.origin, region: 'us-east-1', credentials });
    await makeTables(client);
    const proxy = await openProxy(url.origin, (operation, body) =>
      operation === 'ListTables' ? listOwnTables(client, JSON.parse(body) as ListTablesCommandInput) : undefined,
    );
    return {
      environment: {
        AWS_ENDPOINT_URL_DYNAMODB: proxy.url,
        AWS_ACCESS_KEY_ID: url.username,
        AWS_SECRET_ACCESS_KEY: url.password,
        ergane_scan_segments: '3',
      },
      async [Symbol.asyncDispose]() {
        for (const TableName of [MIXED, ORDERS]) await dropTable(client, TableName);
        proxy[Symbol.dispose]();
        client.destroy();
      },
    };
  },
  tables: [
    {
      schemaName: 'default',
      tableName: MIXED,
      minSplits: 3,
      types: { id: 'Utf8', n: 'Decimal[38e+1]', flag: 'Bool', text: 'Utf8', bytes: 'Binary', tags: 'List<Utf8>' },
    },
    { schemaName: 'default', tableName: ORDERS, minSplits: 3 },
  ],
  passthrough: { arguments: { QUERY: `SELECT id, Text FROM "${MIXED}" WHERE id = 'a'` }, rows: [['a', 'Ünï 🙂']] },
  unreachable: {
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'hidden',
    },
    mentions: ['127.0.0.1:1'],
    secrets: ['hidden'],
  },
});

async function listOwnTables(
  client: DynamoDBClient,
  { ExclusiveStartTableName: start = '', Limit = 100 }: ListTablesCommandInput,
): Promise<OwnAnswer> {
  const names: string[] = [];
  for await (const page of paginateListTables({ client }, {})) names.push(...(page.TableNames ?? []));
  const left = names.filter((name) => name.startsWith(OWN) && name > start);
  const TableNames = left.slice(0, Limit);
  const more = left.length > Limit && { LastEvaluatedTableName: TableNames.at(-1) };
  return { status: 200, body: JSON.stringify({ TableNames, ...more }) };
}

async function makeTables(client: DynamoDBClient): Promise<void> {
  for (const TableName of [MIXED, ORDERS]) await dropTable(client, TableName);
  const BillingMode = 'PAY_PER_REQUEST';
  await client.send(
    new CreateTableCommand({
      TableName: MIXED,
      BillingMode,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
  await client.send(
    new CreateTableCommand({
      TableName: ORDERS,
      BillingMode,
      KeySchema: [
        { AttributeName: 'customer', KeyType: 'HASH' },
        { AttributeName: 'placed', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'customer', AttributeType: 'S' },
        { AttributeName: 'placed', AttributeType: 'N' },
        { AttributeName: 'status', AttributeType: 'S' },
        { AttributeName: 'total', AttributeType: 'N' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-status-total',
          KeySchema: [
            { AttributeName: 'status', KeyType: 'HASH' },
            { AttributeName: 'total', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  await putAll(client, MIXED, mixed);
  await putAll(client, ORDERS, orders);
}

async function putAll(client: DynamoDBClient, table: string, items: readonly Item[]): Promise<void> {
  for (let from = 0; from < items.length; from += 25) {
    const requests = items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  }
}

async function dropTable(client: DynamoDBClient, TableName: string): Promise<void> {
  try {
    await client.send(new DeleteTableCommand({ TableName }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
  }
}
