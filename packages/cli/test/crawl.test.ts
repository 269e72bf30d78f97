import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateDatabaseCommand, DeleteDatabaseCommand, GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import type { InferredTable } from '@ergane/engine';
import { requireServer } from '@ergane/testing';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { stringify } from 'yaml';
import { findDrift } from '../src/check/find-drift.ts';
import { makeWorkplace } from './run-cli.ts';

async function makeTable(t: TestContext, url: URL): Promise<string> {
  const credentials = { accessKeyId: url.username, secretAccessKey: url.password };
  const client = new DynamoDBClient({ endpoint: url.origin, region: 'us-east-1', credentials });
  const TableName = `Crawl${randomBytes(6).toString('hex')}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'S' }],
    }),
  );
  t.after(async () => {
    await client.send(new DeleteTableCommand({ TableName }));
    client.destroy();
  });
  for (const Item of [
    { Id: { S: '1' }, price: { N: '1.25' }, tags: { SS: ['a'] }, mixed: { S: 'x' } },
    { Id: { S: '2' }, price: { N: '3' }, mixed: { N: '4' } },
  ])
    await client.send(new PutItemCommand({ TableName, Item }));
  return TableName;
}

const config = (url: URL, env: Readonly<Record<string, string>> = {}): string =>
  stringify({ catalogs: { parts: { connector: 'dynamodb', env: { AWS_ENDPOINT_URL_DYNAMODB: url.href, ...env } } } });

test('crawl shows what a sample has, and what it writes is a definition', async (t) => {
  const url = requireServer(t, 'dynamodb');
  if (url === undefined) return;
  const table = await makeTable(t, url);
  await using workplace = await makeWorkplace();
  const file = path.join(workplace.folder, 'parts.yaml');
  const configFile = path.join(workplace.folder, 'crawl.config.yaml');
  await writeFile(configFile, config(url));
  const crawl = ['crawl', '--config', configFile, '--format', 'tsv', `parts.default."${table}"`, '--write', file];
  const found = await workplace.run(crawl);
  assert.equal(found.code, 0, found.errors);
  const rows = found.output
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t').slice(2));
  assert.deepEqual(rows, [
    ['id', 'varchar', 'Id', 'text 2', '2 (all)'],
    ['mixed', 'varchar', 'mixed', 'text 1, number 1', '2 (all)'],
    ['price', 'decimal(38,2)', 'price', 'number 2', '2 (all)'],
    ['tags', 'array(varchar)', 'tags', 'list 1', '2 (all)'],
  ]);
  assert.match(await readFile(file, 'utf8'), /source: Crawl/);
  const again = await workplace.run(crawl);
  assert.equal(again.code, 2, 'the file is not written over');

  await writeFile(configFile, config(url, { ergane_table_definitions: `file:${file}` }));
  const sql = `select id, price from parts."default".${table.toLowerCase()} order by id`;
  const read = await workplace.run(['query', '--config', configFile, '--format', 'csv', sql]);
  assert.equal(read.output, '"id","price"\n"1","1.25"\n"2","3.00"\n', read.errors);

  const drifted = (await readFile(file, 'utf8'))
    .replace('mixed: varchar', 'mixed: bigint')
    .replace(/^.*tags:.*\n/m, '');
  await writeFile(file, drifted);
  const check = await workplace.run(['check', '--config', configFile, 'parts']);
  assert.notEqual(check.code, 0);
  assert.match(check.output, /column "mixed" is bigint, but 1 of its values are text/);
  assert.match(check.output, /"tags" is in no column of the definition/);
});

test('crawl --glue writes definitions that the connector owns', async (t) => {
  const url = requireServer(t, 'dynamodb');
  const aws = requireServer(t, 'aws');
  if (url === undefined || aws === undefined) return;
  const table = await makeTable(t, url);
  const database = `crawl${randomBytes(6).toString('hex')}`;
  const glue = new GlueClient({
    endpoint: aws.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'ergane', secretAccessKey: 'ergane-test' },
  });
  t.after(() => glue.destroy());
  await glue.send(
    new CreateDatabaseCommand({ DatabaseInput: { Name: database, LocationUri: 's3://x/dynamo-db-flag' } }),
  );
  t.after(() => glue.send(new DeleteDatabaseCommand({ Name: database })));
  await using workplace = await makeWorkplace();
  const configFile = path.join(workplace.folder, 'crawl.config.yaml');
  const environment = {
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_GLUE: aws.origin,
    AWS_ACCESS_KEY_ID: 'ergane',
    AWS_SECRET_ACCESS_KEY: 'erganetest',
  };
  await writeFile(configFile, config(url, environment));
  const crawl = ['crawl', '--config', configFile, `parts.default."${table}"`, '--glue', database];
  const outcome = await workplace.run(crawl, '', environment);
  assert.equal(outcome.code, 0, outcome.errors);
  const { Table } = await glue.send(new GetTableCommand({ DatabaseName: database, Name: table.toLowerCase() }));
  assert.deepEqual(
    Table?.StorageDescriptor?.Columns?.map(({ Name, Type }) => [Name, Type]),
    [
      ['id', 'string'],
      ['mixed', 'string'],
      ['price', 'decimal(38,2)'],
      ['tags', 'array<string>'],
    ],
  );
  const sql = `select count(id) from parts.${database}.${table.toLowerCase()}`;
  const read = await workplace.run(['query', '--config', configFile, '--format', 'csv', sql]);
  assert.match(read.output, /"2"/, read.errors);
});

test('drift is a column that shows nothing, an attribute without a column, or a value that cannot fit', () => {
  const table: InferredTable = {
    columns: [],
    sourceTable: 't',
    parameters: {},
    documentCount: 3,
    complete: true,
    seen: {
      a: { source: 'A', kinds: { text: 2, number: 1 } },
      b: { source: 'b', kinds: { list: 3 } },
      c: { source: 'c', kinds: {} },
    },
    defined: {
      a: { source: 'A', type: 'bigint' },
      b: { source: 'b', type: 'varchar' },
      gone: { source: 'Gone', type: 'double' },
    },
  };
  assert.deepEqual(findDrift(table), [
    'column "a" is bigint, but 2 of its values are text',
    'column "gone" shows "Gone", which nothing in the table has',
    '"c" is in no column of the definition',
  ]);
  assert.deepEqual(findDrift({ ...table, defined: undefined }), []);
  assert.deepEqual(findDrift({ ...table, documentCount: 0 }), [], 'an empty table says nothing');
});
