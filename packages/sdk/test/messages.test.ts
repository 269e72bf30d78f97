import assert from 'node:assert/strict';
import test from 'node:test';
import { EXTENSIONS, makeRanges, makeValues } from '@ergane/protocol';
import type { GetTableResponse } from '@ergane/protocol';
import { Bool, DateDay, Decimal, Field, Int32, Int64, Schema, Utf8 } from 'apache-arrow';
import fc from 'fast-check';
import type { Partition } from '../src/index.ts';
import { failsWith, plainRows } from '../src/testing/index.ts';
import { openClient } from './connector-client.ts';
import { makeRowsConnector } from './rows-connector.ts';

const schema = new Schema([new Field('n', new Int32(), true)]);
const TABLE = { schemaName: 'Main', tableName: 't' };
const connectorWith = (more: Parameters<typeof makeRowsConnector>[1]) =>
  makeRowsConnector({ t: { schema, rows: [[1]] } }, more);

test('70,000 splits come in pages below 6 MB, each once, with its own place to spill to and its own key', async () => {
  const count = 70_000;
  await using opened = await openClient(
    connectorWith({
      async *splits() {
        for (let index = 0; index < count; index++) yield { index: String(index) };
      },
    }),
  );
  const splits = await opened.client.splits(await opened.client.getTable(TABLE));
  assert.deepEqual(
    splits.map((split) => Number(split.properties['index'])),
    Array.from({ length: count }, (_, index) => index),
  );
  assert.equal(new Set(splits.map((split) => split.spillLocation?.key)).size, count);
  assert.equal(new Set(splits.map((split) => Buffer.from(split.encryptionKey?.key ?? []).toString('hex'))).size, count);
});

test('splits that change between two pages are an error, not lost or repeated rows', async () => {
  let call = 0;
  await using opened = await openClient(
    connectorWith({
      *splits() {
        call++;
        for (let index = 0; index < 20_000; index++) yield { index: String(index * call) };
      },
    }),
  );
  const table = await opened.client.getTable(TABLE);
  await assert.rejects(opened.client.splits(table), failsWith(['SOURCE_CHANGED'], { mentions: ['f.Main.t'] }));
});

test('partitions: values of every type go to the block and back, those that the query does not want are left out', async () => {
  const partitioned = new Schema([
    ...schema.fields,
    new Field('day', new DateDay(), true),
    new Field('price', new Decimal(2, 12), true),
    new Field('big', new Int64(), true),
    new Field('name', new Utf8(), true),
    new Field('flag', new Bool(), true),
  ]);
  const partitions: Partition[] = [
    { values: { day: '2024-02-29', price: '12.50', big: 2n ** 60n, name: 'a', flag: true }, properties: { file: '1' } },
    { values: { day: '1969-12-31', price: '-0.05', big: -1n, name: '', flag: false }, properties: { file: '2' } },
    { values: { day: null, name: null } },
  ];
  let given: readonly Partition[] = [];
  const connector = makeRowsConnector(
    { t: { schema: partitioned, rows: [], partitionColumns: ['day', 'price', 'big', 'name', 'flag'] } },
    {
      layout: () => partitions,
      *splits(_context, request) {
        given = request.partitions;
        assert.equal(request.schema.fields.length, 6);
        for (const partition of request.partitions) yield partition.properties ?? {};
      },
    },
  );
  await using opened = await openClient(connector);
  const table = await opened.client.getTable(TABLE);
  await opened.client.splits(table);
  assert.deepEqual(given, [
    partitions[0],
    partitions[1],
    { values: { day: null, price: null, big: null, name: null, flag: null } },
  ]);
  const price = makeRanges(new Decimal(2, 12), [
    { low: { value: 0n, bound: 'ABOVE' }, high: { value: undefined, bound: 'BELOW' } },
  ]);
  const splits = await opened.client.splits(table, { constraints: { summary: { price } } });
  assert.deepEqual(
    splits.map((split) => ({ ...split.properties })),
    [{ file: '1' }],
  );
  const none = await opened.client.splits(table, { constraints: { summary: { name: makeValues(new Utf8(), ['b']) } } });
  assert.deepEqual(none, []);
});

test('a partition value that is none of its type names the column', async () => {
  const connector = makeRowsConnector(
    { t: { schema, rows: [], partitionColumns: ['n'] } },
    { layout: () => [{ values: { n: 'one' } }] },
  );
  await using opened = await openClient(connector);
  const table = await opened.client.getTable(TABLE);
  await assert.rejects(opened.client.layout(table), failsWith(['FUNCTION_FAILED'], { mentions: ['"n"', 'one'] }));
});

test('without spill_bucket the setting is named', async () => {
  await using opened = await openClient(connectorWith({}));
  const table = await opened.client.getTable(TABLE);
  const partitions = await opened.client.layout(table);
  const identity = { ...opened.client.identity, configOptions: {} };
  const { tableName, partitionColumns } = table;
  const request = { identity, queryId: 'q', catalogName: 'c', tableName, partitions, partitionColumns };
  const constraints = {
    summary: {},
    expression: [],
    orderByClause: [],
    limit: -1,
    queryPassthroughArguments: {},
    queryPlan: null,
  };
  const splits = opened.client.send({ type: 'GetSplitsRequest', ...request, constraints, continuationToken: null });
  await assert.rejects(splits, failsWith(['CONFIG_INVALID'], { mentions: ['spill_bucket'] }));
});

test('extensions are used only when they are announced', async () => {
  const connector = connectorWith({
    explain: (_context, request) => ({
      nativeQuery: `select ${request.schema.fields.map((field) => field.name).join()}`,
    }),
    async *read(context, request) {
      for await (const batch of makeRowsConnector({ t: { schema, rows: [[1]] } }).definition.read(context, request))
        yield { ...batch, rowsRead: 7, statistics: { consumedCapacity: 2 }, notes: ['a note'] };
    },
  });
  const members = async (table: GetTableResponse, { client }: Awaited<ReturnType<typeof openClient>>) => {
    const [split] = await client.splits(table);
    assert.ok(split);
    const inline = (await client.readSplit(table, split)).response.extra ?? {};
    const remote = (await client.readSplit(table, split, { maxInlineBlockSize: 0n })).response.extra ?? {};
    return { table: table.extra ?? {}, inline, remote };
  };
  await using silent = await openClient(connector);
  const none = await members(await silent.client.getTable(TABLE), silent);
  assert.deepEqual(none, { table: {}, inline: {}, remote: {} });
  await using told = await openClient(connector, {
    announce: ['statistics', 'readStatistics', 'explain', 'blockNonces'],
  });
  const all = await members(await told.client.getTable(TABLE), told);
  assert.deepEqual(all.table, { statistics: { rowCount: 1 } });
  const counters = { rowsRead: 7, rowsReturned: 1, consumedCapacity: 2, notes: ['a note'] };
  assert.deepEqual(all.inline, { readStatistics: { ...counters, spilledBytes: 0 } });
  const { nonces, readStatistics } = all.remote;
  assert.ok(Array.isArray(nonces) && nonces.length === 1);
  assert.ok(typeof readStatistics === 'object' && readStatistics !== null && 'spilledBytes' in readStatistics);
  assert.ok(Number(readStatistics.spilledBytes) > 0);
  assert.equal(EXTENSIONS.explain, 'ergane.explain');
});

test('native queries: declared, described, verified, read as one split', async () => {
  const connector = connectorWith({
    passthrough: {
      schema: 'system',
      name: 'query',
      arguments: ['QUERY'],
      describe: (_context, args) => Promise.resolve(new Schema([new Field(args['QUERY'] ?? '', new Int32(), true)])),
    },
    async *read(context, request) {
      assert.equal(request.constraints.queryPassthroughArguments['QUERY'], 'answer');
      assert.equal(request.split['QUERY'], 'answer');
      yield* makeRowsConnector({ query: { schema: request.schema, rows: [[42]] } }).definition.read(context, {
        ...request,
        split: { from: '0', to: '1' },
      });
    },
  });
  await using opened = await openClient(connector);
  assert.deepEqual(
    (await opened.client.capabilities())['SYSTEM.QUERY']?.map((entry) => [...entry.properties]),
    [['system'], ['query'], ['QUERY']],
  );
  const name = { schemaName: 'system', tableName: 'query' };
  const args = { schemaFunctionName: 'system.Query', QUERY: 'answer' };
  const table = await opened.client.getTable(name, args);
  const batches = await opened.client.readTable(table, { constraints: { queryPassthroughArguments: args } });
  assert.deepEqual(batches.flatMap(plainRows), [[42]]);
  const empty = opened.client.getTable(name, { ...args, QUERY: ' ' });
  await assert.rejects(empty, failsWith(['INVALID_FUNCTION_ARGUMENT'], { mentions: ['QUERY'] }));
  const other = opened.client.getTable(name, { ...args, schemaFunctionName: 'SYSTEM.OTHER' });
  await assert.rejects(other, failsWith(['NOT_SUPPORTED'], { mentions: ['SYSTEM.QUERY'] }));
  await using without = await openClient(connectorWith({}));
  await assert.rejects(
    without.client.getTable(name, args),
    failsWith(['NOT_SUPPORTED'], { mentions: ['no native queries'] }),
  );
});

test('user-defined functions: a result a row, by lower-case name', async () => {
  const twice = (values: readonly unknown[][]) =>
    values.map(([value]) => (typeof value === 'number' ? value * 2 : null));
  const connector = connectorWith({ functions: { twice: (batch) => twice(plainRows(batch)), short: () => [] } });
  await using opened = await openClient(connector);
  const table = await opened.client.getTable(TABLE);
  const [batch] = await opened.client.readTable(table);
  assert.ok(batch);
  const call = (methodName: string) =>
    opened.client.send({
      type: 'UserDefinedFunctionRequest',
      identity: opened.client.identity,
      inputRecords: { schema, batch },
      outputSchema: schema,
      methodName,
      functionType: 'SCALAR',
    });
  const answer = await call('TWICE');
  assert.equal(answer.type, 'UserDefinedFunctionResponse');
  assert.deepEqual(answer.type === 'UserDefinedFunctionResponse' && plainRows(answer.records.batch), [[2]]);
  await assert.rejects(call('short'), failsWith(['FUNCTION_FAILED'], { mentions: ['0 results for 1 rows'] }));
  await assert.rejects(call('nothing'), failsWith(['FUNCTION_NOT_FOUND'], { mentions: ['nothing'] }));
});

test('garbage is told to be garbage, whatever it is', async () => {
  await using opened = await openClient(connectorWith({}));
  const types = fc.constantFrom('PingRequest', 'GetTableRequest', 'GetSplitsRequest', 'ReadRecordsRequest', 'Nonsense');
  const garbage = fc.oneof(
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .record({ '@type': types, identity: fc.jsonValue(), queryId: fc.jsonValue() })
      .map((value) => Buffer.from(JSON.stringify(value))),
  );
  await fc.assert(
    fc.asyncProperty(garbage, async (payload) => {
      const { payload: answer, functionError } = await opened.invoker.invoke({ functionName: 'f', payload });
      assert.equal(functionError, 'Unhandled');
      assert.match(Buffer.from(answer).toString(), /ergane\.PROTOCOL_INVALID/);
    }),
    { numRuns: 300 },
  );
});
