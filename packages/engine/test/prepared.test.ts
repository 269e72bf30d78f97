import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ErganeError } from '@ergane/protocol';
import { Int64, Utf8 } from 'apache-arrow';
import { makeFakeSource, tableOf } from './fake-source.ts';
import { makeTestParts, makeTestPlace, rowsOf } from './test-engine.ts';
import type { ResultValue } from '../src/result/query-result.ts';

const NATIONS = tableOf({ key: new Int64(), name: new Utf8() }, [
  [1n, 'Kenya'],
  [2n, 'Peru'],
  [3n, 'Chad'],
]);

type Run = (sql: string) => Promise<(readonly ResultValue[])[]>;

async function withSession(work: (run: Run) => Promise<void>): Promise<void> {
  await using place = await makeTestPlace();
  await using parts = makeTestParts(place, makeFakeSource({ store: place.store, tables: { nation: NATIONS } }));
  const prepared = new Map<string, string>();
  await work((sql) => rowsOf(parts, sql, { prepared }));
}

const fails = (run: Run, sql: string, code: string, message: RegExp) =>
  assert.rejects(
    run(sql),
    (error) => error instanceof ErganeError && error.code === code && message.test(error.message),
    sql,
  );

suite('prepared statements', () => {
  test('are kept, run with values in their order, and forgotten', () =>
    withSession(async (run) => {
      await run('PREPARE Mine FROM SELECT name, ? FROM nation WHERE key > ? ORDER BY key OFFSET ? LIMIT ?');
      assert.deepEqual(await run(`EXECUTE mine USING 'é😀', 1, 1, 5`), [['Chad', 'é😀']]);
      assert.deepEqual(await run(`EXECUTE mine USING DATE '2024-01-01' + INTERVAL '1' DAY, BIGINT '-1', 0, 1`), [
        ['Kenya', '2024-01-02'],
      ]);
      assert.deepEqual(
        await run(`EXECUTE IMMEDIATE 'SELECT ''it''''s'' || ? FROM nation WHERE name = ?' USING '!', 'Peru'`),
        [["it's!"]],
      );
      assert.deepEqual(await run(`EXECUTE IMMEDIATE 'VALUES (1, 2)'`), [[1, 2]]);
      await run('prepare mine from SHOW TABLES');
      assert.deepEqual(await run('EXECUTE mine'), [['nation']]);
      await run('DEALLOCATE PREPARE mine');
      await fails(run, 'EXECUTE mine', 'NOT_FOUND', /Prepared statement not found: mine/);
      await fails(run, 'DEALLOCATE PREPARE mine', 'NOT_FOUND', /mine/);
    }));

  test('are described', () =>
    withSession(async (run) => {
      await run(
        'PREPARE d FROM SELECT ?, key AS k, upper(name), 1 + key FROM nation WHERE key = ? AND name < ? LIMIT ?',
      );
      assert.deepEqual(await run('DESCRIBE INPUT d'), [
        [0n, 'unknown'],
        [1n, 'bigint'],
        [2n, 'varchar'],
        [3n, 'bigint'],
      ]);
      assert.deepEqual(
        (await run('DESCRIBE OUTPUT d')).map(([name, , , , type, size, aliased]) => [name, type, size, aliased]),
        [
          ['_col0', 'unknown', 0n, false],
          ['k', 'bigint', 8n, true],
          ['_col2', 'varchar', 0n, false],
          ['_col3', 'bigint', 8n, false],
        ],
      );
    }));

  test('what is wrong is said', () =>
    withSession(async (run) => {
      await fails(run, 'PREPARE x FROM SELECT\n FROM', 'SYNTAX_ERROR', /^line 2:/);
      await fails(run, 'PREPARE x FROM EXECUTE y', 'NOT_SUPPORTED', /Invalid statement type/);
      await run('PREPARE x FROM SELECT ?');
      await fails(
        run,
        'EXECUTE x',
        'INVALID_PARAMETER_USAGE',
        /^line 1:1: Incorrect number of parameters: expected 1 but found 0/,
      );
      await fails(run, 'EXECUTE x USING 1, 2', 'INVALID_PARAMETER_USAGE', /expected 1 but found 2/);
      await fails(run, 'EXECUTE x USING key', 'COLUMN_NOT_FOUND', /key/);
      await fails(run, 'SELECT ?', 'INVALID_PARAMETER_USAGE', /expected 1 but found 0/);
    }));

  test('without a session only EXECUTE IMMEDIATE works', async () => {
    await using place = await makeTestPlace();
    await using parts = makeTestParts(place, makeFakeSource({ store: place.store, tables: {} }));
    await assert.rejects(rowsOf(parts, 'PREPARE x FROM SELECT 1'), { code: 'NOT_SUPPORTED' });
    assert.deepEqual(await rowsOf(parts, `EXECUTE IMMEDIATE 'SELECT ?' USING 7`), [[7]]);
  });
});
