import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { batchOfValues, ErganeError, makeBatch, makeColumn } from '@ergane/protocol';
import { Field, Int32, Int64, Schema, Utf8 } from 'apache-arrow';
import { makeFakeSource, tableOf } from './fake-source.ts';
import type { FakeTable } from './fake-source.ts';
import { makeTestParts, makeTestPlace, rowsOf } from './test-engine.ts';
import { runQuery } from '../src/run-query.ts';

const NAMES = { catalog: 'c', schema: 's' };

/** Ten million rows in a hundred splits, made only as they are read. */
const LARGE: FakeTable = {
  schema: new Schema([new Field('id', new Int64(), true)]),
  splits: 100,
  rowCount: 10_000_000,
  *batches(split) {
    for (let part = 0; part < 10; part++) {
      const first = BigInt(split * 100_000 + part * 10_000);
      const ids = BigInt64Array.from({ length: 10_000 }, (_, index) => first + BigInt(index));
      const column = makeColumn(new Int64(), { length: 10_000, nullCount: 0, values: new Uint8Array(ids.buffer) });
      yield makeBatch(this.schema, 10_000, [column]);
    }
  },
};

test('LIMIT 10 of ten million rows stops the functions', async () => {
  await using place = await makeTestPlace();
  const source = makeFakeSource({ store: place.store, tables: { t: LARGE } });
  {
    await using parts = makeTestParts(place, source);
    assert.equal((await rowsOf(parts, 'SELECT id FROM t LIMIT 10')).length, 10);
    assert.equal(source.reading, 0);
    const splits = source.requests.filter(({ type }) => type === 'ReadRecordsRequest').length;
    assert.ok(splits < 30, `${splits} splits were read`);
  }
  assert.deepEqual(await place.leftovers(), []);
});

test('a result that is not taken holds the functions back', async () => {
  await using place = await makeTestPlace();
  const source = makeFakeSource({ store: place.store, tables: { t: LARGE } });
  await using parts = makeTestParts(place, source);
  const result = await runQuery(parts, 'SELECT id FROM t', NAMES);
  const iterator = result.batches[Symbol.asyncIterator]();
  const first = await iterator.next();
  assert.equal(first.done, false);
  // every function that was started comes to its end, and no other is started
  while (source.reading > 0) await new Promise((resolve) => setImmediate(resolve));
  const read = source.rowsRead;
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(source.rowsRead, read);
  assert.ok(read < 3_000_000, `${read} rows were read`);
  await result[Symbol.asyncDispose]();
  assert.equal(source.reading, 0);
});

test('cancelling ends functions and spill, before, while and after rows come', async () => {
  await using place = await makeTestPlace();
  const source = makeFakeSource({ store: place.store, tables: { t: LARGE }, inlineLimit: 0 });
  {
    await using parts = makeTestParts(place, source);
    for (const after of [0, 1, 5]) {
      const controller = new AbortController();
      const isCancelled = (error: unknown): boolean => error instanceof ErganeError && error.code === 'QUERY_CANCELLED';
      const running = async (): Promise<void> => {
        const result = await runQuery(parts, 'SELECT id FROM t WHERE id % 7 = 1', {
          ...NAMES,
          signal: controller.signal,
        });
        let seen = 0;
        if (after === 0) controller.abort();
        for await (const _rows of result.batches) if (++seen === after) controller.abort();
      };
      await assert.rejects(running(), isCancelled);
      assert.equal(source.reading, 0);
    }
    assert.equal((await rowsOf(parts, 'SELECT id FROM t LIMIT 1')).length, 1);
  }
  assert.deepEqual(await place.leftovers(), []);
});

test('an aggregate that computes for long is interrupted', async () => {
  await using place = await makeTestPlace();
  const source = makeFakeSource({ store: place.store, tables: { t: LARGE } });
  await using parts = makeTestParts(place, source);
  const controller = new AbortController();
  const sql =
    'SELECT count(*) FROM (SELECT id FROM t LIMIT 100000) a CROSS JOIN (SELECT id FROM t LIMIT 100000) b WHERE a.id * b.id = 17';
  const progress = (): void => {
    if (source.reading === 0) controller.abort();
  };
  await assert.rejects(rowsOf(parts, sql, { signal: controller.signal, onProgress: progress }), /cancelled/);
});

test('a result that is given up before its first row leaves nothing', async () => {
  await using place = await makeTestPlace();
  const source = makeFakeSource({ store: place.store, tables: { t: LARGE }, inlineLimit: 0 });
  {
    await using parts = makeTestParts(place, source);
    for (let round = 0; round < 3; round++) {
      await using _result = await runQuery(parts, 'SELECT id FROM t', NAMES);
    }
    assert.equal(source.reading, 0);
  }
  assert.deepEqual(await place.leftovers(), []);
});

test('queries at once each have their own rows', async () => {
  await using place = await makeTestPlace();
  const tables = Object.fromEntries(
    Array.from({ length: 8 }, (_, index) => [`t${index}`, tableOf({ id: new Int32() }, [[index], [index * 10]], 2)]),
  );
  const source = makeFakeSource({ store: place.store, tables });
  await using parts = makeTestParts(place, source);
  const answers = await Promise.all(Object.keys(tables).map((name) => rowsOf(parts, `SELECT sum(id) FROM ${name}`)));
  assert.deepEqual(
    answers.map((rows) => Number(rows[0]?.[0])),
    Array.from({ length: 8 }, (_, index) => index * 11),
  );
});

test('an empty table, a table of one row, and one that has no splits', async () => {
  await using place = await makeTestPlace();
  const columns = { id: new Int32(), name: new Utf8() };
  const tables = {
    empty: tableOf(columns, []),
    one: tableOf(columns, [[1, null]]),
    none: { ...tableOf(columns, []), splits: 0 },
  };
  await using parts = makeTestParts(place, makeFakeSource({ store: place.store, tables }));
  assert.deepEqual(await rowsOf(parts, 'SELECT * FROM empty'), []);
  assert.deepEqual(await rowsOf(parts, 'SELECT count(*), max(name) FROM none'), [[0n, null]]);
  assert.deepEqual(await rowsOf(parts, 'SELECT * FROM one'), [[1, null]]);
  assert.deepEqual(await rowsOf(parts, 'SELECT count(*) FROM one'), [[1n]]);
});

test('a table of 10,000 columns', async () => {
  await using place = await makeTestPlace();
  const columns = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`c${index}`, new Int32()]));
  const table = tableOf(columns, [Array.from({ length: 10_000 }, (_, index) => index)]);
  await using parts = makeTestParts(place, makeFakeSource({ store: place.store, tables: { wide: table } }));
  assert.deepEqual(await rowsOf(parts, 'SELECT c9999, c17 FROM wide WHERE c5000 = 5000'), [[9999, 17]]);
  const [row] = await rowsOf(parts, 'SELECT * FROM wide');
  assert.equal(row?.length, 10_000);
  assert.equal(row?.[4321], 4321);
});

test('a cell of 100 MB', async () => {
  await using place = await makeTestPlace();
  const size = 100_000_000;
  const schema = new Schema([new Field('text', new Utf8(), true)]);
  const table: FakeTable = {
    schema,
    splits: 1,
    *batches() {
      const column = makeColumn(new Utf8(), {
        length: 1,
        nullCount: 0,
        offsets: Int32Array.of(0, size),
        values: new Uint8Array(size).fill(120),
      });
      yield makeBatch(schema, 1, [column]);
    },
  };
  await using parts = makeTestParts(place, makeFakeSource({ store: place.store, tables: { t: table } }));
  assert.deepEqual(await rowsOf(parts, 'SELECT length(text) FROM t'), [[BigInt(size)]]);
  const [row] = await rowsOf(parts, 'SELECT text FROM t');
  assert.equal(String(row?.[0]).length, size);
});

test('names with spaces, quotes, Unicode, upper case and reserved words', async () => {
  await using place = await makeTestPlace();
  const columns = ['Select', 'two words', 'quo"te', "apo'strophe", 'Größe', '列', 'a.b', 'x;--', 'id', 'ID'];
  const table = tableOf(Object.fromEntries(columns.map((name) => [name, new Int32()])), [
    columns.map((_, index) => index),
  ]);
  const source = makeFakeSource({ store: place.store, tables: { from: table, 'my table': table }, filters: true });
  await using parts = makeTestParts(place, source);
  for (const name of ['"from"', '"my table"']) {
    assert.deepEqual(await rowsOf(parts, `SELECT * FROM ${name}`), [columns.map((_, index) => index)]);
    const chosen = 'SELECT "select", "two words", "quo""te", "apo\'strophe", "größe", "列", "a.b", "x;--", id, id_2';
    assert.deepEqual(await rowsOf(parts, `${chosen} FROM ${name} WHERE "quo""te" = 2 AND "Größe" > 3`), [
      columns.map((_, index) => index),
    ]);
  }
});

test('a column of NULLs alone', async () => {
  await using place = await makeTestPlace();
  const batch = batchOfValues(new Schema([new Field('col1', new Utf8(), true)]), [null, null]);
  assert.equal(batch.numRows, 2);
  const table = tableOf({ a: new Utf8(), b: new Int64() }, [
    [null, null],
    [null, null],
  ]);
  await using parts = makeTestParts(place, makeFakeSource({ store: place.store, tables: { t: table }, filters: true }));
  assert.deepEqual(await rowsOf(parts, 'SELECT a, b FROM t'), [
    [null, null],
    [null, null],
  ]);
  assert.deepEqual(await rowsOf(parts, 'SELECT count(*) FROM t WHERE a IS NULL AND b IS NULL'), [[2n]]);
  assert.deepEqual(await rowsOf(parts, "SELECT count(*) FROM t WHERE a <> 'x' OR b = 1"), [[0n]]);
});

test('a process that exits while DuckDB waits keeps its exit code', async () => {
  const program = fileURLToPath(new URL('./fixtures/exit-while-reading.ts', import.meta.url));
  for (const after of ['0', '300']) {
    const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', program, after], {
      stdio: 'inherit',
    });
    const [code] = await once(child, 'exit');
    assert.equal(code, 3);
  }
});
