import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { Field, Int32, Int64, Schema, Utf8 } from 'apache-arrow';
import { makeBatchWriter } from '../src/index.ts';
import type { ReadBatch } from '../src/index.ts';
import { failsWith, plainRows, readRows } from '../src/testing/index.ts';
import { openClient } from './connector-client.ts';
import { makeRowsConnector } from './rows-connector.ts';

const schema = new Schema([new Field('n', new Int32(), true), new Field('s', new Utf8(), true)]);
const rows = Array.from({ length: 5000 }, (_, index) => [index, `row ${index} ${'x'.repeat(50)}`]);
const TABLE = { schemaName: 'Main', tableName: 't' };
const SPILLED = { maxInlineBlockSize: 0n, maxBlockSize: 20_000n };

function batchOf(values: readonly (readonly unknown[])[], of: Schema = schema): ReadBatch {
  const writer = makeBatchWriter(of, { rows: values.length });
  for (const row of values) writer.appendRow(row);
  return { batch: writer.finish() };
}

async function openTable(
  more: Parameters<typeof makeRowsConnector>[1] = {},
  host: Parameters<typeof openClient>[1] = {},
) {
  const connector = makeRowsConnector({ t: { schema, rows } }, { splitRows: 5000, batchRows: 100, ...more });
  const opened = await openClient(connector, host);
  const table = await opened.client.getTable(TABLE);
  const [split] = await opened.client.splits(table);
  assert.ok(split);
  return { ...opened, table, split };
}

test('a file stands where the spill folder should be: the error says so and what to do', async () => {
  await using opened = await openTable();
  await writeFile(path.join(opened.folder, 'spill'), '');
  const read = opened.client.readSplit(opened.table, opened.split, SPILLED);
  await assert.rejects(
    read,
    failsWith(['SPILL_FAILED'], { mentions: ['spill', 'a file stands where a folder is needed'] }),
  );
});

test('an upload that fails in the middle: the blocks before it are deleted', async () => {
  await using opened = await openTable();
  // a folder stands where the fourth block would be
  await mkdir(path.join(opened.folder, 'spill', `${opened.split.spillLocation?.key ?? ''}.3`, 'x'), {
    recursive: true,
  });
  const read = opened.client.readSplit(opened.table, opened.split, SPILLED);
  await assert.rejects(read, failsWith(['SPILL_FAILED']));
  assert.deepEqual(await opened.listSpill(), []);
});

test('a source that fails in the middle: its error arrives without the password, and no spill stays', async () => {
  const environment = { default: 'mysql://app:s3cr%20et@db/shop', ERGANE_SECRET_TOKEN: 'tokentoken' };
  await using opened = await openTable(
    {
      async *read() {
        for (let index = 0; index < 20; index++) yield batchOf(rows.slice(index * 100, index * 100 + 100));
        throw new Error('access denied for app using s3cr et (mysql://app:s3cr%20et@db/shop) with tokentoken');
      },
    },
    { environment },
  );
  const read = opened.client.readSplit(opened.table, opened.split, SPILLED);
  const secrets = ['s3cr et', 's3cr%20et', 'tokentoken'];
  await assert.rejects(read, failsWith(['FUNCTION_FAILED'], { mentions: ['function f', 'access denied'], secrets }));
  assert.deepEqual(await opened.listSpill(), []);
});

/** A read that gives one batch and then nothing any more, whatever is asked of it. */
async function* stuckRead(): AsyncGenerator<ReadBatch> {
  yield batchOf(rows.slice(0, 100));
  await new Promise(() => undefined);
}

test('the deadline ends a read whose source is stuck, with what to change', async () => {
  await using opened = await openTable({ read: stuckRead }, { timeoutMs: 400 });
  const read = opened.client.readSplit(opened.table, opened.split, SPILLED);
  await assert.rejects(read, failsWith(['SPLIT_TOO_LARGE'], { mentions: ['time-out', 'function f'] }));
  assert.deepEqual(await opened.listSpill(), []);
});

test('short of memory: an announced continuation goes on where it was, without one the error says what to raise', async () => {
  await using continued = await openTable({}, { memoryLimitMb: 1, announce: ['continuation'] });
  assert.equal((await readRows(continued.client, continued.table)).length, rows.length);
  const answer = await continued.client.readSplit(continued.table, continued.split);
  assert.equal(answer.continuation?.properties['from'], '100');
  await using failing = await openTable({}, { memoryLimitMb: 1 });
  const read = failing.client.readSplit(failing.table, failing.split);
  await assert.rejects(read, failsWith(['SPLIT_TOO_LARGE'], { mentions: ["function's memory"] }));
});

test('batches of another schema are refused with the column', async () => {
  const wrong = new Schema([new Field('n', new Int64(), true), new Field('s', new Utf8(), true)]);
  await using types = await openTable({
    async *read() {
      yield batchOf([[1n, 'x']], wrong);
    },
  });
  const mentions = ['"n"', 'Int64', 'Int32'];
  await assert.rejects(types.client.readSplit(types.table, types.split), failsWith(['FUNCTION_FAILED'], { mentions }));
  await using fewer = await openTable({
    async *read() {
      yield batchOf([[1]], new Schema(schema.fields.slice(0, 1)));
    },
  });
  await assert.rejects(
    fewer.client.readSplit(fewer.table, fewer.split),
    failsWith(['FUNCTION_FAILED'], { mentions: ['1 columns'] }),
  );
});

test('a limit ends the read at the source', async () => {
  let ended = false;
  let batches = 0;
  await using opened = await openTable({
    async *read() {
      try {
        for (;;) {
          batches++;
          yield batchOf(rows.slice(0, 100));
        }
      } finally {
        ended = true;
      }
    },
  });
  const { batches: found } = await opened.client.readSplit(opened.table, opened.split, { constraints: { limit: 250 } });
  assert.equal(found.flatMap(plainRows).length, 250);
  assert.equal(batches, 3);
  assert.equal(ended, true);
});

test('a table of 10,000 columns: described, divided, read inline and spilled', async () => {
  const wide = new Schema(
    Array.from(
      { length: 10_000 },
      (_, index) => new Field(`column ${index}`, index % 2 ? new Int64() : new Utf8(), true),
    ),
  );
  const cells = wide.fields.map((_, index) => (index % 2 ? BigInt(index) : `v${index}`));
  await using opened = await openClient(
    makeRowsConnector({ t: { schema: wide, rows: [cells, cells.map(() => null)] } }),
  );
  const table = await opened.client.getTable(TABLE);
  assert.equal(table.schema.fields.length, 10_000);
  for (const maxInlineBlockSize of [0n, 4_000_000n]) {
    const [batch] = await opened.client.readTable(table, { maxInlineBlockSize });
    assert.ok(batch);
    assert.deepEqual(plainRows(batch), [cells, cells.map(() => null)]);
  }
});

test('rows that would fit inline are spilled when the schema makes the answer too large for Lambda', async () => {
  const names = Array.from({ length: 2000 }, (_, index) => `${'a long name of a column '.repeat(20)}${index}`);
  const wide = new Schema(names.map((name) => new Field(name, new Int64(), true)));
  const cells = names.map((_, index) => BigInt(index));
  const many = Array.from({ length: 260 }, () => cells);
  const connector = makeRowsConnector({ t: { schema: wide, rows: many } }, { splitRows: 260, batchRows: 130 });
  await using opened = await openClient(connector);
  const table = await opened.client.getTable(TABLE);
  const [split] = await opened.client.splits(table);
  assert.ok(split);
  const { response, batches } = await opened.client.readSplit(table, split, { maxInlineBlockSize: 5_000_000n });
  assert.equal(response.type, 'RemoteReadRecordsResponse');
  const found = batches.flatMap(plainRows);
  assert.equal(found.length, 260);
  assert.deepEqual(found.at(-1), cells);
});

test('a cell of 100 MB is spilled and read back', async () => {
  const text = 'é'.repeat(50_000_000);
  await using opened = await openClient(
    makeRowsConnector({
      t: {
        schema,
        rows: [
          [1, 'small'],
          [2, text],
          [3, 'small'],
        ],
      },
    }),
  );
  const found = (await opened.client.readTable(await opened.client.getTable(TABLE))).flatMap(plainRows);
  assert.deepEqual(
    found.map(([n, s]) => [n, s === text || s]),
    [
      [1, 'small'],
      [2, true],
      [3, 'small'],
    ],
  );
});
