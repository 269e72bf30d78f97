import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ErganeError } from '@ergane/protocol';
import { openSource, REAL_SOURCES } from './real-sources.ts';
import { rowsOf } from './test-engine.ts';
import type { EngineParts } from '../src/engine.ts';

async function explain(parts: EngineParts, sql: string): Promise<string> {
  return (await rowsOf(parts, `EXPLAIN ${sql}`)).map(([line]) => String(line)).join('\n');
}

for (const source of REAL_SOURCES)
  test(`native queries of ${source}`, async (context) => {
    await using opened = await openSource(context, source);
    if (opened === undefined) return;
    const { parts, schema, run } = opened;

    await context.test('the columns are the query’s, and the engine does the rest', async () => {
      await run('create table t (id int, name varchar(10))', `insert into t values (1, 'one'), (2, 'two'), (3, null)`);
      const native = `TABLE(c.system.query(query => 'select id + 1 as next, name from ${schema}.t'))`;
      assert.deepEqual(
        await rowsOf(parts, `SELECT * FROM ${native} ORDER BY 1`),
        [
          ['2', 'one'],
          ['3', 'two'],
          ['4', null],
        ]
          .map(([next, name]) => [BigInt(next ?? 0), name])
          .map(([next, name]) => [source === 'postgresql' ? Number(next) : next, name]),
      );
      assert.deepEqual(await rowsOf(parts, `SELECT count(*) FROM ${native}`), [[3n]]);
      const joined = `SELECT t.name FROM ${native} n JOIN t ON t.id = n.next WHERE n.name = 'one'`;
      assert.deepEqual(await rowsOf(parts, joined, { schema }), [['two']]);
      const again = `SELECT name FROM TABLE("lambda:fake".system.query('select id, name' || ' from ${schema}.t')) AS x (a, name) WHERE a = ?`;
      assert.deepEqual(await rowsOf(parts, again, { parameters: ['2'] }), [['two']]);
      const text = await explain(parts, `SELECT name FROM ${native} n WHERE n.next > 2 LIMIT 1`);
      assert.match(text, /native query: .*select id \+ 1 as next, name from/);
      assert.match(text, /kept: next > 2/);
      assert.doesNotMatch(text, /pushed:|limit:/);
    });

    await context.test('a function is a catalog without configuration', async () => {
      await run('create table u (id int)', 'insert into u values (7)');
      assert.deepEqual(await rowsOf(parts, `SELECT id FROM "lambda:fake".${schema}.u`), [[7]]);
      assert.deepEqual(await rowsOf(parts, `SHOW TABLES IN "lambda:fake".${schema}`), [['t'], ['u']]);
      await assert.rejects(rowsOf(parts, `SELECT id FROM "lambda:Fake".${schema}.u`), {
        code: 'FUNCTION_NOT_CONFIGURED',
      });
    });

    await context.test('what is wrong is said where it is', async () => {
      const cases: readonly (readonly [sql: string, code: string, message: RegExp])[] = [
        [
          `TABLE(c.system.queri(query => 'x'))`,
          'FUNCTION_NOT_FOUND',
          /^line 1:15: Table function 'c\.system\.queri' not registered: catalog c has system\.query/,
        ],
        [
          `TABLE(c.system.query(text => 'x'))`,
          'INVALID_FUNCTION_ARGUMENT',
          /Unexpected argument name: TEXT; query takes query/,
        ],
        [`TABLE(c.system.query())`, 'INVALID_FUNCTION_ARGUMENT', /Missing argument: QUERY/],
        [`TABLE(c.system.query('a', 'b'))`, 'INVALID_FUNCTION_ARGUMENT', /Too many arguments/],
        [`TABLE(c.system.query(query => 'a', query => 'b'))`, 'INVALID_FUNCTION_ARGUMENT', /Duplicate/],
        [
          `TABLE(c.system.query(query => lower('A')))`,
          'INVALID_FUNCTION_ARGUMENT',
          /^line 1:45: an argument .* constant/,
        ],
        [`TABLE(nowhere.system.query(query => 'a'))`, 'CATALOG_NOT_FOUND', /nowhere/],
        [
          `TABLE(c.system.query(query => 'delete from t'))`,
          source === 'postgresql' ? 'SYNTAX_ERROR' : 'NOT_SUPPORTED',
          /^line 1:15: /,
        ],
      ];
      for (const [from, code, message] of cases)
        await assert.rejects(
          rowsOf(parts, `SELECT * FROM ${from}`),
          (error) => error instanceof ErganeError && error.code === code && message.test(error.message),
          from,
        );
    });
  });
