import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ErganeError } from '@ergane/protocol';
import type { FederationRequest } from '@ergane/protocol';
import { Int32, Utf8 } from 'apache-arrow';
import { makeFakeSource, tableOf } from './fake-source.ts';
import type { FakeOptions } from './fake-source.ts';
import { withReadAhead } from './read-ahead-source.ts';
import type { ReadAheadSource } from './read-ahead-source.ts';
import { makeTestParts, makeTestPlace, rowsOf } from './test-engine.ts';

const ROWS = Array.from({ length: 100 }, (_, index) => [index, `the name of row ${index}`]);
const COLUMNS = { id: new Int32(), name: new Utf8() };
const ONE = tableOf(COLUMNS, ROWS);
const SQL = "SELECT name FROM one WHERE name LIKE '%9' ORDER BY id";
const NAMES = ROWS.map(([, name]) => name).filter((name) => String(name).endsWith('9'));

type Run = (sql: string) => Promise<unknown[]>;

/** Runs `check` over tables of one split, of many, and an empty one, by a function that reads ahead. */
async function withSource(
  options: Partial<FakeOptions>,
  check: (run: Run, source: ReadAheadSource) => Promise<void>,
): Promise<void> {
  await using place = await makeTestPlace();
  const tables = { one: ONE, many: tableOf(COLUMNS, ROWS, 11), none: tableOf(COLUMNS, [], 0) };
  const source = withReadAhead(makeFakeSource({ store: place.store, tables, filters: true, ...options }));
  {
    await using parts = makeTestParts(place, source);
    await check((sql) => rowsOf(parts, sql).then((rows) => rows.map(([value]) => value)), source);
  }
  assert.deepEqual(await place.leftovers(), []);
}

const scanRequests = (requests: readonly FederationRequest[]): string[] =>
  requests.map(({ type }) => type).filter((type) => /Layout|Splits|Read/.test(type));

test('one split: its rows come with the layout, inline and spilled', async () => {
  for (const inlineLimit of [undefined, 0])
    await withSource(inlineLimit === undefined ? {} : { inlineLimit }, async (run, { requests }) => {
      assert.deepEqual(await run(SQL), NAMES);
      assert.deepEqual(scanRequests(requests), ['GetTableLayoutRequest']);
    });
});

test('several splits: the first page comes with the layout, the others are asked for', async () => {
  await withSource({}, async (run, { requests }) => {
    assert.deepEqual((await run('SELECT count(*) FROM many')).map(String), ['100']);
    const asked = scanRequests(requests);
    assert.deepEqual(
      ['GetTableLayoutRequest', 'GetSplitsRequest', 'ReadRecordsRequest'].map(
        (type) => asked.filter((one) => one === type).length,
      ),
      [1, 2, 11],
    );
  });
});

test('no split: nothing is read', async () => {
  await withSource({}, async (run, { requests }) => {
    assert.deepEqual(await run('SELECT id FROM none'), []);
    assert.deepEqual(scanRequests(requests), ['GetTableLayoutRequest']);
  });
});

test('EXPLAIN lists splits and reads nothing', async () => {
  await withSource({}, async (run, { requests }) => {
    assert.match((await run(`EXPLAIN ${SQL}`)).join('\n'), /splits: 1$/m);
    assert.deepEqual(scanRequests(requests), ['GetTableLayoutRequest']);
  });
});

test('a failure for the moment is repeated, counted, and its rows come once', async () => {
  let failures = 0;
  const intercept = ({ type }: FederationRequest): undefined => {
    if (type === 'ReadRecordsRequest' && failures++ < 2) throw new ErganeError('FUNCTION_CRASHED', 'provoked');
  };
  await withSource({ intercept }, async (run, { requests }) => {
    const lines = (await run(`EXPLAIN ANALYZE ${SQL}`)).join('\n');
    assert.match(lines, /splits: 1, 1 read/);
    assert.match(lines, /invocations: 1, 0 cold starts, 2 retries/);
    assert.match(lines, /rows: 100/);
    assert.equal(scanRequests(requests).length, 3);
    failures = 0;
    assert.deepEqual(await run(SQL), NAMES);
  });
});

test('a read that fails is the failure of the query, and the engine is as good as new', async () => {
  let armed = true;
  const intercept = ({ type }: FederationRequest): undefined => {
    if (type === 'ReadRecordsRequest' && armed)
      throw new ErganeError('SOURCE_DATA_INVALID', 'row 7 is broken', { where: { table: 'one' } });
  };
  await withSource({ intercept }, async (run) => {
    await assert.rejects(run(SQL), { code: 'SOURCE_DATA_INVALID', message: /row 7 is broken/ });
    armed = false;
    assert.deepEqual(await run(SQL), NAMES);
  });
});

test('a dynamic filter narrows what is read ahead', async () => {
  await withSource({}, async (run, { requests }) => {
    const sql = "SELECT m.name FROM one o JOIN many m ON m.id = o.id WHERE o.name = 'the name of row 42'";
    assert.deepEqual(await run(sql), ['the name of row 42']);
    const layouts = requests.filter((request) => request.type === 'GetTableLayoutRequest');
    assert.equal(layouts.length, 2);
  });
});
