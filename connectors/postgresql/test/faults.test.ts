import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { makeValues } from '@ergane/protocol';
import type { ErrorCode } from '@ergane/protocol';
import { failsWith, plainRows } from '@ergane/sdk/testing';
import { Int32 } from 'apache-arrow';
import { at, withFunction } from './with-function.ts';

withFunction(
  'wrong password, user, database, host, port, TLS: named, without the password',
  async ({ database, withSettings }) => {
    const changed = (change: (url: URL) => void): string => {
      const url = new URL(database.url);
      change(url);
      return String(url);
    };
    const cases: readonly (readonly [string, ErrorCode, string])[] = [
      [changed((url) => (url.password = 'not-the-word')), 'SOURCE_ACCESS_DENIED', 'password'],
      [changed((url) => (url.username = 'nobody_here')), 'SOURCE_ACCESS_DENIED', 'nobody_here'],
      [changed((url) => (url.pathname = '/no_such_database')), 'CONFIG_INVALID', 'no_such_database'],
      [changed((url) => (url.host = 'no-such-host.invalid:5432')), 'SOURCE_UNREACHABLE', 'no-such-host.invalid'],
      [changed((url) => (url.port = '1')), 'SOURCE_UNREACHABLE', ':1'],
      [changed((url) => url.searchParams.set('sslmode', 'verify-full')), 'CONFIG_INVALID', 'sslrootcert'],
    ];
    for (const [url, code, mention] of cases)
      await assert.rejects(
        withSettings({ default: url }).listSchemas(),
        failsWith([code], {
          mentions: [mention, 'default'],
          secrets: ['not-the-word', new URL(database.url).password],
        }),
        url.replace(/:[^:@]*@/, ':…@'),
      );
  },
);

withFunction('TLS: encrypted without and with verification, and with a secret', async ({ database, withSettings }) => {
  const certificate = process.env['ERGANE_TEST_POSTGRESQL_CA'];
  const ssl = async (parameters: Readonly<Record<string, string>>): Promise<unknown> => {
    const url = new URL(database.url);
    url.hostname = 'localhost';
    url.searchParams.delete('sslmode');
    const password = url.password;
    url.password = '';
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    const client = withSettings({
      default: `${String(url).replace('postgres@', '${shop/db}@')}`,
      ERGANE_SECRET_SHOP_DB: JSON.stringify({ username: 'postgres', password }),
    });
    const args = {
      schemaFunctionName: 'SYSTEM.QUERY',
      QUERY: 'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
    };
    const table = await client.getTable({ schemaName: 'system', tableName: 'query' }, args);
    const batches = await client.readTable(table, { constraints: { queryPassthroughArguments: args } });
    return batches.flatMap(plainRows)[0]?.[0];
  };
  assert.equal(await ssl({ sslmode: 'disable' }), false);
  assert.equal(await ssl({}), true);
  assert.equal(await ssl({ sslmode: 'require' }), true);
  if (certificate === undefined) return;
  assert.equal(await ssl({ sslmode: 'verify-full', sslrootcert: certificate }), true);
  assert.equal(await ssl({ sslmode: 'verify-ca', sslrootcert: readFileSync(certificate, 'utf8') }), true);
});

withFunction(
  'a column dropped, or of another type, since the table was planned',
  async ({ database, client, withSettings }) => {
    await database.run('create table t as select 1 as id, 2 as other');
    const table = await client.getTable(at('t'));
    const splits = await client.splits(table);
    const read = () => Promise.all(splits.map((split) => client.readSplit(table, split)));
    await read();
    await database.run('alter table t alter other type int8');
    await assert.rejects(read(), failsWith(['SOURCE_CHANGED'], { mentions: ['"other"'] }));
    await assert.rejects(read(), failsWith(['SOURCE_CHANGED'], { mentions: ['"other"'] }));
    await database.run('alter table t alter other type int4');
    await read();
    await database.run('alter table t drop other');
    await assert.rejects(read(), failsWith(['SOURCE_CHANGED'], { mentions: ['other', 'run the statement again'] }));
    const cold = withSettings({ ergane_split_mb: '1' });
    await assert.rejects(
      cold.readSplit(table, splits[0] ?? assert.fail()),
      failsWith(['SOURCE_CHANGED'], { mentions: ['other'] }),
    );
  },
);

withFunction('a table of 1,600 columns', async ({ database, client }) => {
  const columns = Array.from({ length: 1600 }, (_, index) => `c${index} int4`);
  await database.run(`create table wide (${columns.join(', ')})`);
  await database.run(`insert into wide (c0, c1599) select i, -i from generate_series(1, 3000) i`);
  const table = await client.getTable(at('wide'));
  assert.equal(table.schema.fields.length, 1600);
  const rows = (await client.readTable(table, { constraints: { limit: 3000 } })).reduce(
    (sum, batch) => sum + batch.numRows,
    0,
  );
  assert.equal(rows, 3000);
  const some = (
    await client.readTable(table, {
      columns: ['c0', 'c1599'],
      constraints: { summary: { c0: makeValues(new Int32(), [7]) } },
    })
  ).flatMap(plainRows);
  assert.deepEqual(some, [[7, -7]]);
});

withFunction('a cell of 100 MB', async ({ database, client }) => {
  await database.run(`create table t (id int4, text text)`);
  await database.run(`alter table t alter text set storage external`);
  await database.run(`insert into t values (1, repeat('0123456789', 10000000)), (2, 'short')`);
  const table = await client.getTable(at('t'));
  const batches = await client.readTable(table);
  const lengths = batches.flatMap((batch) => plainRows(batch).map(([id, text]) => [id, String(text).length]));
  assert.deepEqual(lengths.sort(), [
    [1, 100_000_000],
    [2, 5],
  ]);
});

withFunction(
  'a native query only reads, is one statement, and is said to be wrong where it is',
  async ({ database, client }) => {
    await database.run('create table t as select 1 as id');
    const describe = (QUERY: string) =>
      client.getTable({ schemaName: 'system', tableName: 'query' }, { schemaFunctionName: 'SYSTEM.QUERY', QUERY });
    await assert.rejects(describe('selekt 1'), failsWith(['SYNTAX_ERROR'], { mentions: ['syntax error'] }));
    await assert.rejects(describe('delete from t returning id'), failsWith(['SYNTAX_ERROR']));
    await assert.rejects(
      describe('with gone as (delete from t returning id) select * from gone'),
      failsWith(['NOT_SUPPORTED']),
    );
    await assert.rejects(describe('select 1; drop table t'), failsWith(['SYNTAX_ERROR']));
    await assert.rejects(
      describe('select no_such_column from t'),
      failsWith(['SOURCE_CHANGED', 'COLUMN_NOT_FOUND'], { mentions: ['no_such_column'] }),
    );
    await database.run(`create sequence numbers`);
    const args = { schemaFunctionName: 'SYSTEM.QUERY', QUERY: `select nextval('numbers') as n` };
    const table = await describe(args.QUERY);
    const constraints = { queryPassthroughArguments: args };
    await assert.rejects(
      client.readTable(table, { constraints }),
      failsWith(['NOT_SUPPORTED'], { mentions: ['read-only'] }),
    );
  },
);

withFunction('what the user may not read', async ({ database, client, withSettings }) => {
  const user = `reader_${process.pid}`;
  await database.run(`create role ${user} login password 'word'`);
  try {
    await database.run(`create table secret as select 1 as id; create table parent (id int4) partition by range (id);
      create table child_a partition of parent for values from (0) to (50000); create table child_b partition of parent for values from (50000) to (100000);
      insert into parent select i from generate_series(0, 99999) i; analyze parent; grant select on parent to ${user};
      create table owned (id int4, owner text); insert into owned select i, case when i < 10 then '${user}' else 'other' end from generate_series(1, 100000) i;
      alter table owned enable row level security; create policy own on owned using (owner = current_user); grant select on owned to ${user}; analyze owned`);
    const url = new URL(database.url);
    url.username = user;
    url.password = 'word';
    const reader = withSettings({ default: String(url), ergane_split_mb: '0.05' });
    const names = (await reader.listTables('public')).map(({ tableName }) => tableName);
    assert.deepEqual(names.sort(), ['owned', 'parent']);
    const secret = await client.getTable(at('secret'));
    const [split] = await client.splits(secret);
    await assert.rejects(
      reader.readSplit(secret, split ?? assert.fail()),
      failsWith(['SOURCE_ACCESS_DENIED'], { mentions: ['secret'] }),
    );
    const count = async (tableName: string): Promise<number> => {
      const batches = await reader.readTable(await reader.getTable(at(tableName)));
      return batches.reduce((sum, batch) => sum + batch.numRows, 0);
    };
    assert.equal(await count('parent'), 100_000);
    assert.equal(await count('owned'), 9);
  } finally {
    await database.run(`drop owned by ${user}; drop role ${user}`);
  }
});
