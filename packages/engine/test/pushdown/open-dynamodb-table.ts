import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { connector } from '@ergane/connector-dynamodb';
import { inProcessInvoker } from '@ergane/sdk/in-process';
import { requireServer } from '@ergane/testing';
import { makeTestParts, makeTestPlace } from '../test-engine.ts';
import type { OpenedTable } from './opened-table.ts';
import { makeRows, VALUES } from './values.ts';

/** Types of the definition; the hash key is `g`, the range key `id`, an index is by `s` and `d`. */
const COLUMNS: Readonly<Record<string, readonly [type: string, values: string]>> = {
  i: ['integer', 'i'],
  b: ['bigint', 'b'],
  d: ['decimal(38,6)', 'd'],
  s: ['varchar', 's'],
  x: ['double', 'x'],
  day: ['date', 'day'],
  ts: ['timestamp', 'ts'],
  v: ['varbinary', 'v'],
  f: ['boolean', 'f'],
};
/** Numbers that DynamoDB has not: it goes from 1e-130 to 1e126. */
const NOT_THERE = ['1e300', '5e-300'];

function attribute(text: string, kind: string, row: number): AttributeValue {
  if (kind === 'bytes') return { B: Buffer.from(text, 'hex') };
  if (kind === 'boolean') return { BOOL: text === 'true' };
  // times as text and as milliseconds, as they are found together
  if (kind === 'time') {
    const iso = `${text.replace(' ', 'T')}Z`;
    return row % 2 === 0 ? { S: iso } : { N: String(Date.parse(iso)) };
  }
  return kind === 'text' || kind === 'date' ? { S: text } : { N: text };
}

/** Attributes that are the key of an index may not be empty. */
function isIndexable(name: string, text: string): boolean {
  return name !== 's' || text !== '';
}

export async function openDynamodbTable(
  context: TestContext,
  pick: (count: number) => number,
): Promise<OpenedTable | undefined> {
  const server = requireServer(context, 'dynamodb');
  if (server === undefined) return undefined;
  const { username: accessKeyId, password: secretAccessKey, origin } = server;
  const client = new DynamoDBClient({
    endpoint: origin,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
  });
  const TableName = `pushdown-${randomBytes(6).toString('hex')}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'g', KeyType: 'HASH' },
        { AttributeName: 'id', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'g', AttributeType: 'S' },
        { AttributeName: 'id', AttributeType: 'N' },
        { AttributeName: 's', AttributeType: 'S' },
        { AttributeName: 'd', AttributeType: 'N' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by_s',
          KeySchema: [
            { AttributeName: 's', KeyType: 'HASH' },
            { AttributeName: 'd', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  const items = makeRows(
    Object.values(COLUMNS).map(([, values]) => values),
    pick,
    { special: false },
  ).map((row, id) => {
    const item: Record<string, AttributeValue> = { id: { N: String(id) }, g: { S: ['a', 'A', 'ä'][id % 3] ?? 'a' } };
    for (const [name, [, from]] of Object.entries(COLUMNS)) {
      const text = row[from];
      if (typeof text === 'string' && !NOT_THERE.includes(text) && isIndexable(name, text))
        item[name] = attribute(text, VALUES[from]?.kind ?? '', id);
      else if (text === null && name !== 's' && name !== 'd' && id % 2 === 0) item[name] = { NULL: true };
    }
    return { PutRequest: { Item: item } };
  });
  for (let from = 0; from < items.length; from += 25)
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: items.slice(from, from + 25) } }));
  const columns = {
    id: 'integer',
    g: 'varchar',
    ...Object.fromEntries(Object.entries(COLUMNS).map(([name, [type]]) => [name, type])),
  };
  const place = await makeTestPlace();
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: origin,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ergane_table_definitions: JSON.stringify({ tables: { t: { source: TableName, columns } } }),
    ergane_spill_store: `file://${place.folder}/spill`,
  };
  const parts = makeTestParts(place, inProcessInvoker({ fake: { connector, environment, onLog: () => undefined } }));
  return {
    parts,
    catalog: 'c',
    schema: 'default',
    name: 't',
    async [Symbol.asyncDispose]() {
      await parts[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
      await client.send(new DeleteTableCommand({ TableName }));
      client.destroy();
    },
  };
}
