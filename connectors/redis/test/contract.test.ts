import { connectorContract } from '@ergane/sdk/testing';
import { requireServer } from '@ergane/testing';
import { Cluster, Redis } from 'ioredis';
import { connector } from '../src/index.ts';
import { define, ownPrefix } from './redis-for-tests.ts';

const PREFIX = ownPrefix();

const USERS = `${PREFIX}_Users`;
const definitions = define({
  [USERS]: {
    columns: {
      name: 'varchar',
      age: { type: 'integer', source: 'Age' },
      score: 'double',
      balance: 'decimal(12,2)',
      active: 'boolean',
      joined: 'timestamp',
      born: 'date',
      tags: 'array(varchar)',
      bytes: 'varbinary',
    },
    parameters: { 'redis-key-prefix': `${PREFIX}:user:*` },
  },
  [`${PREFIX}_visits`]: {
    columns: { page: 'varchar' },
    parameters: { 'redis-key-prefix': `${PREFIX}:visits:*`, 'redis-value-type': 'zset' },
  },
  [`${PREFIX}_empty`]: {
    columns: { value: 'varchar' },
    parameters: { 'redis-key-prefix': `${PREFIX}:nothing:*`, 'redis-value-type': 'literal' },
  },
});

async function fill(redis: Redis | Cluster): Promise<() => Promise<void>> {
  const keys: string[] = [];
  for (let n = 0; n < 150; n++) {
    const key = `${PREFIX}:user:${n}`;
    keys.push(key);
    const fields: Record<string, string | Buffer> = {
      ...(n % 3 !== 0 && { name: n % 5 === 0 ? 'Ünï 🙂' : `user ${n}` }),
      ...(n % 4 !== 0 && { Age: String(n % 90) }),
      score: n % 7 === 0 ? 'NaN' : String(n / 8),
      ...(n % 2 === 0 && { balance: `${n}.25` }),
      active: String(n % 2 === 0),
      joined: `2024-02-29T12:00:${String(n % 60).padStart(2, '0')}Z`,
      ...(n % 6 !== 0 && { born: '1999-12-31' }),
      tags: '["a", null, "é"]',
      bytes: Buffer.of(0, 255, n % 256),
    };
    await redis.hset(key, fields);
  }
  for (let n = 0; n < 5; n++) {
    const key = `${PREFIX}:visits:${n}`;
    keys.push(key);
    for (let page = 0; page < 20; page++) await redis.zadd(key, page / 4, `/page/${page}`);
  }
  return async () => {
    for (const key of keys) await redis.unlink(key);
  };
}

const tables = [
  {
    schemaName: 'default',
    tableName: USERS.toLowerCase(),
    types: { age: 'Int32', balance: 'Decimal[12e+2]', tags: 'List<Utf8>', bytes: 'Binary', _key_: 'Utf8' },
  },
  { schemaName: 'default', tableName: `${PREFIX}_visits`.toLowerCase(), types: { _score_: 'Float64' } },
  { schemaName: 'default', tableName: `${PREFIX}_empty`.toLowerCase(), rows: [] },
] as const;

const continuation = { unsupported: 'a SCAN that is begun again may give keys twice' };

connectorContract({
  name: 'redis',
  connector,
  predicates: 20,
  async open(context) {
    const url = requireServer(context, 'redis');
    if (url === undefined) return undefined;
    const redis = new Redis({ host: url.hostname, port: Number(url.port), password: url.password });
    const empty = await fill(redis);
    return {
      environment: { default: `redis://:${url.password}@${url.host}`, ergane_split_keys: '60', ...definitions },
      async [Symbol.asyncDispose]() {
        await empty();
        redis.disconnect();
      },
    };
  },
  tables: tables.map((table) => ({ ...table, minSplits: 3 })),
  caseInsensitive: true,
  continuation,
  passthrough: {
    arguments: { SCRIPT: 'return {KEYS[1], ARGV[1], 12}', KEYS: 'some-key', ARGV: 'x' },
    rows: [['some-key'], ['x'], ['12']],
  },
  wrongPassword: {
    environment: {
      default: `redis://reader:hidden@${new URL(process.env['ERGANE_TEST_REDIS'] ?? 'redis://none').host}`,
    },
    mentions: ['setting default'],
    secrets: ['hidden'],
  },
  unreachable: {
    environment: { default: 'redis://:hidden@127.0.0.1:1', ergane_table_definitions: '' },
    mentions: ['127.0.0.1:1'],
    secrets: ['hidden'],
  },
});

connectorContract({
  name: 'redis cluster',
  connector,
  predicates: 10,
  async open(context) {
    const url = requireServer(context, 'redis');
    if (url === undefined) return undefined;
    const port = url.searchParams.get('cluster') ?? '';
    const cluster = new Cluster([{ host: '127.0.0.1', port: Number(port) }]);
    const empty = await fill(cluster);
    return {
      environment: { default: `redis+cluster://127.0.0.1:${port}`, ...definitions },
      async [Symbol.asyncDispose]() {
        await empty();
        cluster.disconnect();
      },
    };
  },
  tables: tables.map((table) => ({ ...table, minSplits: 3 })),
  caseInsensitive: true,
  continuation,
});
