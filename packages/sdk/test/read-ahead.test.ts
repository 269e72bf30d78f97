import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ErganeError, EXTENSIONS, NO_CONSTRAINTS, printReadAheadRequest } from '@ergane/protocol';
import type { FederationRequest } from '@ergane/protocol';
import { Field, Int32, Schema, Utf8 } from 'apache-arrow';
import { failsWith, plainRows } from '../src/testing/index.ts';
import { openClient } from './connector-client.ts';
import { makeRowsConnector } from './rows-connector.ts';

const schema = new Schema([new Field('n', new Int32(), true), new Field('text', new Utf8(), true)]);
const ROWS = Array.from({ length: 10 }, (_, n) => [n, `row ${n}`] as const);
const TABLE = { schemaName: 'Main', tableName: 't' };
const connectorWith = (more: Parameters<typeof makeRowsConnector>[1] = {}) =>
  makeRowsConnector({ t: { schema, rows: ROWS } }, more);

test('who did not announce it sees nothing of it', async () => {
  await using opened = await openClient(connectorWith());
  const { client } = opened;
  assert.equal((await client.ping()).extra, undefined);
  const { identity } = client;
  const { tableName, partitionColumns } = await client.getTable(TABLE);
  const caller = { identity, queryId: 'q', catalogName: 'f', tableName, schema, partitionColumns };
  const request: FederationRequest = { type: 'GetTableLayoutRequest', ...caller, constraints: NO_CONSTRAINTS };
  assert.equal((await client.send(request)).extra, undefined);
  const configOptions = { ...identity.configOptions, [EXTENSIONS.readAhead]: '0' };
  assert.equal((await client.send({ ...request, identity: { ...identity, configOptions } })).extra, undefined);
});

test('one split: its rows come along, in the columns that were asked for, as three calls would give them', async () => {
  await using opened = await openClient(connectorWith(), { announce: ['readAhead'] });
  const { client } = opened;
  assert.deepEqual((await client.ping()).extra, { readAhead: true });
  const table = await client.getTable(TABLE);
  const { splits, records, continuationToken, partitions } = await client.layoutAhead(table, { columns: ['text'] });
  assert.deepEqual([splits.length, continuationToken, partitions.batch.numRows], [1, null, 1]);
  assert.deepEqual(
    records?.batches.flatMap(plainRows),
    ROWS.map(([, text]) => [text]),
  );
});

test('several splits: no rows; the pages after the first are asked for with the layout’s partitions', async () => {
  const count = 20_000;
  const connector = connectorWith({
    *splits() {
      for (let index = 0; index < count; index++) yield { index: String(index) };
    },
  });
  await using opened = await openClient(connector, { announce: ['readAhead'] });
  const { client } = opened;
  const table = await client.getTable(TABLE);
  const { tableName, partitionColumns } = table;
  const first = await client.layoutAhead(table);
  assert.equal(first.records, undefined);
  const found = [...first.splits];
  for (let continuationToken = first.continuationToken; continuationToken !== null;) {
    const page = await client.send({
      type: 'GetSplitsRequest',
      identity: client.identity,
      queryId: 'q',
      catalogName: 'f',
      tableName,
      partitions: first.partitions,
      partitionColumns,
      constraints: NO_CONSTRAINTS,
      continuationToken,
    });
    assert.equal(page.type, 'GetSplitsResponse');
    if (page.type !== 'GetSplitsResponse') return;
    found.push(...page.splits);
    ({ continuationToken } = page);
  }
  assert.deepEqual(
    found.map((split) => Number(split.properties['index'])),
    Array.from({ length: count }, (_, index) => index),
  );
});

test('no partition: no split, and the connector is not asked for any', async () => {
  let asked = 0;
  const connector = connectorWith({
    layout: () => [],
    *splits() {
      asked++;
      yield {};
    },
  });
  await using opened = await openClient(connector, { announce: ['readAhead'] });
  const { partitions, splits, records } = await opened.client.layoutAhead(await opened.client.getTable(TABLE));
  assert.deepEqual([partitions.batch.numRows, splits.length, records, asked], [0, 0, undefined, 0]);
});

test('what is too large for one answer is spilled, and deleted when the read fails', async () => {
  const cell = 'x'.repeat(500_000);
  const rows = Array.from({ length: 10 }, (_, n) => [n, cell]);
  let fails = false;
  const large = makeRowsConnector({ t: { schema, rows } });
  const { definition } = large;
  const connector = makeRowsConnector(
    { t: { schema, rows } },
    {
      async *read(context, request) {
        yield* definition.read(context, request);
        if (fails) throw new ErganeError('SOURCE_DATA_INVALID', 'row 11 is broken');
      },
    },
  );
  await using opened = await openClient(connector, { announce: ['readAhead'] });
  const { client } = opened;
  const table = await client.getTable(TABLE);
  const { records } = await client.layoutAhead(table, { maxInlineBlockSize: 100_000n, maxBlockSize: 1_000_000n });
  assert.equal(records?.response.type, 'RemoteReadRecordsResponse');
  assert.equal(records.batches.flatMap(plainRows).length, 10);
  const spilled = (await opened.listSpill()).length;
  fails = true;
  const failing = client.layoutAhead(table, { maxInlineBlockSize: 100_000n, maxBlockSize: 1_000_000n });
  await assert.rejects(failing, failsWith(['SOURCE_DATA_INVALID'], { mentions: ['row 11 is broken'] }));
  assert.equal((await opened.listSpill()).length, spilled);
});

test('a read that runs out of its budget is continued from where it stopped', async () => {
  await using opened = await openClient(connectorWith(), {
    announce: ['readAhead', 'continuation'],
    environment: { ergane_max_spilled_bytes: '1' },
  });
  const { client } = opened;
  const table = await client.getTable(TABLE);
  const { records } = await client.layoutAhead(table);
  assert.notEqual(records?.continuation, undefined);
  assert.deepEqual(
    (await client.readTable(table)).flatMap(plainRows),
    ROWS.map((row) => [...row]),
  );
});

test('when planning took much of the time, the read gets an invocation of its own', async () => {
  const connector = connectorWith({
    async *layout(context) {
      const before = context.remainingTimeMs();
      while (context.remainingTimeMs() > before * 0.85) await wait(10);
      yield {};
    },
  });
  await using opened = await openClient(connector, { announce: ['readAhead'], timeoutMs: 4000 });
  const { splits, records } = await opened.client.layoutAhead(await opened.client.getTable(TABLE));
  assert.deepEqual([splits.length, records], [1, undefined]);
});

test('an announcement that cannot be read is an error that names it', async () => {
  await using opened = await openClient(connectorWith(), { announce: ['readAhead'] });
  const { client } = opened;
  const { tableName, partitionColumns } = await client.getTable(TABLE);
  const asked = printReadAheadRequest({ columns: ['n'], maxBlockSize: 1n, maxInlineBlockSize: 1n }).slice(0, -1);
  const configOptions = { ...client.identity.configOptions, [EXTENSIONS.readAhead]: asked };
  const identity = { ...client.identity, configOptions };
  const caller = { identity, queryId: 'q', catalogName: 'f', tableName, schema, partitionColumns };
  const sent = client.send({ type: 'GetTableLayoutRequest', ...caller, constraints: NO_CONSTRAINTS });
  await assert.rejects(sent, failsWith(['PROTOCOL_INVALID'], { mentions: ['ergane.readAhead'] }));
});
