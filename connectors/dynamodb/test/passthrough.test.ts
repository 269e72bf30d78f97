import assert from 'node:assert/strict';
import test from 'node:test';
import { ask, BY_ID, openTestDynamodb } from './dynamodb-for-tests.ts';
import { failsSaying } from '@ergane/sdk/testing';

void test('a PartiQL statement is a table, all its pages', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const table = await db.createTable(BY_ID);
  const pad = { S: 'x'.repeat(4000) };
  await db.put(
    table,
    Array.from({ length: 600 }, (_, n) => ({ id: { S: `id${n}` }, N: { N: String(n) }, pad })),
  );
  const query = (QUERY: string) =>
    ask(db, {
      table: 'query',
      constraints: { queryPassthroughArguments: { schemaFunctionName: 'SYSTEM.QUERY', QUERY } },
    });
  const all = await query(`SELECT id, N, "pad" FROM "${table}"`);
  assert.equal(all.rows.length, 600);
  assert.ok((all.statistics['requests'] ?? 0) >= 3);
  assert.equal(all.explained[0], `SELECT id, N, "pad" FROM "${table}"`);
  const one = await query(`  select * from "${table}" where id = 'id7'`);
  assert.deepEqual(
    one.rows.map((row) => row['n']),
    ['7'],
  );
  await assert.rejects(query(`DELETE FROM "${table}" WHERE id = 'id7'`), failsSaying('NOT_SUPPORTED', 'SELECT'));
  await assert.rejects(query('SELECT FROM WHERE'), failsSaying('SYNTAX_ERROR', 'PartiQL'));
  await assert.rejects(query('SELECT * FROM "NoSuchTable"'), failsSaying('TABLE_NOT_FOUND'));
  await assert.rejects(query(' '), failsSaying('INVALID_FUNCTION_ARGUMENT', 'QUERY'));
});
