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
