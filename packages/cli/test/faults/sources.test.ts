import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSqlSource, SQL_SERVERS } from './sql-source.ts';
import { withSource } from './with-source.ts';
import { expectFault, openWorkbench } from './workbench.ts';

const AGAIN = /run the (statement|query) again/;
const SECRET = 'never-tell-this';

for (const server of SQL_SERVERS)
  test(`${server}: a wrong password, an unknown host and a closed port name the catalog's setting, never the password`, async (context) => {
    const opened = await openSqlSource(context, server);
    if (opened === undefined) return;
    await using source = opened;
    const changed = (change: (url: URL) => void) => {
      const url = new URL(source.url);
      url.password = SECRET;
      change(url);
      return { ...source.catalog, env: { default: String(url) } };
    };
    await using bench = await openWorkbench({
      catalogs: {
        locked: changed(() => undefined),
        unknown: changed((url) => (url.hostname = 'no-such-host.invalid')),
        closed: changed((url) => (url.port = '1')),
      },
    });
    const secrets = [SECRET];
    const read = (catalog: string) => bench.rows(`select * from ${catalog}."${source.schema}".t`);
    await expectFault(read('locked'), {
      code: 'SOURCE_ACCESS_DENIED',
      says: ['locked', 'default', 'password'],
      secrets,
    });
    await expectFault(read('unknown'), {
      code: 'SOURCE_UNREACHABLE',
      says: ['unknown', 'no-such-host.invalid', 'default'],
      secrets,
    });
    await expectFault(read('closed'), { code: 'SOURCE_UNREACHABLE', says: ['closed', ':1', 'default'], secrets });
  });

withSource('a column that is dropped, and a table, between planning and reading', async ({ source, bench, at }) => {
  const held = await source.makeHeldView();
  await held.release();
  const sql = `select count(*), max(text) from ${at('big')}`;
  assert.deepEqual(await bench.rows(sql), [[30_000n, 'x'.repeat(1000)]]);
  await source.run('drop view held', 'alter table big drop column text');
  // the engine planned with what it knew
  await expectFault(bench.rows(sql), {
    code: 'SOURCE_CHANGED',
    says: [`shop.${source.schema}.big`, 'text', AGAIN],
  });
  // and looks again
  await expectFault(bench.rows(sql), { code: 'COLUMN_NOT_FOUND', says: ['text'] });
  assert.deepEqual(await bench.rows(`select count(*) from ${at('big')}`), [[30_000n]]);
  await source.run('drop table big');
  await expectFault(bench.rows(`select max(id) from ${at('big')}`), {
    code: 'SOURCE_CHANGED',
    says: [`shop.${source.schema}.big`, AGAIN],
  });
  await expectFault(bench.rows(`select max(id) from ${at('big')}`), { code: 'TABLE_NOT_FOUND', says: ['big'] });
});

withSource('an empty table, a table of one row, NULLs everywhere', async ({ source, bench, at }) => {
  await source.run(
    'create table nothing (id int, name varchar(10))',
    'create table one (id int primary key, name varchar(10))',
    `insert into one values (1, 'a')`,
    'create table nulls (id int, name varchar(10), day date, price decimal(10,2))',
    'insert into nulls values (null, null, null, null), (null, null, null, null)',
  );
  assert.deepEqual(await bench.rows(`select * from ${at('nothing')}`), []);
  assert.deepEqual(await bench.rows(`select count(*), max(name) from ${at('nothing')}`), [[0n, null]]);
  assert.deepEqual(await bench.rows(`select * from ${at('one')}`), [[1, 'a']]);
  assert.deepEqual(await bench.rows(`select name from ${at('one')} where id = 2`), []);
  const nothing = [null, null, null, null];
  assert.deepEqual(await bench.rows(`select * from ${at('nulls')}`), [nothing, nothing]);
  assert.deepEqual(await bench.rows(`select count(*) from ${at('nulls')} where name is null and day is null`), [[2n]]);
  assert.deepEqual(await bench.rows(`select count(*) from ${at('nulls')} where name <> 'x' or price > 1`), [[0n]]);
  assert.deepEqual(
    await bench.rows(`select o.name, n.id from ${at('one')} o left join ${at('nulls')} n on o.id = n.id`),
    [['a', null]],
  );
});

withSource('a cell of 100 MB', async ({ source, bench, at, server }) => {
  await source.run('create table large (id int primary key, text ' + (server === 'postgresql' ? 'text)' : 'longtext)'));
  if (server === 'postgresql') await source.run('alter table large alter text set storage external');
  await source.run(`insert into large values (1, repeat('0123456789', 10000000)), (2, 'short'), (3, null)`);
  assert.deepEqual(await bench.rows(`select id, length(text) from ${at('large')} order by id`), [
    [1, 100_000_000n],
    [2, 5n],
    [3, null],
  ]);
  const [[text] = []] = await bench.rows(`select text from ${at('large')} where id = 1`);
  assert.ok(typeof text === 'string' && text.length === 100_000_000 && text.endsWith('0123456789'));
});

const NAMES = [
  'Select',
  'two words',
  'quo"te',
  "apo'strophe",
  'back`tick',
  'Größe',
  '列',
  'a.b',
  'x;--',
  'percent%s',
  'id',
];

withSource(
  'names with spaces, quotes, Unicode, upper case and reserved words',
  async ({ source, bench, at, server }) => {
    const mark = server === 'postgresql' ? '"' : '`';
    const own = (name: string) => `${mark}${name.replaceAll(mark, mark + mark)}${mark}`;
    const trino = (name: string) => `"${name.replaceAll('"', '""')}"`;
    const tables = ['Order', 'my table', 'qu"o`te\'s', 'Größe列'];
    const columns = NAMES.map((name) => `${own(name)} int`).join(', ');
    const numbers = NAMES.map((_, index) => index);
    for (const table of tables)
      await source.run(
        `create table ${own(table)} (${columns})`,
        `insert into ${own(table)} values (${numbers.join(', ')})`,
      );
    for (const table of tables) {
      const place = at(table.replaceAll('"', '""'));
      assert.deepEqual(await bench.rows(`select * from ${place}`), [numbers], table);
      const chosen = NAMES.map((name) => `t.${trino(name)}`).join(', ');
      const where = NAMES.map((name, index) => `${trino(name)} = ${index}`).join(' and ');
      assert.deepEqual(await bench.rows(`select ${chosen} from ${place} t where ${where}`), [numbers], table);
    }
    const schema = 'Sche\'ma "X" `y` é';
    await source.run(
      `create schema ${own(schema)}`,
      `create table ${own(schema)}.${own('Tab le')} as select 7 as ${own('Col')}`,
    );
    try {
      assert.deepEqual(await bench.rows(`select "col" from shop.${trino(schema)}."TAB LE" where "COL" = 7`), [[7]]);
      const shown = await bench.rows('show schemas from shop');
      assert.ok(
        shown.some(([name]) => typeof name === 'string' && name.toLowerCase() === schema.toLowerCase()),
        String(shown),
      );
    } finally {
      await source.run(`drop schema ${own(schema)}${server === 'postgresql' ? ' cascade' : ''}`);
    }
  },
);
