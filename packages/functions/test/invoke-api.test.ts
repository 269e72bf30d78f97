import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ErganeError, type ErrorCode, type Invoker } from '@ergane/protocol';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import test from 'node:test';
import { httpInvoker, lambdaInvoker, startFunctionHost, type FunctionConfig, type FunctionHost } from '../src/index.ts';
import { readFunctionName } from '../src/invoke-api.ts';
import { addressOf, closeServer } from '../src/runtime-api.ts';
import { behaviour, callFunction, numberOf, waitUntil } from './functions-for-tests.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

interface Served {
  readonly host: FunctionHost;
  readonly endpoint: string;
}

async function serve(settings: Partial<FunctionConfig> = {}): Promise<Served & AsyncDisposable> {
  const host = await startFunctionHost({ functions: [behaviour(settings)], invokePort: 0 });
  assert(host.invokeEndpoint);
  return { host, endpoint: host.invokeEndpoint, [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() };
}

const INVOKERS: Readonly<Record<string, (endpoint: string) => Invoker & Disposable>> = {
  httpInvoker: (endpoint) => httpInvoker({ endpoint }),
  lambdaInvoker: (endpoint) => lambdaInvoker({ endpoint, region: 'us-east-1', credentials }),
};

const FAILURES: readonly (readonly [Readonly<Record<string, unknown>>, ErrorCode, RegExp])[] = [
  [{ do: 'exit', code: 7 }, 'FUNCTION_CRASHED', /function "f" exited with code 7 during/],
  [{ do: 'hang' }, 'FUNCTION_TIMED_OUT', /function "f" did not answer within 3 s/],
  [{ do: 'hog', megabytes: 500 }, 'FUNCTION_OUT_OF_MEMORY', /function "f" ran out of memory/],
  [{ do: 'garbage' }, 'FUNCTION_RESPONSE_INVALID', /function "f" answered with 16 bytes that are not JSON/],
  [{ do: 'big', bytes: 6_291_457 }, 'FUNCTION_PAYLOAD_TOO_LARGE', /function "f" answered with 6291457 bytes/],
];

for (const [name, makeInvoker] of Object.entries(INVOKERS)) {
  test(`${name}: answers, reports and errors are those of the host`, async () => {
    await using served = await serve({ timeoutSeconds: 3, memoryMb: 200 });
    using invoker = makeInvoker(served.endpoint);
    const payload = Buffer.from('{"do":"echo","text":"grüße"}');
    const cold = await invoker.invoke({ functionName: 'f', payload });
    assert.deepEqual(Buffer.from(cold.payload), payload);
    assert((cold.report?.initDurationMs ?? 0) > 0);
    const warm = await invoker.invoke({ functionName: 'arn:aws:lambda:us-east-1:000000000000:function:f', payload });
    assert(warm.report && warm.report.initDurationMs === undefined && warm.report.memorySizeMb === 200);
    const failed = await invoker.invoke({ functionName: 'f', payload: Buffer.from('{"do":"fail","message":"no"}') });
    assert.equal(failed.functionError, 'Unhandled');
    assert.match(Buffer.from(failed.payload).toString(), /"errorMessage":"no","errorType":"RangeError"/);
    for (const [event, code, message] of FAILURES) {
      await assert.rejects(callFunction(invoker, event), (error) => {
        assert(error instanceof ErganeError);
        assert.equal(error.code, code, error.message);
        assert.match(error.message, message);
        assert.equal(error.where.function, 'f');
        return true;
      });
    }
    await assert.rejects(callFunction(invoker, {}, { name: 'g' }), {
      code: 'FUNCTION_NOT_CONFIGURED',
      message: /function "g".*configured are: f/,
    });
    await assert.rejects(invoker.invoke({ functionName: 'f', payload: Buffer.alloc(6_291_457) }), {
      code: 'FUNCTION_PAYLOAD_TOO_LARGE',
    });
  });

  test(`${name}: the largest payloads pass in both directions`, async () => {
    await using served = await serve({ handler: 'raw' });
    using invoker = makeInvoker(served.endpoint);
    const payload = Buffer.from(`"${'x'.repeat(6_291_454)}"`);
    const result = await invoker.invoke({ functionName: 'f', payload });
    assert(payload.equals(result.payload));
  });

  test(`${name}: a full queue throttles`, async () => {
    await using served = await serve({ reservedConcurrency: 1, queueLimit: 0 });
    using invoker = makeInvoker(served.endpoint);
    const first = callFunction(served.host, { do: 'sleep', ms: 100 });
    await assert.rejects(callFunction(invoker, { do: 'echo' }), { code: 'FUNCTION_THROTTLED' });
    await first;
  });

  test(`${name}: aborting cancels at the host`, async () => {
    await using served = await serve({ reservedConcurrency: 1, cancellationSeconds: 600 });
    using invoker = makeInvoker(served.endpoint);
    const pid = numberOf(await callFunction(invoker, { do: 'pid' }), 'pid');
    const abort = new AbortController();
    const call = callFunction(invoker, { do: 'cancellable' }, { signal: abort.signal });
    await waitUntil(() => served.host.stats()[0]?.running === 1);
    abort.abort();
    await assert.rejects(call, { code: 'QUERY_CANCELLED' });
    assert.equal(numberOf(await callFunction(invoker, { do: 'pid' }), 'pid'), pid);
  });

  test(`${name}: nobody there`, async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://${addressOf(server)}`;
    closeServer(server);
    using invoker = makeInvoker(endpoint);
    await assert.rejects(callFunction(invoker, {}), { code: 'SOURCE_UNREACHABLE', message: new RegExp(endpoint) });
  });
}

test("AWS's own client: Tail, Event, DryRun and exceptions", async () => {
  await using served = await serve();
  const client = new LambdaClient({ endpoint: served.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  const Payload = Buffer.from('{"do":"log","lines":["hello"]}');
  const tail = await client.send(new InvokeCommand({ FunctionName: 'f', Payload, LogType: 'Tail' }));
  assert.equal(tail.StatusCode, 200);
  assert.equal(tail.ExecutedVersion, '$LATEST');
  assert.equal(tail.Payload?.transformToString(), '{"logged":1}');
  assert.match(Buffer.from(tail.LogResult ?? '', 'base64').toString(), /^START .*\nhello\n(.*\n)*END .*\nREPORT /m);
  const event = await client.send(new InvokeCommand({ FunctionName: 'f', Payload, InvocationType: 'Event' }));
  assert.equal(event.StatusCode, 202);
  await waitUntil(() => served.host.stats()[0]?.invocations === 2);
  const dry = await client.send(new InvokeCommand({ FunctionName: 'f', Payload, InvocationType: 'DryRun' }));
  assert.equal(dry.StatusCode, 204);
  await assert.rejects(client.send(new InvokeCommand({ FunctionName: 'nothing' })), {
    name: 'ResourceNotFoundException',
  });
  const notJson = new InvokeCommand({ FunctionName: 'f', Payload: Buffer.from('{') });
  await assert.rejects(client.send(notJson), { name: 'InvalidRequestContentException' });
  const large = new InvokeCommand({ FunctionName: 'f', Payload: Buffer.alloc(6_291_457) });
  await assert.rejects(client.send(large), { name: 'RequestTooLargeException' });
  assert.equal(served.host.stats()[0]?.invocations, 2);
  client.destroy();
});

test('web pages are refused, other paths are not found', async () => {
  await using served = await serve();
  const url = `${served.endpoint}/2015-03-31/functions/f/invocations`;
  const forged = await fetch(url, { method: 'POST', body: '{}', headers: { Origin: 'http://elsewhere' } });
  assert.equal(forged.status, 403);
  assert.equal((await fetch(url)).status, 404);
  assert.equal((await fetch(`${served.endpoint}/`)).status, 404);
  assert.equal(served.host.stats()[0]?.invocations, 0);
});

test('a port that is taken is named', async () => {
  await using served = await serve();
  const port = Number(new URL(served.endpoint).port);
  await assert.rejects(startFunctionHost({ functions: [], invokePort: port }), {
    code: 'CONFIG_INVALID',
    message: new RegExp(`127.0.0.1:${port}`),
  });
});

test('functions are named by name, qualified name, partial and whole ARN', () => {
  for (const text of [
    'f',
    'f:$LATEST',
    '1234:function:f',
    'arn:aws:lambda:eu-west-1:1:function:f',
    'arn:aws:lambda:a:1:function:f:2',
  ]) {
    assert.equal(readFunctionName(text), 'f');
  }
});
