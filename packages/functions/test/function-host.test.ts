import assert from 'node:assert/strict';
import test from 'node:test';
import { startFunctionHost } from '../src/index.ts';
import { behaviour, callFunction, numberOf } from './functions-for-tests.ts';

test('a function answers, and its environment is used again', async () => {
  await using host = await startFunctionHost({ functions: [behaviour()] });
  assert.deepEqual(await callFunction(host, { do: 'echo', text: 'grüße' }), { do: 'echo', text: 'grüße' });
  const pids = new Set<number>();
  for (let count = 2; count < 7; count++) {
    const answer = await callFunction(host, { do: 'pid' });
    assert.equal(numberOf(answer, 'invocations'), count);
    pids.add(numberOf(answer, 'pid'));
  }
  assert.equal(pids.size, 1);
  const [stats] = host.stats();
  assert.equal(stats?.invocations, 6);
  assert.equal(stats?.coldStarts, 1);
  assert.equal(stats?.failures, 0);
});
