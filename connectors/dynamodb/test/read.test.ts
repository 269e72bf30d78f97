import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import test from 'node:test';
import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { makeValues, NO_CONSTRAINTS } from '@ergane/protocol';
import type { Constraints } from '@ergane/protocol';
import { Decimal, Utf8 } from 'apache-arrow';
import type { Properties } from '@ergane/sdk';
import { makeDynamodbDefinition } from '../src/definition.ts';
import { ask, BY_ID, listSplits, openTestDynamodb } from './dynamodb-for-tests.ts';
import type { TestDynamodb } from './dynamodb-for-tests.ts';
import { failsSaying, makeCallContext } from '@ergane/sdk/testing';
import { failure, startProxy } from './proxy.ts';
import { readRows } from './read-rows.ts';

const COUNT = 600;

/** 600 items of 4 KB: three pages of a scan. */
async function makeLargeTable(db: TestDynamodb): Promise<string> {
  const table = await db.createTable(BY_ID);
  const pad = { S: 'x'.repeat(4000) };
  await db.put(
    table,
    Array.from({ length: COUNT }, (_, n) => ({ id: { S: `id${n}` }, n: { N: String(n) }, pad })),
  );
  return table;
}

const ids = Array.from({ length: COUNT }, (_, n) => String(n)).sort();
const numbersOf = (rows: readonly Readonly<Record<string, unknown>>[]): string[] =>
  rows.map((row) => String(row['n'])).sort();

void test('more than a page is read to its end, in one or in many segments, no row twice', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const table = await makeLargeTable(db);
  const one = await ask(db, { table });
  assert.equal(one.splits.length, 1);
  assert.deepEqual(numbersOf(one.rows), ids);
  assert.ok((one.statistics['requests'] ?? 0) >= 3);
  assert.ok((one.statistics['consumedCapacity'] ?? 0) >= 250);
  assert.equal(one.statistics['rowsRead'], COUNT);
  for (const segments of [2, 7]) {
    const many = await ask(db, { table, columns: ['n'], environment: { ergane_scan_segments: String(segments) } });
    assert.equal(many.splits.length, segments);
    assert.deepEqual(numbersOf(many.rows), ids);
  }
});

void test('a read goes on after every batch: scans, queries, keys and statements alike', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const table = await db.createTable({
    KeySchema: [
      { AttributeName: 'half', KeyType: 'HASH' },
      { AttributeName: 'n', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'half', AttributeType: 'S' },
      { AttributeName: 'n', AttributeType: 'N' },
    ],
  });
  const pad = { S: 'x'.repeat(4000) };
  await db.put(
    table,
    Array.from({ length: COUNT }, (_, n) => ({ half: { S: n < 300 ? 'a' : 'b' }, n: { N: String(n) }, pad })),
  );
  const definition = makeDynamodbDefinition();
  const context = makeCallContext(db.environment);
  const described = await definition.describeTable(context, { schemaName: 'default', tableName: table });
  assert.ok(described !== undefined);
  const halves = makeValues(new Utf8(), ['a', 'b']);
  const few = makeValues(
    new Decimal(0, 38, 128),
    Array.from({ length: 250 }, (_, n) => BigInt(n)),
  );
  const statement: Properties = { schemaFunctionName: 'SYSTEM.QUERY', QUERY: `SELECT * FROM "${table}"` };
  const questions: readonly (readonly [Partial<Constraints>, number])[] = [
    [{}, COUNT],
    [{ summary: { half: halves } }, COUNT],
    [{ summary: { half: halves, n: few } }, 250],
    [{ queryPassthroughArguments: statement }, COUNT],
  ];
  for (const [question, count] of questions) {
    const constraints = { ...NO_CONSTRAINTS, ...question };
    const isNative = question.queryPassthroughArguments !== undefined;
    const schema = isNative ? await definition.passthrough?.describe(context, statement) : described.schema;
    assert.ok(schema !== undefined);
    const tableName = isNative ? { schemaName: 'system', tableName: 'query' } : described.tableName;
    const splits = isNative
      ? [statement]
      : [...(await listSplits(definition, context, { schema, constraints, table }))];
    const rows: string[] = [];
    let invocations = 0;
    // every invocation stops at the first place where it may
    for (let split: Properties | undefined = splits.shift(); split !== undefined; split = splits.shift()) {
      invocations++;
      const request = { tableName, schema, split, constraints };
      for await (const { batch, resume } of definition.read(context, request)) {
        rows.push(...numbersOf(readRows(batch)));
        if (resume === undefined) continue;
        splits.unshift(resume);
        break;
      }
    }
    assert.deepEqual(
      rows.sort(),
      ids.filter((id) => Number(id) < count),
    );
    assert.ok(invocations > 1);
  }
});

void test('throttling slows down and goes on; the retries are counted', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const table = await makeLargeTable(db);
  let refusals = 8;
  let unprocessed = 2;
  const proxy = await startProxy(t, db.endpoint, (operation, body) => {
    if (operation === 'Scan' && body.includes('ReturnConsumedCapacity') && refusals-- > 0)
      return failure('ProvisionedThroughputExceededException', 'Rate of requests exceeds the allowed throughput.');
    if (operation !== 'BatchGetItem' || unprocessed-- <= 0) return undefined;
    const { RequestItems } = JSON.parse(body) as { RequestItems: object };
    return { status: 200, body: JSON.stringify({ Responses: {}, UnprocessedKeys: RequestItems }) };
  });
  const environment = { AWS_ENDPOINT_URL_DYNAMODB: proxy, throttle_initial_delay_ms: '1', throttle_max_delay_ms: '5' };
  const scanned = await ask(db, { table, environment });
  assert.deepEqual(numbersOf(scanned.rows), ids);
  assert.ok((scanned.statistics['retries'] ?? 0) >= 8);
  const summary = { id: makeValues(new Utf8(), ['id1', 'id2']) };
  const got = await ask(db, { table, environment, constraints: { summary } });
  assert.deepEqual(numbersOf(got.rows), ['1', '2']);
  assert.equal(got.statistics['retries'], 2);
});

void test('a table that is throttled to the end says so', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const proxy = await startProxy(t, db.endpoint, () => failure('ThrottlingException', 'slow down'));
  const context = makeCallContext(
    { ...db.environment, AWS_ENDPOINT_URL_DYNAMODB: proxy, throttle_initial_delay_ms: '50' },
    { remainingTimeMs: 40 },
  );
  await assert.rejects(
    makeDynamodbDefinition().listTables(context, 'default', {}),
    failsSaying('SOURCE_THROTTLED', 'slow down', 'reserved concurrency'),
  );
});

void test('a table that is deleted between planning and reading is an error that says so', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const table = await db.createTable(BY_ID);
  const definition = makeDynamodbDefinition();
  const context = makeCallContext(db.environment);
  const described = await definition.describeTable(context, { schemaName: 'default', tableName: table });
  assert.ok(described !== undefined);
  const { schema, tableName } = described;
  const [split = {}] = await listSplits(definition, context, { schema, constraints: NO_CONSTRAINTS, table });
  await db.client.send(new DeleteTableCommand({ TableName: table }));
  await assert.rejects(
    (async () => {
      for await (const { batch } of definition.read(context, { tableName, schema, split, constraints: NO_CONSTRAINTS }))
        assert.fail(`${batch.numRows} rows`);
    })(),
    failsSaying('SOURCE_CHANGED', table, 'run the query again'),
  );
  const fresh = makeDynamodbDefinition();
  assert.equal(await fresh.describeTable(context, { schemaName: 'default', tableName: table }), undefined);
  assert.equal(await fresh.describeTable(context, { schemaName: 'default', tableName: 'x' }), undefined);
  assert.equal(await fresh.describeTable(context, { schemaName: 'other', tableName: table }), undefined);
});

void test('what refuses, is not there, or is no DynamoDB is named', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const list = async (AWS_ENDPOINT_URL_DYNAMODB: string): Promise<unknown> => {
    const context = makeCallContext({ ...db.environment, AWS_ENDPOINT_URL_DYNAMODB });
    return makeDynamodbDefinition().listTables(context, 'default', {});
  };
  const denied = await startProxy(t, db.endpoint, () =>
    failure('AccessDeniedException', 'User: arn:aws:iam::1:user/x is not authorized'),
  );
  await assert.rejects(list(denied), failsSaying('SOURCE_ACCESS_DENIED', 'not authorized', 'dynamodb:ListTables'));
  const wrong = await startProxy(t, db.endpoint, () => ({ status: 200, body: '<html>a web server</html>' }));
  await assert.rejects(list(wrong), failsSaying('SOURCE_FAILED', 'AWS_ENDPOINT_URL_DYNAMODB', wrong));
  await assert.rejects(
    list('http://127.0.0.1:1'),
    failsSaying('SOURCE_UNREACHABLE', 'http://127.0.0.1:1', 'ECONNREFUSED'),
  );
  await assert.rejects(list('not a url'), failsSaying('CONFIG_INVALID', 'AWS_ENDPOINT_URL_DYNAMODB', 'not a url'));
});

void test('a role of another account is assumed with the own credentials', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const answers: string[] = [];
  const sts = createServer((request, response) => {
    answers.push(String(request.headers.authorization));
    const part = (name: string, value: string): string => `<${name}>${value}</${name}>`;
    const credentials =
      part('AccessKeyId', 'assumed') +
      part('SecretAccessKey', 'secret') +
      part('SessionToken', 'token') +
      part('Expiration', new Date(Date.now() + 3_600_000).toISOString());
    const result = part('AssumeRoleResult', part('Credentials', credentials));
    response.end(
      `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</AssumeRoleResponse>`,
    );
  });
  await new Promise<void>((resolve) => sts.listen(0, '127.0.0.1', resolve));
  t.after(() => sts.close());
  const address = sts.address();
  assert.ok(typeof address === 'object' && address !== null);
  const context = makeCallContext({
    ...db.environment,
    cross_account_role_arn: 'arn:aws:iam::123456789012:role/reader',
    AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${address.port}`,
  });
  const definition = makeDynamodbDefinition();
  await definition.listTables(context, 'default', {});
  await definition.listTables(context, 'default', {});
  assert.equal(answers.length, 1, 'the credentials are kept until they expire');
  assert.match(answers[0] ?? '', /Credential=ergane\//);
});

void test('an endpoint may bring its credentials, and no message shows them', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const list = async (AWS_ENDPOINT_URL_DYNAMODB: string): Promise<unknown> =>
    makeDynamodbDefinition().listTables(makeCallContext({ AWS_ENDPOINT_URL_DYNAMODB }), 'default', {});
  await list(db.endpoint.replace('//', '//key:secret@'));
  for (const url of ['http://key:hidden@127.0.0.1:1', 'ftp://key:hidden@127.0.0.1'])
    await assert.rejects(list(url), (error: unknown) => error instanceof Error && !error.message.includes('hidden'));
});

void test('a cancelled read stops with the reason', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const table = await makeLargeTable(db);
  const definition = makeDynamodbDefinition();
  const controller = new AbortController();
  const context = makeCallContext(db.environment, { signal: controller.signal });
  const described = await definition.describeTable(context, { schemaName: 'default', tableName: table });
  assert.ok(described !== undefined);
  const { schema, tableName } = described;
  const [split = {}] = await listSplits(definition, context, { schema, constraints: NO_CONSTRAINTS, table });
  const reason = new Error('the user left');
  controller.abort(reason);
  await assert.rejects(async () => {
    for await (const { batch } of definition.read(context, { tableName, schema, split, constraints: NO_CONSTRAINTS }))
      assert.fail(`${batch.numRows} rows`);
  }, reason);
});
