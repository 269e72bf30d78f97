import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { startFunctionHost } from '@ergane/functions';
import { decodeResponse, encodeRequest } from '@ergane/protocol';
import type { PingRequest } from '@ergane/protocol';
import { openStore } from '@ergane/storage';
import { makeTemporaryFolder } from '@ergane/testing';
import { Field, Int32, Schema } from 'apache-arrow';
import { inProcessInvoker } from '../src/hosts/in-process.ts';
import { lambdaHandler } from '../src/hosts/lambda.ts';
import { serveRuntime } from '../src/hosts/runtime.ts';
import { failsWith, makeFunctionClient, readRows } from '../src/testing/index.ts';
import { makeRowsConnector } from './rows-connector.ts';

const fixture = fileURLToPath(new URL('./fixtures/serve-connector.ts', import.meta.url));
const PING: PingRequest = {
  type: 'PingRequest',
  identity: { account: '', arn: '', tags: {}, groups: [], configOptions: {} },
  catalogName: 'c',
  queryId: 'q',
};

test('Runtime API: metadata, reads, errors with code and place, cancellation to the source; the instance stays', async () => {
  await using folder = await makeTemporaryFolder();
  const logged = new EventEmitter();
  await using host = await startFunctionHost({
    functions: [
      {
        name: 'rows',
        command: [process.execPath, '--conditions=source', '--import', 'tsx', fixture],
        environment: { ergane_spill_store: folder.path },
        reservedConcurrency: 1,
        cancellationSeconds: 600,
        initSeconds: 60,
      },
    ],
    onLog: ({ text }) => void logged.emit(text),
  });
  const store = openStore(folder.path);
  const client = makeFunctionClient({ invoker: host, functionName: 'rows', store, bucket: 'spill' });
  assert.equal((await client.ping()).sourceType, 'rows');
  const pids = host.stats()[0]?.pids;
  const table = await client.getTable({ schemaName: 'main', tableName: 'NUMBERS' });
  assert.equal(table.tableName.tableName, 'numbers');
  assert.equal((await readRows(client, table, { maxInlineBlockSize: 0n })).length, 100);

  const missing = client.getTable({ schemaName: 'main', tableName: 'nothing' });
  await assert.rejects(missing, failsWith(['TABLE_NOT_FOUND'], { mentions: ['nothing'] }));
  const garbage = await host.invoke({ functionName: 'rows', payload: Buffer.from('{"@type":"Nonsense"}') });
  assert.equal(garbage.functionError, 'Unhandled');
  assert.match(
    Buffer.from(garbage.payload).toString(),
    /ergane\.PROTOCOL_INVALID.*Nonsense|Nonsense.*ergane\.PROTOCOL_INVALID/,
  );

  const endless = await client.getTable({ schemaName: 'main', tableName: 'endless' });
  const [split] = await client.splits(endless);
  assert.ok(split);
  const cancel = new AbortController();
  const reading = once(logged, 'reading');
  const stopped = once(logged, 'cancelled at the source');
  const read = assert.rejects(
    client.readSplit(endless, split, { signal: cancel.signal }),
    failsWith(['QUERY_CANCELLED']),
  );
  await reading;
  cancel.abort();
  await read;
  await stopped;
  assert.equal((await readRows(client, table)).length, 100);
  assert.deepEqual(host.stats()[0]?.pids, pids);
});

test('Runtime API: without a host the setting is named', async () => {
  const connector = makeRowsConnector({});
  await assert.rejects(
    serveRuntime(connector),
    failsWith(['CONFIG_INVALID'], { mentions: ['AWS_LAMBDA_RUNTIME_API'] }),
  );
});

const context = {
  awsRequestId: '1',
  functionName: 'rows',
  memoryLimitInMB: '128',
  getRemainingTimeInMillis: () => 60_000,
};

test("Lambda's Node.js runtime: an event in, an answer out, an error with its type as name", async () => {
  const handler = lambdaHandler(makeRowsConnector({}));
  const event: unknown = JSON.parse(Buffer.from(encodeRequest(PING, 6)).toString());
  const answer = decodeResponse(Buffer.from(JSON.stringify(await handler(event, context))));
  assert.equal(answer.type, 'PingResponse');
  await assert.rejects(handler({ '@type': 'Nonsense' }, context), { name: 'ergane.PROTOCOL_INVALID' });
});

test('in-process: an unknown function, an error as function error, a cancellation', async () => {
  const schema = new Schema([new Field('n', new Int32(), true)]);
  const connector = makeRowsConnector({ numbers: { schema, rows: [[1]] } });
  const invoker = inProcessInvoker({ rows: { connector, environment: {} } });
  const payload = encodeRequest(PING, 6);
  await assert.rejects(invoker.invoke({ functionName: 'toString', payload }), failsWith(['FUNCTION_NOT_CONFIGURED']));
  assert.equal((await invoker.invoke({ functionName: 'rows', payload })).functionError, undefined);
  const failed = await invoker.invoke({ functionName: 'rows', payload: Buffer.from('[') });
  assert.equal(failed.functionError, 'Unhandled');
  const client = makeFunctionClient({ invoker, functionName: 'rows', store: openStore('/nowhere'), bucket: 'spill' });
  const table = await client.getTable({ schemaName: 'Main', tableName: 'numbers' });
  const [split] = await client.splits(table);
  assert.ok(split);
  const read = client.readSplit(table, split, { signal: AbortSignal.abort() });
  await assert.rejects(read, failsWith(['QUERY_CANCELLED']));
});
