import assert from 'node:assert/strict';
import { NO_CONSTRAINTS } from '@ergane/protocol';
import { failsWith, plainRows } from '@ergane/sdk/testing';
import { makePostgresqlDefinition } from '../src/index.ts';
import { makeContext, waitForRow } from './open-function.ts';
import { at, withFunction } from './with-function.ts';

withFunction('a kept session that the server ended is replaced', async ({ database, client }) => {
  await database.run('create table t as select 1 as id');
  const table = await client.getTable(at('t'));
  await database.run(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and application_name = 'ergane'`,
  );
  assert.deepEqual((await client.readTable(table)).flatMap(plainRows), [[1]]);
});

withFunction(
  'a server killed while it waits, or in the middle of a scan, is an error that may be retried',
  async ({ database, client, withSettings }) => {
    await database.run(
      'create table t as select i as id, repeat(md5(i::text), 30) as text from generate_series(1, 100000) i',
    );
    const named = new URL(database.url);
    named.searchParams.set('application_name', 'victim');
    const kill = `select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'victim'`;
    // the server's last words may be lost with the connection
    const broken = failsWith(['SOURCE_UNREACHABLE'], { mentions: ['public.t'] });

    const table = await client.getTable(at('t'));
    const victim = withSettings({ default: String(named) });
    await victim.getTable(at('t'));
    const [split] = await client.splits(table);
    assert.ok(split !== undefined);
    await database.run('begin; lock table t in access exclusive mode');
    const caught = assert.rejects(victim.readSplit(table, split), broken);
    const waiting = `select 1 from pg_stat_activity where application_name = 'victim' and wait_event_type = 'Lock'`;
    await waitForRow(database, waiting);
    await database.run(kill);
    // it was a kept session, which may have been dead for long: it is replaced once
    await waitForRow(database, waiting);
    await database.run(kill);
    await caught;
    await database.run('rollback');

    const definition = makePostgresqlDefinition();
    const request = {
      tableName: at('t'),
      schema: table.schema,
      split: { schema: 'public', relation: 't' },
      constraints: NO_CONSTRAINTS,
    };
    const rows = definition.read(makeContext(String(named)), request)[Symbol.asyncIterator]();
    assert.equal((await rows.next()).done, false);
    await database.run(kill);
    await assert.rejects(
      async () => {
        while ((await rows.next()).done !== true);
      },
      failsWith(['SOURCE_UNREACHABLE'], { mentions: ['public.t'] }),
    );
  },
);

withFunction('cancelling a read cancels it at the server, and the session lives on', async ({ database }) => {
  await database.run('create table t as select 1 as id');
  const definition = makePostgresqlDefinition();
  const stop = new AbortController();
  const context = makeContext(database.url, stop.signal);
  const description = await definition.describeTable(context, at('t'));
  assert.ok(description !== undefined);
  const request = {
    tableName: at('t'),
    schema: description.schema,
    split: { schema: 'public', relation: 't' },
    constraints: NO_CONSTRAINTS,
  };
  const pids = `select pid from pg_stat_activity where datname = current_database() and application_name = 'ergane'`;
  const before = await database.run(pids);
  await database.run('begin; lock table t in access exclusive mode');
  const reading = definition.read(context, request)[Symbol.asyncIterator]().next();
  const caught = assert.rejects(reading, /by the user/);
  await waitForRow(database, `${pids} and wait_event_type = 'Lock'`);
  stop.abort(new Error('by the user'));
  await caught;
  await database.run('rollback');
  assert.deepEqual(await database.run(`${pids} and state = 'idle'`), before);
  // what is not read to its end is cancelled, too
  await database.run(
    'create table large as select i, repeat(md5(i::text), 30) as text from generate_series(1, 100000) i',
  );
  const large = await definition.describeTable(makeContext(database.url), at('large'));
  assert.ok(large !== undefined);
  const split = { schema: 'public', relation: 'large' };
  for await (const { batch } of definition.read(makeContext(database.url), {
    ...request,
    tableName: at('large'),
    schema: large.schema,
    split,
  })) {
    assert.ok(batch.numRows > 0);
    break;
  }
  assert.deepEqual(await database.run(`${pids} and state = 'idle'`), before);
});

withFunction('thousands of reads on one session, and questions in between', async ({ database }) => {
  await database.run('create table t as select 1 as id');
  const definition = makePostgresqlDefinition();
  const context = makeContext(database.url);
  const description = await definition.describeTable(context, at('t'));
  assert.ok(description !== undefined);
  const split = { schema: 'public', relation: 't' };
  const request = { tableName: at('t'), schema: description.schema, split, constraints: NO_CONSTRAINTS };
  for (let round = 0; round < 1500; round++) {
    let rows = 0;
    for await (const { batch } of definition.read(context, request)) rows += batch.numRows;
    assert.equal(rows, 1);
  }
  assert.equal((await definition.listSchemas(context)).includes('public'), true);
  const sessions = await database.run(
    `select 1 from pg_stat_activity where datname = current_database() and application_name = 'ergane'`,
  );
  assert.equal(sessions.length, 1);
});
