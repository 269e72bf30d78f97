import { ErganeError } from '@ergane/protocol';
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import test from 'node:test';
import { startFunctionHost, type LogLine } from '../src/index.ts';
import { behaviour, callFunction, isAlive, numberOf, waitUntil } from './functions-for-tests.ts';

test('reserved concurrency bounds the environments; more invocations wait and all are served', async () => {
  await using host = await startFunctionHost({ functions: [behaviour({ reservedConcurrency: 2 })] });
  const calls = Array.from({ length: 20 }, () => callFunction(host, { do: 'pid' }));
  assert.equal(host.stats()[0]?.queued, 20);
  const pids = new Set((await Promise.all(calls)).map((answer) => numberOf(answer, 'pid')));
  assert(pids.size <= 2);
  assert.equal(host.stats()[0]?.coldStarts, 2);
});

test('groups take turns: one invocation of another group does not wait for a long queue', async () => {
  await using host = await startFunctionHost({ functions: [behaviour({ reservedConcurrency: 1 })] });
  const order: string[] = [];
  const call = async (group: string) => {
    await callFunction(host, { do: 'echo' }, { group });
    order.push(group);
  };
  await Promise.all([...Array.from({ length: 10 }, () => call('long')), call('short')]);
  assert.equal(order.indexOf('short'), 1);
});

test('one invocation at a time in an environment, and as many at once as there are environments', async () => {
  await using host = await startFunctionHost({ functions: [behaviour({ reservedConcurrency: 3 })] });
  const abort = new AbortController();
  const calls = [1, 2, 3].map(() => callFunction(host, { do: 'cancellable' }, { signal: abort.signal }));
  await waitUntil(() => host.stats()[0]?.running === 3);
  assert.equal(new Set(host.stats()[0]?.pids).size, 3);
  abort.abort();
  for (const call of calls) await assert.rejects(call, { code: 'QUERY_CANCELLED' });
});

test('the most recently used environment is used first, and the idle ones end', async () => {
  const functions = [behaviour({ reservedConcurrency: 3, idleSeconds: 0.5 })];
  await using host = await startFunctionHost({ functions });
  await Promise.all([1, 2, 3].map(() => callFunction(host, { do: 'sleep', ms: 100 })));
  await waitUntil(() => host.stats()[0]?.idle === 3);
  const last = numberOf(await callFunction(host, { do: 'pid' }), 'pid');
  await waitUntil(() => host.stats()[0]?.idle === 3);
  assert.equal(numberOf(await callFunction(host, { do: 'pid' }), 'pid'), last);
  const pids = host.stats()[0]?.pids ?? [];
  assert.equal(pids.length, 3);
  await waitUntil(() => host.stats()[0]?.pids.length === 0);
  await waitUntil(() => pids.every((pid) => !isAlive(pid)));
});

test('provisioned environments start ahead of work, are replaced and do not end for being idle', async () => {
  const functions = [behaviour({ provisionedConcurrency: 2, reservedConcurrency: 3, idleSeconds: 0 })];
  await using host = await startFunctionHost({ functions });
  await waitUntil(() => host.stats()[0]?.idle === 2);
  const environment = await callFunction(host, { do: 'environment' });
  assert.equal(Reflect.get(Object(environment), 'AWS_LAMBDA_INITIALIZATION_TYPE'), 'provisioned-concurrency');
  await Promise.all([1, 2, 3].map(() => callFunction(host, { do: 'sleep', ms: 100 })));
  await waitUntil(() => host.stats()[0]?.idle === 2 && host.stats()[0]?.pids.length === 2);
});

test('an invocation that waits can be cancelled, and is then not run', async () => {
  await using host = await startFunctionHost({ functions: [behaviour({ reservedConcurrency: 1 })] });
  const abort = new AbortController();
  const running = callFunction(host, { do: 'sleep', ms: 300 });
  const waiting = callFunction(host, { do: 'exit', code: 1 }, { signal: abort.signal });
  abort.abort(new Error('no longer wanted'));
  await assert.rejects(waiting, (error) => {
    assert(error instanceof ErganeError && error.cause instanceof Error);
    assert.equal(error.code, 'QUERY_CANCELLED');
    assert.equal(error.cause.message, 'no longer wanted');
    return true;
  });
  assert.deepEqual(await running, { slept: 300 });
  assert.equal(numberOf(await callFunction(host, { do: 'pid' }), 'invocations'), 2);
  await assert.rejects(callFunction(host, {}, { signal: AbortSignal.abort() }), { code: 'QUERY_CANCELLED' });
});

test('a full queue throttles', async () => {
  await using host = await startFunctionHost({ functions: [behaviour({ reservedConcurrency: 1, queueLimit: 1 })] });
  const calls = [1, 2, 3].map(() => callFunction(host, { do: 'echo' }));
  const [first, second, third] = await Promise.allSettled(calls);
  assert.equal(first?.status, 'fulfilled');
  assert.equal(second?.status, 'fulfilled');
  assert(third?.status === 'rejected' && third.reason instanceof ErganeError);
  assert.equal(third.reason.code, 'FUNCTION_THROTTLED');
  assert.match(third.reason.message, /function "f" has 1 invocations waiting already/);
});

test('functions are added and removed while the host runs', async () => {
  await using host = await startFunctionHost({ functions: [] });
  await assert.rejects(callFunction(host, {}), {
    code: 'FUNCTION_NOT_CONFIGURED',
    message: /no function is configured/,
  });
  host.addFunction(behaviour());
  const pid = numberOf(await callFunction(host, { do: 'pid' }), 'pid');
  const running = callFunction(host, { do: 'hang' });
  const removed = host.removeFunction('f');
  await assert.rejects(running, { code: 'QUERY_CANCELLED', message: /function "f" was ended/ });
  await removed;
  assert(!isAlive(pid));
  assert.deepEqual(host.listFunctions(), []);
});

test('an idle environment that dies is not given work', async () => {
  await using host = await startFunctionHost({ functions: [behaviour()] });
  const pid = numberOf(await callFunction(host, { do: 'pid' }), 'pid');
  await waitUntil(() => host.stats()[0]?.idle === 1);
  process.kill(pid, 'SIGKILL');
  await waitUntil(() => host.stats()[0]?.pids.length === 0);
  assert.notEqual(numberOf(await callFunction(host, { do: 'pid' }), 'pid'), pid);
});

test('the environment holds what Lambda sets, the own variables and nothing else of the host', async (context) => {
  process.env['ERGANE_TEST_SECRET_OF_THE_HOST'] = 'must not be seen';
  context.after(() => delete process.env['ERGANE_TEST_SECRET_OF_THE_HOST']);
  const functions = [
    behaviour({
      name: 'shop',
      handler: 'index.handler',
      memoryMb: 512,
      directory: '/',
      environment: { AWS_REGION: 'eu-west-1', default: 'mysql://…', AWS_LAMBDA_FUNCTION_NAME: 'other' },
    }),
  ];
  await using host = await startFunctionHost({ functions });
  const environment = Object(await callFunction(host, { do: 'environment' }, { name: 'shop' }));
  const { AWS_LAMBDA_RUNTIME_API, AWS_LAMBDA_LOG_STREAM_NAME, PATH, HOME, TMPDIR, LANG, TZ, ...rest } = environment;
  assert.match(AWS_LAMBDA_RUNTIME_API, /^127\.0\.0\.1:\d+$/);
  assert.match(AWS_LAMBDA_LOG_STREAM_NAME, /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
  assert.equal(PATH, process.env['PATH']);
  assert.equal(HOME, process.env['HOME']);
  assert.equal(TMPDIR, process.env['TMPDIR']);
  assert(LANG && TZ);
  assert.deepEqual(rest, {
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_FUNCTION_NAME: 'shop',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/shop',
    AWS_REGION: 'eu-west-1',
    LAMBDA_TASK_ROOT: '/',
    _HANDLER: 'index.handler',
    default: 'mysql://…',
  });
});

test('log lines carry their request, START, END and REPORT are as Lambda prints them', async () => {
  const lines: LogLine[] = [];
  await using host = await startFunctionHost({
    functions: [behaviour({ memoryMb: 512 })],
    onLog: (line) => lines.push(line),
  });
  const payload = Buffer.from('{"do":"log","lines":["one","zwölf"]}');
  const first = await host.invoke({ functionName: 'f', payload });
  const second = await host.invoke({ functionName: 'f', payload });
  await waitUntil(() => lines.filter(({ stream }) => stream === 'stderr').length === 2);
  for (const { report } of [first, second]) {
    assert(report);
    const own = host.logs('f', { requestId: report.requestId });
    const texts = (stream: string) => own.filter((line) => line.stream === stream).map(({ text }) => text);
    assert.deepEqual(texts('stdout'), ['one', 'zwölf']);
    assert.deepEqual(texts('stderr'), ['to stderr']);
    const [start, end, summary] = texts('platform');
    assert.equal(start, `START RequestId: ${report.requestId} Version: $LATEST`);
    assert.equal(end, `END RequestId: ${report.requestId}`);
    assert.match(summary ?? '', REPORT);
    assert(report.maxMemoryUsedMb > 10 && report.maxMemoryUsedMb < 512);
  }
  assert((first.report?.initDurationMs ?? 0) > 1);
  assert.equal(second.report?.initDurationMs, undefined);
  assert.deepEqual(lines, host.logs('f'));
});

const REPORT = new RegExp(
  [
    '^REPORT RequestId: [0-9a-f-]{36}',
    'Duration: \\d+\\.\\d\\d ms',
    'Billed Duration: \\d+ ms',
    'Memory Size: 512 MB',
    'Max Memory Used: \\d+ MB(\\tInit Duration: \\d+\\.\\d\\d ms)?\\t$',
  ].join('\\t'),
);

test('a thousand invocations leave no listener, and the signal of a query may serve them all', async () => {
  await using host = await startFunctionHost({ functions: [behaviour({ reservedConcurrency: 2 })] });
  const { signal } = new AbortController();
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  const sockets = () => process.getActiveResourcesInfo().filter((name) => /TCP|Pipe|Timeout/.test(name)).length;
  const work = async (count: number) => {
    for (let index = 0; index < count; index++) await callFunction(host, { do: 'polls' }, { signal });
  };
  await Promise.all([work(50), work(50)]);
  await waitUntil(() => host.stats()[0]?.idle === 2);
  const before = sockets();
  await Promise.all([work(450), work(450)]);
  await waitUntil(() => host.stats()[0]?.idle === 2);
  // timers and keep-alive sockets come and go by a few; a leak would be of hundreds
  await waitUntil(() => sockets() <= before + 10);
  process.off('warning', onWarning);
  assert.deepEqual(warnings, []);
  assert.equal(host.stats()[0]?.coldStarts, 2);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});
