import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Int32, Int64, Utf8 } from 'apache-arrow';
import { makeFakeSource, tableOf } from './fake-source.ts';
import { makeTestParts, makeTestPlace, rowsOf } from './test-engine.ts';

test('a table of three splits is read whole, inline and spilled', async () => {
  await using place = await makeTestPlace();
  const rows = Array.from({ length: 1000 }, (_, index) => [
    index,
    BigInt(index) * 10n,
    index % 7 === 0 ? null : `name ${index} is long enough`,
  ]);
  const table = tableOf({ id: new Int32(), big: new Int64(), name: new Utf8() }, rows, 3);
  for (const inlineLimit of [0, 1_000_000]) {
    const source = makeFakeSource({ store: place.store, tables: { t: table }, inlineLimit });
    await using parts = makeTestParts(place, source);
    const [row] = await rowsOf(parts, 'select count(*), sum(id), sum(big), count(name), max(name) from t');
    assert.deepEqual(row?.map(String), ['1000', '499500', '4995000', '857', 'name 999 is long enough']);
    assert.deepEqual(await place.leftovers(), []);
  }
});

test('filters, order and joins', async () => {
  await using place = await makeTestPlace();
  const table = tableOf(
    { id: new Int32(), name: new Utf8() },
    Array.from({ length: 100 }, (_, index) => [index, `n${index}`]),
    2,
  );
  const source = makeFakeSource({
    store: place.store,
    tables: { t: table, u: tableOf({ k: new Int64() }, [[5n], [7n], [200n]]) },
    filters: true,
  });
  await using parts = makeTestParts(place, source);
  const rows = await rowsOf(parts, "select id, name from t where id in (1, 5, 70) and name < 'n6' order by id");
  assert.deepEqual(rows, [
    [1, 'n1'],
    [5, 'n5'],
  ]);
  assert.equal(source.rowsRead, 2);
  source.rowsRead = 0;
  const joined = await rowsOf(parts, 'select name from t join u u on t.id = u.k order by 1');
  assert.deepEqual(joined, [['n5'], ['n7']]);
  assert.equal(source.rowsRead, 5);
});

test('a plan that DuckDB tells only with all columns still pushes filters, and only what is needed is read', async () => {
  await using place = await makeTestPlace();
  const parts = tableOf(
    { part: new Utf8(), category: new Utf8(), name: new Utf8() },
    [
      ['p1', 'engine', 'a'],
      ['p2', 'brake', 'b'],
    ],
    1,
  );
  const views = tableOf(
    { part: new Utf8(), session: new Utf8(), action: new Utf8() },
    [
      ['p1', 's1', 'view'],
      ['p1', 's2', 'view'],
      ['p1', 's3', 'buy'],
      ['p2', 's1', 'view'],
    ],
    1,
  );
  const source = makeFakeSource({ store: place.store, tables: { parts, views }, filters: true });
  await using engine = makeTestParts(place, source);
  const rows = await rowsOf(
    engine,
    `WITH v AS (SELECT part, count(*) AS clicks, count(DISTINCT session) AS visitors FROM views WHERE action = 'view' GROUP BY part),
      w AS (SELECT part, count(*) AS n, max(session) AS last FROM views GROUP BY part)
     SELECT p.part, v.visitors, w.last FROM parts p JOIN v ON v.part = p.part JOIN w ON w.part = p.part WHERE p.category = 'engine'
     ORDER BY w.last LIMIT 10`,
  );
  assert.deepEqual(
    rows.map((row) => row.map(String)),
    [['p1', '2', 's3']],
  );
  const reads = source.requests.filter((request) => request.type === 'ReadRecordsRequest');
  const read = reads.find(({ tableName }) => tableName.tableName === 'parts');
  assert.ok('category' in (read?.constraints.summary ?? {}));
  assert.deepEqual(
    read?.schema.fields.map(({ name }) => name),
    ['part', 'category'],
  );
});
