import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'node:test';
import type { TestContext } from 'node:test';
import { CreateDatabaseCommand, CreateTableCommand, DeleteDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { failsSaying, makeCallContext } from '@ergane/sdk/testing';
import { requireServer } from '@ergane/testing';
import { openSchemaSource, readSchemaConfig } from '../src/index.ts';
import type { GlueDialect, SchemaSource } from '../src/index.ts';

const REDIS: GlueDialect = {
  ownsDatabase: ({ LocationUri }) => LocationUri?.includes('redis-db-flag') === true,
  ownsTable: ({ Parameters }) => Parameters?.['redis-endpoint'] !== undefined,
};

process.env['AWS_ACCESS_KEY_ID'] ??= 'ergane';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'ergane-test';

async function openSource(environment: Readonly<Record<string, string>>): Promise<SchemaSource> {
  const { settings } = makeCallContext(environment);
  return openSchemaSource(await readSchemaConfig(settings), REDIS);
}

async function makeDatabase(t: TestContext, url: URL): Promise<string> {
  const client = new GlueClient({ endpoint: url.origin, region: 'us-east-1' });
  const name = `db${randomBytes(6).toString('hex')}`;
  await client.send(new CreateDatabaseCommand({ DatabaseInput: { Name: name, LocationUri: 's3://x/redis-db-flag' } }));
  t.after(async () => {
    await client.send(new DeleteDatabaseCommand({ Name: name }));
    client.destroy();
  });
  const create = (Name: string, Parameters: Record<string, string>) =>
    client.send(
      new CreateTableCommand({
        DatabaseName: name,
        TableInput: {
          Name,
          Parameters,
          StorageDescriptor: {
            Columns: [
              { Name: 'userid', Type: 'bigint' },
              { Name: 'tags', Type: 'array<string>' },
            ],
          },
        },
      }),
    );
  await create('users', { 'redis-endpoint': 'localhost:6379', columnMapping: 'userid=userId', sourceTable: 'Users' });
  await create('other', {});
  return name;
}

void test('a Glue catalog gives the databases and tables that the connector owns', async (t) => {
  const url = requireServer(t, 'aws');
  if (url === undefined) return;
  const database = await makeDatabase(t, url);
  const source = await openSource({ AWS_ENDPOINT_URL_GLUE: url.origin, AWS_REGION: 'us-east-1' });
  const context = makeCallContext();
  assert.ok((await source.listSchemas(context)).includes(database));
  assert.deepEqual(await source.listTables(context, database), ['users']);
  assert.deepEqual(await source.findTable(context, { schemaName: database, tableName: 'USERS' }), {
    schemaName: database,
    tableName: 'users',
    sourceTable: 'Users',
    columns: [
      { name: 'userid', source: 'userId', type: { kind: 'bigint' } },
      { name: 'tags', source: 'tags', type: { kind: 'array', element: { kind: 'varchar' } } },
    ],
    parameters: { 'redis-endpoint': 'localhost:6379', columnMapping: 'userid=userId', sourceTable: 'Users' },
  });
  assert.equal(await source.findTable(context, { schemaName: database, tableName: 'other' }), undefined);
  assert.equal(await source.findTable(context, { schemaName: 'absent', tableName: 'users' }), undefined);
  assert.deepEqual(await source.listTables(context, 'absent'), []);
});

void test('a definition of its own hides that of Glue', async (t) => {
  const url = requireServer(t, 'aws');
  if (url === undefined) return;
  const database = await makeDatabase(t, url);
  const ergane_table_definitions = JSON.stringify({
    schemas: { [database]: { users: { columns: { name: 'varchar' } } } },
  });
  const environment = { AWS_ENDPOINT_URL_GLUE: url.origin, AWS_REGION: 'us-east-1', ergane_table_definitions };
  const source = await openSource(environment);
  const table = { schemaName: database, tableName: 'users' };
  assert.equal((await source.findTable(makeCallContext(), table))?.sourceTable, 'users');
  const off = await openSource({ ...environment, ergane_table_definitions: '', disable_glue: '' });
  assert.equal(await off.findTable(makeCallContext(), table), undefined);
});

/** What moto ignores: pages. Answers as Glue's JSON API does. */
async function serveGlue(
  t: TestContext,
  answer: (action: string, request: Readonly<Record<string, unknown>>) => readonly [number, unknown],
): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const action = String(request.headers['x-amz-target']).replace('AWSGlue.', '');
      const [status, body] = answer(action, JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

void test('every page of a catalog is read', async (t) => {
  const endpoint = await serveGlue(t, (action, { NextToken, MaxResults }) => {
    assert.equal(MaxResults, 100);
    const from = Number(NextToken ?? 0);
    const more = from < 200 ? { NextToken: String(from + 100) } : {};
    const names = Array.from({ length: 100 }, (_, index) => `n${from + index}`);
    if (action === 'GetDatabases')
      return [200, { DatabaseList: names.map((Name) => ({ Name, LocationUri: 'redis-db-flag' })), ...more }];
    const Parameters = { 'redis-endpoint': 'x' };
    return [200, { TableList: names.map((Name) => ({ Name, Parameters })), ...more }];
  });
  const source = await openSource({ AWS_ENDPOINT_URL_GLUE: endpoint, AWS_REGION: 'us-east-1' });
  assert.equal((await source.listSchemas(makeCallContext())).length, 300);
  assert.equal((await source.listTables(makeCallContext(), 'n1')).length, 300);
});

void test('a refusal names the permission', async (t) => {
  const endpoint = await serveGlue(t, () => [400, { __type: 'AccessDeniedException', message: 'not for you' }]);
  const source = await openSource({ AWS_ENDPOINT_URL_GLUE: endpoint, AWS_REGION: 'us-east-1' });
  const table = { schemaName: 'a', tableName: 'b' };
  await assert.rejects(
    source.listSchemas(makeCallContext()),
    failsSaying('SOURCE_ACCESS_DENIED', 'glue:GetDatabases', 'not for you'),
  );
  await assert.rejects(
    source.findTable(makeCallContext(), table),
    failsSaying('SOURCE_ACCESS_DENIED', 'glue:GetTable', 'disable_glue'),
  );
  await assert.rejects(openSource({ ergane_glue: 'yes' }), failsSaying('CONFIG_INVALID', 'ergane_glue'));
});
