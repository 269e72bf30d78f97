import assert from 'node:assert/strict';
import test from 'node:test';
import type { TestContext } from 'node:test';
import { makeValues, NO_CONSTRAINTS } from '@ergane/protocol';
import type { Constraints } from '@ergane/protocol';
import type { ReadBatch } from '@ergane/sdk';
import { failsSaying, makeCallContext, plainRows } from '@ergane/sdk/testing';
import { requireServer } from '@ergane/testing';
import { Utf8 } from 'apache-arrow';
import { Cluster, Redis } from 'ioredis';
import { makeRedisDefinition } from '../src/index.ts';
import { define, openTestRedis, ownPrefix } from './redis-for-tests.ts';

interface Question {
  readonly environment: Readonly<Record<string, string>>;
  readonly table: string;
  readonly columns?: readonly string[];
  readonly constraints?: Partial<Constraints>;
}

/** All rows of all splits, without the SDK's check of constraints; and what the batches tell. */
async function ask({ environment, table, columns, constraints }: Question): Promise<{
  readonly rows: readonly (readonly unknown[])[];
  readonly splits: number;
  readonly batches: readonly ReadBatch[];
}> {
  const definition = makeRedisDefinition();
  const context = makeCallContext(environment);
  const tableName = { schemaName: 'default', tableName: table };
  const described = await definition.describeTable(context, tableName);
  assert.ok(described !== undefined, `no table ${table}`);
  const all = { ...NO_CONSTRAINTS, ...constraints };
  const request = { tableName, schema: described.schema, partitionColumns: [], constraints: all };
  const partitions = [...(definition.layout?.(context, request) as Iterable<object>)];
  const batches: ReadBatch[] = [];
  let splits = 0;
  const schema = columns === undefined ? described.schema : described.schema.select([...columns]);
  for await (const split of definition.splits?.(context, { ...request, partitions }) ?? []) {
    splits++;
    for await (const batch of definition.read(context, { tableName, schema, split, constraints: all }))
      batches.push(batch);
  }
  return { rows: batches.flatMap(({ batch }) => plainRows(batch)), splits, batches };
}

async function fillHashes(t: TestContext, redis: Redis, keys: readonly string[]): Promise<void> {
  const pipeline = redis.pipeline();
  for (const [n, key] of keys.entries()) pipeline.hset(key, { n: String(n), other: 'x'.repeat(20) });
  await pipeline.exec();
  t.after(async () => {
    for (let from = 0; from < keys.length; from += 1000) await redis.unlink(...keys.slice(from, from + 1000));
  });
}

void test('a look-up by key asks for that key alone, in one command', async (t) => {
  const db = openTestRedis(t);
  if (db === undefined) return;
  const prefix = ownPrefix();
  await fillHashes(
    t,
    db.redis,
    Array.from({ length: 500 }, (_, n) => `${prefix}:${n}`),
  );
  const environment = {
    ...db.environment,
    ...define({ users: { columns: { n: 'bigint' }, parameters: { 'redis-key-prefix': `${prefix}:*` } } }),
  };
  const wanted = [`${prefix}:7`, `${prefix}:8`, `${prefix}:absent`, 'not-of-the-table'];
  const summary = { _key_: makeValues(new Utf8(), wanted) };
  const { rows, splits } = await ask({ environment, table: 'users', constraints: { summary } });
  assert.equal(splits, 1);
  assert.deepEqual(rows, [
    [7n, `${prefix}:7`],
    [8n, `${prefix}:8`],
  ]);
});

void test('every type of value is rows', async (t) => {
  const db = openTestRedis(t);
  if (db === undefined) return;
  const prefix = ownPrefix();
  const { redis } = db;
  const key = (type: string) => `${prefix}:${type}:1`;
  await redis.set(key('literal'), '12');
  await redis.set(key('json'), '{"id": 12345678901234567890, "Name": "é", "tags": ["a"]}');
  await redis.rpush(key('list'), ...Array.from({ length: 2500 }, (_, n) => String(n)));
  await redis.sadd(key('set'), ...Array.from({ length: 2500 }, (_, n) => String(n)));
  await redis.zadd(key('zset'), 1.5, 'a', '-inf', 'b');
  for (let n = 0; n < 1500; n++) await redis.xadd(key('stream'), `1-${n + 1}`, 'n', String(n), 'name', 'x');
  t.after(() => redis.unlink(...['literal', 'json', 'list', 'set', 'zset', 'stream'].map(key)));
  const table = (type: string, columns: Readonly<Record<string, unknown>>) => ({
    columns,
    parameters: { 'redis-key-prefix': `${prefix}:${type}:*`, 'redis-value-type': type },
  });
  const environment = {
    ...db.environment,
    ...define({
      literals: table('literal', { value: 'integer' }),
      documents: table('json', {
        id: 'decimal(20,0)',
        name: { type: 'varchar', source: 'Name' },
        tags: 'array(varchar)',
      }),
      lists: table('list', { value: 'integer' }),
      sets: table('set', { value: 'bigint' }),
      zsets: table('zset', { member: 'varchar' }),
      streams: table('stream', { n: 'integer', name: 'varchar' }),
    }),
  };
  const rowsOf = async (name: string, columns?: readonly string[]) =>
    (await ask({ environment, table: name, ...(columns && { columns }) })).rows;
  assert.deepEqual(await rowsOf('literals'), [[12, key('literal')]]);
  assert.deepEqual(await rowsOf('documents'), [[12345678901234567890n, 'é', ['a'], key('json')]]);
  const list = await rowsOf('lists', ['value', '_index_']);
  assert.deepEqual([list.length, list[1234]], [2500, [1234, 1234n]]);
  const set = await rowsOf('sets', ['value']);
  assert.deepEqual([set.length, new Set(set.map(([value]) => value)).size], [2500, 2500]);
  assert.deepEqual(await rowsOf('zsets', ['member', '_score_']), [
    ['b', -Infinity],
    ['a', 1.5],
  ]);
  const stream = await rowsOf('streams', ['n', '_id_']);
  assert.deepEqual([stream.length, stream.at(-1)], [1500, [1499, '1-1500']]);
  assert.deepEqual(await rowsOf('literals', ['_key_']), [[key('literal')]]);
  assert.equal((await rowsOf('literals', [])).length, 1);
});

void test('a key of another type is an error with its name, or is skipped and counted', async (t) => {
  const db = openTestRedis(t);
  if (db === undefined) return;
  const prefix = ownPrefix();
  await fillHashes(t, db.redis, [`${prefix}:1`]);
  await db.redis.rpush(`${prefix}:wrong`, 'x');
  t.after(() => db.redis.unlink(`${prefix}:wrong`));
  const table = (parameters: object) => ({
    ...db.environment,
    ...define({ t: { columns: { n: 'bigint' }, parameters: { 'redis-key-prefix': `${prefix}:*`, ...parameters } } }),
  });
  for (const columns of [['n'], ['_key_'], []])
    await assert.rejects(
      ask({ environment: table({}), table: 't', columns }),
      failsSaying('SOURCE_DATA_INVALID', `${prefix}:wrong`, 'redis-wrong-type'),
    );
  const { rows, batches } = await ask({ environment: table({ 'redis-wrong-type': 'skip' }), table: 't' });
  assert.equal(rows.length, 1);
  assert.equal(
    batches.reduce((sum, { statistics }) => sum + (statistics?.['keysSkipped'] ?? 0), 0),
    1,
  );
  assert.match(batches.flatMap(({ notes = [] }) => notes).join(), /left out/);
});

void test('values that do not fit, binary keys and wrong definitions are said by name', async (t) => {
  const db = openTestRedis(t);
  if (db === undefined) return;
  const prefix = ownPrefix();
  const binary = Buffer.concat([Buffer.from(`${prefix}:`), Buffer.of(0xff, 0xfe)]);
  await db.redis.hset(binary, { n: '1.5', big: 'x'.repeat(1_000_000) });
  t.after(() => db.redis.unlink(binary));
  const environment = (columns: object, parameters: object = {}) => ({
    ...db.environment,
    ...define({ t: { columns, parameters: { 'redis-key-prefix': `${prefix}:*`, ...parameters } } }),
  });
  const read = (columns: object, parameters?: object, names?: readonly string[]) =>
    ask({ environment: environment(columns, parameters), table: 't', ...(names && { columns: names }) });
  await assert.rejects(read({ n: 'integer' }, {}, ['n']), failsSaying('SOURCE_DATA_INVALID', '"n"', 'fffe', '1.5'));
  await assert.rejects(read({ n: 'double' }), failsSaying('SOURCE_DATA_INVALID', '_key_', 'varbinary'));
  const { rows } = await read({ n: 'double', big: 'varchar', _key_: 'varbinary' });
  assert.equal(rows[0]?.[0], 1.5);
  assert.equal(String(rows[0]?.[1]).length, 1_000_000);
  await assert.rejects(
    read({ n: 'double' }, { 'redis-value-type': 'hush' }),
    failsSaying('CONFIG_INVALID', 'hush', 'hash'),
  );
  await assert.rejects(
    read({ a: 'double', b: 'double' }, { 'redis-value-type': 'literal' }),
    failsSaying('CONFIG_INVALID', '2 columns'),
  );
});

void test('no key is lost or given twice while the table of keys grows under the scan', async (t) => {
  const db = openTestRedis(t);
  if (db === undefined) return;
  const prefix = ownPrefix();
  const stable = Array.from({ length: 3000 }, (_, n) => `${prefix}:${n}`);
  await fillHashes(t, db.redis, stable);
  const environment = {
    ...db.environment,
    ergane_split_keys: '1000',
    ...define({ t: { columns: { n: 'bigint' }, parameters: { 'redis-key-prefix': `${prefix}:*` } } }),
  };
  let stop = false;
  const growing = (async () => {
    const keys: string[] = [];
    for (let round = 0; !stop && round < 200; round++) {
      const fresh = Array.from({ length: 500 }, (_, n) => `other-${prefix}:${round}:${n}`);
      const pipeline = db.redis.pipeline();
      for (const key of fresh) pipeline.set(key, 'x');
      await pipeline.exec();
      keys.push(...fresh);
    }
    for (let from = 0; from < keys.length; from += 5000) await db.redis.unlink(...keys.slice(from, from + 5000));
  })();
  const { rows } = await ask({ environment, table: 't', columns: ['_key_'] });
  stop = true;
  await growing;
  assert.deepEqual(rows.map(([key]) => String(key)).sort(), [...stable].sort());
});

void test('a cluster is read by its masters, and keys where they are', async (t) => {
  const url = requireServer(t, 'redis');
  const db = openTestRedis(t);
  if (url === undefined || db === undefined) return;
  const cluster = new Cluster([{ host: '127.0.0.1', port: Number(url.searchParams.get('cluster')) }]);
  const prefix = ownPrefix();
  const keys = Array.from({ length: 200 }, (_, n) => `${prefix}:${n}`);
  for (const [n, key] of keys.entries()) await cluster.set(key, String(n));
  t.after(async () => {
    for (const key of [...keys, `index-${prefix}-a`, `index-${prefix}-b`]) await cluster.unlink(key);
    cluster.disconnect();
  });
  const environment = {
    default: db.clusterUrl,
    ...define({
      t: {
        columns: { n: 'integer' },
        parameters: { 'redis-key-prefix': `${prefix}:*`, 'redis-value-type': 'literal' },
      },
    }),
  };
  const whole = await ask({ environment, table: 't' });
  assert.equal(whole.splits, 3);
  assert.deepEqual(
    whole.rows.map(([n]) => Number(n)).sort((a, b) => a - b),
    [...keys.keys()],
  );
  const summary = { _key_: makeValues(new Utf8(), [...keys.slice(0, 100)]) };
  const some = await ask({ environment, table: 't', constraints: { summary } });
  assert.deepEqual([some.splits, some.rows.length], [1, 100]);
  // the sorted sets that hold keys are at any master too
  await cluster.zadd(`index-${prefix}-a`, 1, keys[0] ?? '', 2, keys[1] ?? '');
  await cluster.zadd(`index-${prefix}-b`, 1, keys[2] ?? '');
  const parameters = { 'redis-keys-zset': `index-${prefix}-*`, 'redis-value-type': 'literal' };
  const indexed = { default: db.clusterUrl, ...define({ t: { columns: { n: 'integer' }, parameters } }) };
  const named = await ask({ environment: indexed, table: 't', constraints: { summary } });
  assert.deepEqual(named.rows.map(([n]) => Number(n)).sort(), [0, 1, 2]);
  assert.equal((await ask({ environment: indexed, table: 't' })).rows.length, 3);
});

void test('tables are inferred of the forms of keys, and sorted sets may hold the keys', async (t) => {
  const db = openTestRedis(t);
  if (db === undefined) return;
  const redis = new Redis({ host: db.url.hostname, port: Number(db.url.port), password: db.url.password, db: 5 });
  await redis.flushdb();
  t.after(async () => {
    await redis.flushdb();
    redis.disconnect();
  });
  for (let n = 0; n < 30; n++) {
    await redis.hset(`user:${n}`, { Name: `n${n}`, age: String(n), code: `00${n}` });
    await redis.set(`user:${n}:visits`, String(n));
  }
  await redis.set('config:theme', 'dark');
  await redis.zadd('index:users', 1, 'user:3', 2, 'user:4', 3, 'user:gone');
  const environment = { default: `${db.environment['default'] ?? ''}/5` };
  const definition = makeRedisDefinition();
  const context = makeCallContext(environment);
  const { tables } = await definition.listTables(context, 'default', {});
  assert.deepEqual(
    tables.map(({ tableName }) => tableName),
    ['config', 'index', 'user', 'user:visits'],
  );
  const users = await ask({ environment, table: 'user', columns: ['age', 'code', 'name', '_key_'] });
  assert.equal(users.rows.length, 30);
  assert.deepEqual(
    users.rows.find(([name]) => name === 'n3'),
    ['n3', 3n, '003', 'user:3'],
  );
  const visits = await ask({ environment, table: 'user:visits' });
  assert.equal(visits.rows.length, 30);
  const indexed = {
    ...environment,
    ...define({
      chosen: {
        columns: { name: { type: 'varchar', source: 'Name' } },
        parameters: { 'redis-keys-zset': 'index:users' },
      },
    }),
  };
  const chosen = await ask({ environment: indexed, table: 'chosen' });
  assert.deepEqual([...chosen.rows].sort(), [
    ['n3', 'user:3'],
    ['n4', 'user:4'],
  ]);
  const summary = { _key_: makeValues(new Utf8(), ['user:4', 'user:5']) };
  const one = await ask({ environment: indexed, table: 'chosen', constraints: { summary } });
  assert.deepEqual(one.rows, [['n4', 'user:4']]);
});

void test('TLS, an ACL user, and what it may not do', async (t) => {
  const db = openTestRedis(t);
  if (db === undefined) return;
  const prefix = ownPrefix();
  await fillHashes(t, db.redis, [`${prefix}:1`]);
  const table = define({ t: { columns: { n: 'bigint' }, parameters: { 'redis-key-prefix': `${prefix}:*` } } });
  const place = (parameters: string) => `rediss://reader:${db.url.password}@localhost:${db.tlsPort}${parameters}`;
  const certificate = process.env['ERGANE_TEST_REDIS_CA'] ?? '';
  const { rows } = await ask({ environment: { default: place(`/0?ca=${certificate}`), ...table }, table: 't' });
  assert.equal(rows.length, 1);
  await assert.rejects(
    ask({ environment: { default: place('/0'), ...table }, table: 't' }),
    failsSaying('SOURCE_UNREACHABLE', 'TLS', '?ca=FILE'),
  );
  await db.redis.call('ACL', 'SETUSER', `${prefix}-blind`, 'on', '>pw', '~nothing:*', '+@read', '+@connection');
  t.after(() => db.redis.call('ACL', 'DELUSER', `${prefix}-blind`));
  await assert.rejects(
    ask({ environment: { default: `redis://${prefix}-blind:pw@${db.url.host}`, ...table }, table: 't' }),
    failsSaying('SOURCE_ACCESS_DENIED', 'NOPERM', 'ACL'),
  );
});

void test('few rows are wanted, few keys are read', async (t) => {
  const db = openTestRedis(t);
  if (db === undefined) return;
  const prefix = ownPrefix();
  await fillHashes(
    t,
    db.redis,
    Array.from({ length: 5000 }, (_, n) => `${prefix}:${n}`),
  );
  const environment = {
    ...db.environment,
    ...define({ t: { columns: { n: 'bigint' }, parameters: { 'redis-key-prefix': `${prefix}:*` } } }),
  };
  const { rows } = await ask({ environment, table: 't', constraints: { limit: 10 } });
  assert.equal(rows.length, 10);
});
