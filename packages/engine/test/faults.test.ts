import assert from 'node:assert/strict';
import { readdir, readFile, truncate, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { decodeResponse, encodeResponse, ErganeError, makeBatch } from '@ergane/protocol';
import type { ErrorCode, FederationRequest, InvocationResult } from '@ergane/protocol';
import { Field, Int32, Schema, Utf8 } from 'apache-arrow';
import { makeFakeSource, tableOf } from './fake-source.ts';
import type { FakeOptions } from './fake-source.ts';
import { makeTestParts, makeTestPlace, rowsOf } from './test-engine.ts';
import type { TestPlace } from './test-engine.ts';

const ROWS = Array.from({ length: 100 }, (_, index) => [index, `the name of row ${index}`]);
const TABLE = tableOf({ id: new Int32(), name: new Utf8() }, ROWS, 3);
const SQL = 'SELECT count(*), sum(id), max(name) FROM t';
const ANSWER = ['100', '4950', 'the name of row 99'];

async function expectError(promise: Promise<unknown>, code: ErrorCode, pattern: RegExp): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof ErganeError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, pattern);
    return true;
  });
}

/** Runs SQL over table t with a fault, then again without: the engine must be as good as new, and no object may be left. */
async function withFault(
  fault: Partial<FakeOptions> & { readonly armed: { now: boolean } },
  check: (run: () => Promise<unknown>, place: TestPlace) => Promise<void>,
): Promise<void> {
  await using place = await makeTestPlace();
  const source = makeFakeSource({ store: place.store, tables: { t: TABLE }, inlineLimit: 0, ...fault });
  {
    await using parts = makeTestParts(place, source);
    await check(() => rowsOf(parts, SQL), place);
    fault.armed.now = false;
    const [row] = await rowsOf(parts, SQL);
    assert.deepEqual(row?.map(String), ANSWER);
  }
  assert.deepEqual(await place.leftovers(), []);
}

const isRead = (request: FederationRequest): boolean => request.type === 'ReadRecordsRequest';

test('failed invocations are repeated and rows come once', async () => {
  const failures = new Map<string, number>();
  const armed = { now: true };
  await withFault(
    {
      armed,
      intercept(request) {
        if (request.type !== 'ReadRecordsRequest' || !armed.now) return undefined;
        const split = request.split.properties['split'] ?? '';
        const count = (failures.get(split) ?? 0) + 1;
        failures.set(split, count);
        if (count <= 2) throw new ErganeError(count === 1 ? 'FUNCTION_CRASHED' : 'FUNCTION_THROTTLED', 'provoked');
        return undefined;
      },
    },
    async (run) => {
      assert.deepEqual(await run().then((rows) => (Array.isArray(rows) ? String(rows[0]) : '')), ANSWER.join());
      assert.deepEqual([...failures.values()], [3, 3, 3]);
    },
  );
});

test('a failure that no repetition mends is told at once, with the code that the function gave', async () => {
  const armed = { now: true };
  let reads = 0;
  await withFault(
    {
      armed,
      intercept(request) {
        if (!armed.now || !isRead(request)) return undefined;
        reads++;
        const errorJson = { errorMessage: 'column name was dropped', errorType: 'ergane.SOURCE_CHANGED' };
        return { payload: Buffer.from(JSON.stringify(errorJson)), functionError: 'Unhandled' };
      },
    },
    async (run) => {
      await expectError(run(), 'SOURCE_CHANGED', /column name was dropped/);
      assert.ok(reads <= 3);
    },
  );
});

test('an answer that is no JSON names the function', async () => {
  for (const text of ['<html>502</html>', '', '[]', '{"@type":"PingResponse"', '{"@type":"NoSuchThing"}']) {
    const armed = { now: true };
    const intercept = (request: FederationRequest): InvocationResult | undefined =>
      armed.now && isRead(request) ? { payload: Buffer.from(text) } : undefined;
    await withFault({ armed, intercept }, (run) => expectError(run(), 'PROTOCOL_INVALID', /function fake/));
  }
});

test('a block of another schema names table and column', async () => {
  const armed = { now: true };
  const wrong = new Schema([new Field('id', new Utf8(), true), new Field('name', new Utf8(), true)]);
  const batch = makeBatch(
    wrong,
    0,
    tableOf({ id: new Utf8(), name: new Utf8() }, []).batches(0)[Symbol.iterator]().next().value?.data.children ?? [],
  );
  const response = encodeResponse(
    { type: 'ReadRecordsResponse', catalogName: 'c', records: { schema: wrong, batch } },
    6,
  );
  await withFault(
    { armed, intercept: (request) => (armed.now && isRead(request) ? { payload: response } : undefined) },
    (run) => expectError(run(), 'PROTOCOL_INVALID', /c\.s\.t: .*id Utf8 where id Int32/),
  );
});

/** Lets the function spill, then does something to the first object before the engine sees the answer. */
async function damageSpill(damage: (file: string) => Promise<void>, code: ErrorCode, pattern: RegExp): Promise<void> {
  const armed = { now: true };
  await using place = await makeTestPlace();
  const source = makeFakeSource({ store: place.store, tables: { t: TABLE }, inlineLimit: 0 });
  const damaging = {
    async invoke(invocation: Parameters<typeof source.invoke>[0]) {
      const result = await source.invoke(invocation);
      if (armed.now && decodeResponse(result.payload).type === 'RemoteReadRecordsResponse') {
        const files = (await readdir(place.folder, { recursive: true, withFileTypes: true })).filter(
          (entry) => entry.isFile() && entry.name.endsWith('.0'),
        );
        armed.now = false;
        const [file] = files;
        if (file) await damage(path.join(file.parentPath, file.name));
      }
      return result;
    },
  };
  {
    // one split at a time, so that the object is the one of this answer
    await using parts = makeTestParts(place, damaging, {
      catalogs: { c: { functionName: 'fake', maxConcurrency: 1 } },
    });
    await expectError(rowsOf(parts, SQL), code, pattern);
    assert.deepEqual((await rowsOf(parts, SQL))[0]?.map(String), ANSWER);
  }
  assert.deepEqual(await place.leftovers(), []);
}

test('a spilled object that is missing', () =>
  damageSpill((file) => unlink(file), 'OBJECT_NOT_FOUND', /a spilled result is missing: spill\/p\//));

test('a spilled object that is truncated', () =>
  damageSpill((file) => truncate(file, 100), 'SPILL_CORRUPT', /c\.s\.t: spilled object .* truncated/));

test('a spilled object that is empty', () =>
  damageSpill((file) => truncate(file, 0), 'SPILL_CORRUPT', /c\.s\.t: spilled object .* truncated/));

test('a spilled object that was tampered with', () =>
  damageSpill(
    async (file) => {
      const bytes = await readFile(file);
      bytes[40] = (bytes[40] ?? 0) ^ 1;
      await writeFile(file, bytes);
    },
    'SPILL_CORRUPT',
    /c\.s\.t: spilled object .* altered/,
  ));

test('strings that are not UTF-8 name table and column', async () => {
  await using place = await makeTestPlace();
  const table = tableOf({ id: new Int32(), name: new Utf8() }, [
    [1, 'good text, long enough for the heap'],
    [2, 'xx'],
  ]);
  const broken = {
    ...table,
    *batches(split: number) {
      for (const batch of table.batches(split)) {
        batch.data.children[1]?.values.set([0xff], 36);
        yield batch;
      }
    },
  };
  const source = makeFakeSource({ store: place.store, tables: { t: broken }, encrypt: false });
  await using parts = makeTestParts(place, source);
  await expectError(rowsOf(parts, 'SELECT max(name) FROM t'), 'SOURCE_DATA_INVALID', /c\.s\.t, column name: .*UTF-8/);
  assert.deepEqual(await rowsOf(parts, 'SELECT max(id) FROM t'), [[2]]);
});

test('an unknown table, schema and catalog', async () => {
  await using place = await makeTestPlace();
  await using parts = makeTestParts(place, makeFakeSource({ store: place.store, tables: { t: TABLE } }));
  await expectError(rowsOf(parts, 'SELECT * FROM nope'), 'TABLE_NOT_FOUND', /nope/);
  await expectError(
    rowsOf(parts, 'SELECT * FROM other.s.t'),
    'CATALOG_NOT_FOUND',
    /^line 1:15: Catalog 'other' not found; configured are: c/,
  );
  await expectError(rowsOf(parts, 'SELECT nope FROM t'), 'COLUMN_NOT_FOUND', /nope/);
});

test('a worker thread that dies fails its query, not the engine', async () => {
  await using place = await makeTestPlace();
  const source = makeFakeSource({ store: place.store, tables: { t: TABLE } });
  await using parts = makeTestParts(place, source, { workers: 1 });
  assert.equal((await rowsOf(parts, SQL)).length, 1);
  const worker = await parts.pool.acquire();
  // between two calls of DuckDB: one that is under way takes the whole process along when its thread goes
  await worker.crash();
  await parts.pool.release(worker);
  await assert.rejects(worker.plan({ sql: 'SELECT 1', tables: [] }), /worker/);
  assert.deepEqual((await rowsOf(parts, SQL))[0]?.map(String), ANSWER);
});

test('a column that was added a moment ago is found', async () => {
  await using place = await makeTestPlace();
  const tables = { t: tableOf({ id: new Int32() }, [[1]]) };
  const source = makeFakeSource({ store: place.store, tables });
  await using parts = makeTestParts(place, source);
  assert.deepEqual(await rowsOf(parts, 'SELECT * FROM t'), [[1]]);
  tables.t = tableOf({ id: new Int32(), added: new Utf8() }, [[1, 'new']]);
  assert.deepEqual(await rowsOf(parts, 'SELECT added FROM t'), [['new']]);
  tables.t = tableOf({ id: new Int32() }, [[2]]);
  await assert.rejects(rowsOf(parts, 'SELECT added FROM t'));
  await expectError(rowsOf(parts, 'SELECT added FROM t'), 'COLUMN_NOT_FOUND', /added/);
});

test('a query that waits for its turn can be cancelled', async () => {
  await using place = await makeTestPlace();
  const source = makeFakeSource({ store: place.store, tables: { t: TABLE } });
  await using parts = makeTestParts(place, source, { workers: 1 });
  const worker = await parts.pool.acquire();
  const controller = new AbortController();
  const waiting = rowsOf(parts, SQL, { signal: controller.signal });
  controller.abort();
  await expectError(waiting, 'QUERY_CANCELLED', /cancelled/);
  await parts.pool.release(worker);
  assert.equal((await rowsOf(parts, SQL)).length, 1);
});
