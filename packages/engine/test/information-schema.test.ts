import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Int64, Utf8 } from 'apache-arrow';
import { makeFakeSource, tableOf } from './fake-source.ts';
import { makeTestParts, makeTestPlace, rowsOf } from './test-engine.ts';

const TABLES = {
  orders: tableOf({ Id: new Int64(), note: new Utf8() }, [[1n, 'x']]),
  parts: tableOf({ id: new Int64() }, []),
  items: tableOf({ id: new Int64() }, []),
};

test('information_schema and the statements that show what there is', async (context) => {
  await using place = await makeTestPlace();
  const source = makeFakeSource({ store: place.store, tables: TABLES });
  await using parts = makeTestParts(place, source);
  const asked = async (sql: string) => {
    parts.catalogs.get('c')?.refresh();
    const before = source.requests.length;
    const rows = await rowsOf(parts, sql);
    return { rows, types: source.requests.slice(before).map(({ type }) => type) };
  };

  await context.test('schemata, tables, columns, views', async () => {
    assert.deepEqual(await rowsOf(parts, 'SELECT * FROM information_schema.schemata ORDER BY 2'), [
      ['c', 'information_schema'],
      ['c', 's'],
    ]);
    assert.deepEqual(
      await rowsOf(
        parts,
        `SELECT table_name, table_type FROM c.information_schema.tables WHERE table_schema = 's' ORDER BY 1`,
      ),
      [
        ['items', 'BASE TABLE'],
        ['orders', 'BASE TABLE'],
        ['parts', 'BASE TABLE'],
      ],
    );
    assert.deepEqual(await rowsOf(parts, 'SELECT count(*) FROM information_schema.views'), [[0n]]);
    assert.deepEqual(await rowsOf(parts, `SELECT count(*) FROM information_schema.columns WHERE table_schema = 's'`), [
      [4n],
    ]);
    assert.deepEqual(
      await rowsOf(
        parts,
        `SELECT column_name FROM information_schema.columns WHERE table_name = 'schemata' ORDER BY 1`,
      ),
      [['catalog_name'], ['schema_name']],
    );
    await assert.rejects(rowsOf(parts, 'SELECT * FROM information_schema.roles'), { code: 'TABLE_NOT_FOUND' });
  });

  await context.test('the columns of one table are one GetTable', async () => {
    const { rows, types } = await asked(
      `SELECT column_name, ordinal_position, data_type FROM information_schema.columns x
       WHERE table_schema = 's' AND x.table_name IN ('orders', 'nowhere') ORDER BY 2`,
    );
    assert.deepEqual(rows, [
      ['id', 1n, 'bigint'],
      ['note', 2n, 'varchar'],
    ]);
    const described = types.filter((type) => type !== 'PingRequest');
    assert.deepEqual(described, ['GetTableRequest', 'GetTableRequest']);
  });

  await context.test('a name of another table narrows nothing', async () => {
    const sql = `SELECT o.note, (SELECT count(*) FROM information_schema.tables t WHERE o.table_name = 'none' AND t.table_schema = 's')
      FROM (SELECT note, 'none' AS table_name FROM orders) o`;
    assert.deepEqual(await rowsOf(parts, sql), [['x', 3n]]);
    const either = `SELECT count(*) FROM information_schema.tables WHERE table_name = 'orders' OR table_schema = 's'`;
    assert.deepEqual(await rowsOf(parts, either), [[3n]]);
  });

  await context.test('SHOW CREATE TABLE, STATS, FUNCTIONS, SESSION', async () => {
    assert.deepEqual(await rowsOf(parts, 'SHOW CREATE TABLE orders'), [
      ['CREATE TABLE c.s.orders (\n   id bigint,\n   note varchar\n)'],
    ]);
    assert.deepEqual(await rowsOf(parts, 'SHOW STATS FOR c.s.orders'), [
      ['id', null, null, null, null, null, null],
      ['note', null, null, null, null, null, null],
      [null, null, null, null, 1, null, null],
    ]);
    assert.deepEqual(await rowsOf(parts, `SHOW FUNCTIONS LIKE 'url_extract_hos_'`), [
      ['url_extract_host', 'varchar(x)', 'varchar(x)', 'scalar', true, ''],
    ]);
    assert.ok((await rowsOf(parts, 'SHOW FUNCTIONS')).length > 300);
    assert.deepEqual(await rowsOf(parts, 'SHOW SESSION'), []);
  });

  await context.test('EXPLAIN in its forms', async () => {
    const text = async (options: string) =>
      String((await rowsOf(parts, `EXPLAIN (${options}) SELECT id FROM orders WHERE id > 3`))[0]?.[0]);
    assert.match(await text('TYPE LOGICAL'), /^- /);
    assert.match(await text('TYPE DISTRIBUTED, FORMAT TEXT'), /^- /);
    assert.match(await text('FORMAT GRAPHVIZ'), /^digraph query \{[^]*label="Scan c\.s\.orders"[^]*->[^]*\}$/);
    assert.equal(JSON.parse(await text('FORMAT JSON'))[0].table, 'c.s.orders');
    assert.deepEqual(JSON.parse(await text('TYPE IO')).inputTableColumnInfos[0].table, {
      catalog: 'c',
      schemaTable: { schema: 's', table: 'orders' },
    });
    assert.equal(await text('TYPE VALIDATE'), 'true');
  });
});
