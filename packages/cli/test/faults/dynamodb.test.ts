import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Invoker } from '@ergane/protocol';
import { decodeRequest } from '@ergane/protocol';
import { bundleConnectorForTests, requireServer, startPrivateDynamodb } from '@ergane/testing';
import type { CatalogConfig } from '../../src/config/config.ts';
import { expectFault, openWorkbench } from './workbench.ts';

/** A DynamoDB, and a client to fill it. */
interface Source extends AsyncDisposable {
  readonly catalog: CatalogConfig;
  makeTable(name: string, items: readonly Readonly<Record<string, AttributeValue>>[]): Promise<void>;
  dropTable(name: string): Promise<void>;
}

async function openSource(url: URL): Promise<Source> {
  const credentials = { accessKeyId: url.username, secretAccessKey: url.password };
  const client = new DynamoDBClient({ endpoint: url.origin, region: 'us-east-1', credentials, maxAttempts: 1 });
  const bundle = await bundleConnectorForTests('dynamodb');
  const made = new Set<string>();
  const dropTable = async (TableName: string): Promise<void> => {
    made.delete(TableName);
    await client.send(new DeleteTableCommand({ TableName }));
  };
  return {
    catalog: {
      command: [process.execPath, bundle],
      env: {
        AWS_ENDPOINT_URL_DYNAMODB: url.origin,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: url.username,
        AWS_SECRET_ACCESS_KEY: url.password,
      },
    },
    dropTable,
    async makeTable(TableName, items) {
      await client.send(
        new CreateTableCommand({
          TableName,
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }],
          BillingMode: 'PAY_PER_REQUEST',
        }),
      );
      made.add(TableName);
      for (const Item of items) await client.send(new PutItemCommand({ TableName, Item }));
    },
    async [Symbol.asyncDispose]() {
      // a server that was killed has nothing to drop
      for (const name of made) await dropTable(name).catch(() => undefined);
      client.destroy();
    },
  };
}

async function openShared(context: TestContext): Promise<Source | undefined> {
  const url = requireServer(context, 'dynamodb');
  return url && openSource(url);
}

const own = (name: string) => `faults_${process.pid}_${name}`;
const number = (value: number): AttributeValue => ({ N: String(value) });
const text = (value: string): AttributeValue => ({ S: value });

test('dynamodb: an empty table, one of one row, NULLs, names of every kind', { timeout: 120_000 }, async (context) => {
  await using source = await openShared(context);
  if (source === undefined) return;
  const [empty, one, odd] = [own('empty'), own('One.Row-x'), own('odd')];
  const names = ['Select', 'two words', 'quo"te', "apo'strophe", 'Größe', '列', 'a.b', 'x;--', '#hash', ':colon'];
  await source.makeTable(empty, []);
  await source.makeTable(one, [{ id: number(1), name: text('a'), nothing: { NULL: true } }]);
  await source.makeTable(odd, [
    { id: number(1), ...Object.fromEntries(names.map((name, index) => [name, number(index)])) },
  ]);
  await using bench = await openWorkbench({ catalogs: { parts: source.catalog } });
  assert.deepEqual(await bench.rows(`select * from parts."default"."${empty}"`), []);
  assert.deepEqual(await bench.rows(`select id, name from parts."default"."${one}"`), [['1', 'a']]);
  assert.deepEqual(await bench.rows(`select id from parts."default"."${one}" where name is null`), []);
  const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`);
  const where = quoted.map((name, index) => `${name} = ${index}`).join(' and ');
  assert.deepEqual(
    (await bench.rows(`select ${quoted.join(', ')} from parts."default"."${odd}" where ${where}`)).map((row) =>
      row.map(Number),
    ),
    [names.map((_, index) => index)],
  );
});

test('dynamodb: an item of 10,000 attributes, and one of the largest size', { timeout: 120_000 }, async (context) => {
  await using source = await openShared(context);
  if (source === undefined) return;
  const table = own('wide');
  const attributes = Array.from({ length: 10_000 }, (_, index) => [`c${index}`, number(index)] as const);
  await source.makeTable(table, [{ id: number(1), ...Object.fromEntries(attributes) }]);
  const large = own('large');
  await source.makeTable(large, [{ id: number(1), text: text('x'.repeat(400_000)) }]);
  await using bench = await openWorkbench({ catalogs: { parts: source.catalog } });
  const [row = []] = await bench.rows(`select * from parts."default"."${table}"`);
  assert.equal(row.length, 10_001);
  const some = await bench.rows(`select c9999, c17 from parts."default"."${table}" where c5000 = 5000`);
  assert.deepEqual(
    some.map((cells) => cells.map(Number)),
    [[9999, 17]],
  );
  assert.deepEqual(await bench.rows(`select length(text) from parts."default"."${large}"`), [[400_000n]]);
});

test('dynamodb: a table that is deleted between planning and reading, and one that never was', async (context) => {
  await using source = await openShared(context);
  if (source === undefined) return;
  const table = own('gone');
  await source.makeTable(table, [{ id: number(1) }]);
  await using bench = await openWorkbench({ catalogs: { parts: source.catalog } });
  assert.equal((await bench.rows(`select id from parts."default"."${table}"`)).length, 1);
  await source.dropTable(table);
  await expectFault(bench.rows(`select id from parts."default"."${table}"`), {
    code: 'SOURCE_CHANGED',
    says: [table, 'again'],
  });
  await expectFault(bench.rows(`select id from parts."default"."${table}"`), {
    code: 'TABLE_NOT_FOUND',
    says: [table],
  });
});

/** Does something when the table is known and its rows are about to be asked for; a small table's come with its layout. */
function atFirstRead(invoker: Invoker, work: () => Promise<void>): Invoker {
  let done = false;
  return {
    async invoke(invocation) {
      if (!done && decodeRequest(invocation.payload).message.type === 'GetTableLayoutRequest') {
        done = true;
        await work();
      }
      return invoker.invoke(invocation);
    },
  };
}

test(
  'dynamodb: a server that is killed between planning and reading, and one that is not there',
  { timeout: 120_000 },
  async () => {
    await using server = await startPrivateDynamodb();
    await using source = await openSource(server.url);
    await source.makeTable('first', [{ id: number(1) }]);
    const around = (invoker: Invoker) => atFirstRead(invoker, () => server.kill());
    await using bench = await openWorkbench({ catalogs: { parts: source.catalog }, around });
    const says = [`:${server.url.port}`];
    await expectFault(bench.rows('select id from parts."default".first'), {
      code: 'SOURCE_UNREACHABLE',
      says: ['parts.default.first', ...says],
    });
    await expectFault(bench.rows('select id from parts."default".second'), {
      code: 'SOURCE_UNREACHABLE',
      says: ['parts', ...says],
    });
  },
);
