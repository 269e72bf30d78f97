import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ErganeError } from '@ergane/protocol';
import { Int64 } from 'apache-arrow';
import { makeFakeSource, tableOf } from './fake-source.ts';
import { makeTestParts, makeTestPlace, rowsOf } from './test-engine.ts';

const LIMIT = 262_144;

test('bad input is refused, and what is only large is run', async (context) => {
  await using place = await makeTestPlace();
  const source = makeFakeSource({ store: place.store, tables: { t: tableOf({ a: new Int64() }, [[0n], [2n]]) } });
  await using parts = makeTestParts(place, source);
  const run = (sql: string) => rowsOf(parts, sql);
  const fails = (sql: string, code: string, message: RegExp) =>
    assert.rejects(
      run(sql),
      (error) => error instanceof ErganeError && error.code === code && message.test(error.message),
      sql.slice(0, 100),
    );

  await context.test('262,144 bytes, and one more', async () => {
    const text = (bytes: number) => `SELECT length('${'é'.repeat((bytes - 17) / 2)}')`;
    const most = text(LIMIT - 1);
    assert.equal(Buffer.byteLength(`${most} `), LIMIT);
    assert.deepEqual(await run(`${most} `), [[BigInt((LIMIT - 18) / 2)]]);
    await fails(`${most}  `, 'SYNTAX_ERROR', /262145 bytes; at most 262144/);
  });

  await context.test('10,000 parentheses; those in strings and comments are none', async () => {
    const [open, close] = ['('.repeat(10_000), ')'.repeat(10_000)];
    await fails(`SELECT\n${open}1${close}`, 'SYNTAX_ERROR', /^line 2:301: parentheses are nested deeper than 300/);
    assert.deepEqual(await run(`SELECT length('${open}') /* ${open} */ -- ${open}`), [[10_000n]]);
  });

  await context.test('a chain of 2,000 operators', async () => {
    assert.deepEqual(await run(`SELECT ${Array.from({ length: 2000 }, () => 'true').join(' AND ')}`), [[true]]);
  });

  await context.test('5,000 columns', async () => {
    const list = Array.from({ length: 5000 }, (_unused, index) => `a + ${index} AS c${index}`).join(', ');
    const rows = await run(`SELECT ${list} FROM t WHERE a = 2`);
    assert.equal(rows[0]?.length, 5000);
    assert.equal(rows[0]?.[4999], 5001n);
  });

  await context.test('names that are ambiguous or twice there', async () => {
    await fails('SELECT x FROM (SELECT a AS x, a AS x FROM t)', 'AMBIGUOUS_NAME', /^line 1:8: Column 'x' is ambiguous/);
    assert.deepEqual(await run('SELECT * FROM (SELECT a, a FROM t WHERE a = 2)'), [[2n, 2n]]);
    await fails('SELECT 1 FROM t x JOIN t y USING (a, a)', 'DUPLICATE_COLUMN_NAME', /^line 1:38/);
    assert.deepEqual(await run('SELECT 1 AS "é😀", 2 AS "É😀"'), [[1, 2]]);
  });

  await context.test('types that are none', async () => {
    await fails(
      'SELECT CAST(1 AS decimal(39, 1))',
      'INVALID_FUNCTION_ARGUMENT',
      /^line 1:18: DECIMAL precision must be in range/,
    );
    await fails('SELECT TRY_CAST(a AS array(foo)) FROM t', 'TYPE_MISMATCH', /^line 1:8: Unknown type: foo/);
  });

  await context.test('recursion without end', async () => {
    await fails(
      'WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT * FROM r',
      'NOT_SUPPORTED',
      /Recursion depth limit exceeded \(10\)/,
    );
  });

  await context.test('division by zero in a branch that is not taken', async () => {
    const kept = [
      'CASE WHEN a = 0 THEN 0 ELSE 10 / a END',
      'IF(a = 0, 0, 10 / a)',
      'COALESCE(a, 10 / a - 99)',
      'TRY(10 / a)',
      'COALESCE(TRY(10 / a), 0)',
      'CASE a WHEN 0 THEN 0 ELSE 10 % a END',
      'NULLIF(IF(a <> 0, 10 / a), 7)',
    ];
    for (const expression of kept) assert.equal((await run(`SELECT ${expression} FROM t`)).length, 2, expression);
    assert.deepEqual(
      await run('SELECT IF(true, 1, 1 / 0), CASE WHEN false THEN 1 / 0 ELSE 2 END, COALESCE(1, 1 / 0)'),
      [[1, 2, 1]],
    );
    await fails('SELECT 10 / a FROM t', 'DIVISION_BY_ZERO', /zero/i);
    await fails('SELECT 1 / 0', 'DIVISION_BY_ZERO', /zero/i);
  });
});
