import assert from 'node:assert/strict';
import test from 'node:test';
import { startFunctionHost } from '../src/index.ts';
import { behaviour, callFunction, isAlive, numberOf, waitUntil } from './functions-for-tests.ts';

test('a cancelled invocation rejects at once; the function that stops by itself stays warm', async () => {
  const texts: string[] = [];
  const functions = [behaviour({ cancellationSeconds: 600, reservedConcurrency: 1 })];
  await using host = await startFunctionHost({ functions, onLog: ({ text }) => texts.push(text) });
  const pid = numberOf(await callFunction(host, { do: 'pid' }), 'pid');
  const abort = new AbortController();
  const call = callFunction(host, { do: 'cancellable' }, { signal: abort.signal });
  await waitUntil(() => host.stats()[0]?.running === 1);
  abort.abort(new Error('the user pressed Ctrl-C'));
  await assert.rejects(call, { code: 'QUERY_CANCELLED', message: /function "f" was cancelled/ });
  assert.deepEqual(host.stats()[0]?.pids, [pid]);
  assert.equal(numberOf(await callFunction(host, { do: 'pid' }), 'pid'), pid);
  assert(texts.includes('cancellation status 200'));
});

test('a function that does not stop in its grace time is ended, and the next invocation gets a fresh environment', async () => {
  const functions = [behaviour({ cancellationSeconds: 0.1, reservedConcurrency: 1 })];
  await using host = await startFunctionHost({ functions });
  const pid = numberOf(await callFunction(host, { do: 'pid' }), 'pid');
  const abort = new AbortController();
  const call = callFunction(host, { do: 'spin' }, { signal: abort.signal });
  await waitUntil(() => host.stats()[0]?.running === 1);
  abort.abort();
  await assert.rejects(call, { code: 'QUERY_CANCELLED' });
  assert.notEqual(numberOf(await callFunction(host, { do: 'pid' }), 'pid'), pid);
  await waitUntil(() => !isAlive(pid));
});

test('an open poll ends with 204 when the invocation ends otherwise', async () => {
  const texts: string[] = [];
  await using host = await startFunctionHost({ functions: [behaviour()], onLog: ({ text }) => texts.push(text) });
  assert.deepEqual(await callFunction(host, { do: 'polls' }), { polled: true });
  await waitUntil(() => texts.some((text) => text.startsWith('poll ended')));
  assert(texts.includes('poll ended with 204'));
});

test('cancelling after the answer changes nothing', async () => {
  await using host = await startFunctionHost({ functions: [behaviour()] });
  const abort = new AbortController();
  const pid = numberOf(await callFunction(host, { do: 'pid' }, { signal: abort.signal }), 'pid');
  abort.abort();
  assert.equal(numberOf(await callFunction(host, { do: 'pid' }), 'pid'), pid);
});
