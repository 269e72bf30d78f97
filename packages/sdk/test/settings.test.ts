import assert from 'node:assert/strict';
import test from 'node:test';
import { ErganeError } from '@ergane/protocol';
import { makeBudget } from '../src/budget.ts';
import type { InvocationContext } from '../src/connector.ts';
import { makeSettings, withSecretCache } from '../src/settings.ts';
import { makeThrottle, readThrottleOptions } from '../src/throttle.ts';

const none = () => Promise.resolve(undefined);
const fails = (code: string, ...words: string[]) => {
  return (error: unknown) => {
    assert.ok(error instanceof ErganeError, String(error));
    assert.equal(error.code, code);
    for (const word of words) assert.ok(error.message.includes(word), `${error.message} lacks ${word}`);
    return true;
  };
};

test('settings: secrets of the environment, in any spelling', async () => {
  const environment = {
    plain: 'text with $ and {} and ${',
    one: 'x-${shop/db}-y',
    two: '${Key1}${key-2}',
    ERGANE_SECRET_SHOP_DB: 'hidden',
    ERGANE_SECRET_key1: 'one',
    'ERGANE_SECRET_key-2': 'two',
  };
  const settings = makeSettings(environment, none);
  assert.equal(await settings.get('plain'), environment.plain);
  assert.equal(await settings.get('one'), 'x-hidden-y');
  assert.equal(await settings.get('two'), 'onetwo');
  assert.equal(await settings.get('absent'), undefined);
});

test('settings: a secret of user and password goes where it stands', async () => {
  const environment = {
    userPart: 'mysql://${db}@host/x',
    parameters: 'mysql://jdbc:mysql://host/x?${db}',
    alone: '${db}',
    token: 'Bearer ${json}',
    ERGANE_SECRET_DB: '{"Username":"app@x","PASSWORD":"p:/w"}',
    ERGANE_SECRET_JSON: '{"token":1}',
  };
  const settings = makeSettings(environment, none);
  assert.equal(await settings.get('userPart'), 'mysql://app%40x:p%3A%2Fw@host/x');
  assert.equal(await settings.get('parameters'), 'mysql://jdbc:mysql://host/x?user=app%40x&password=p%3A%2Fw');
  assert.equal(await settings.get('alone'), 'app@x:p:/w');
  assert.equal(await settings.get('token'), 'Bearer {"token":1}');
});

test('settings: a missing secret or setting is named, with what to do', async () => {
  const settings = makeSettings({ default: 'x://${no/such}@h', empty: ' ' }, none);
  await assert.rejects(
    settings.get('default'),
    fails('SECRET_NOT_FOUND', '"no/such"', 'default', 'ERGANE_SECRET_NO_SUCH'),
  );
  await assert.rejects(settings.require('spill_bucket'), fails('CONFIG_INVALID', 'spill_bucket'));
  await assert.rejects(settings.require('empty'), fails('CONFIG_INVALID', 'empty'));
  const broken = makeSettings({ default: '${x}' }, () => Promise.reject(new Error('no route')));
  await assert.rejects(broken.get('default'), fails('SECRET_NOT_FOUND', 'no route', '"x"'));
});

test('settings: secrets are remembered for a minute, failures are not', async () => {
  let now = 0;
  let calls = 0;
  let failing = true;
  const source = withSecretCache(
    (name) => {
      calls++;
      return failing ? Promise.reject(new Error('no route')) : Promise.resolve(`${name} ${calls}`);
    },
    () => now,
  );
  await assert.rejects(source('a'), /no route/);
  failing = false;
  assert.equal(await source('a'), 'a 2');
  now = 59_999;
  assert.equal(await source('a'), 'a 2');
  now = 60_000;
  assert.equal(await source('a'), 'a 3');
});

test('throttle: the delay grows by factor, shrinks by step, with jitter, and is capped', async () => {
  const slept: number[] = [];
  const clock = { sleep: async (ms: number) => void slept.push(ms), random: () => 1 };
  const options = { initialDelayMs: 10, maxDelayMs: 70, decreaseFactor: 0.5, increaseMs: 10 };
  const throttle = makeThrottle(options, clock);
  const signal = new AbortController().signal;
  const how = { signal, remainingTimeMs: () => 1000, isThrottle: (error: unknown) => String(error).includes('slow') };
  let failures = 5;
  const call = async () => {
    if (failures-- > 0) throw new Error('slow down');
    return 'answer';
  };
  assert.equal(await throttle.run(call, how), 'answer');
  assert.deepEqual(slept, [10, 20, 40, 70, 70]);
  assert.equal(throttle.delayMs, 60);
  const half = makeThrottle(options, { ...clock, random: () => 0 });
  slept.length = 0;
  failures = 1;
  await half.run(call, how);
  assert.deepEqual(slept, [5]);
  await assert.rejects(
    throttle.run(() => Promise.reject(new Error('syntax')), how),
    /syntax/,
  );
});

test('throttle: gives up when the time is over, and stops when aborted', async () => {
  const clock = { sleep: async () => undefined, random: () => 1 };
  const throttle = makeThrottle(readThrottleOptions({}), clock);
  const call = () => Promise.reject(new Error('slow down'));
  const signal = new AbortController().signal;
  let left = 500;
  const how = { signal, remainingTimeMs: () => (left -= 100), isThrottle: () => true };
  await assert.rejects(throttle.run(call, how), fails('SOURCE_THROTTLED', 'slow down'));
  await assert.rejects(throttle.run(call, { ...how, signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.throws(
    () => readThrottleOptions({ throttle_decrease_factor: '2' }),
    fails('CONFIG_INVALID', 'throttle_decrease_factor'),
  );
});

const invocation = (more: Partial<InvocationContext> = {}): InvocationContext => ({
  requestId: '1',
  functionName: 'f',
  memoryLimitMb: 100,
  deadline: Date.now() + 900_000,
  environment: {},
  signal: new AbortController().signal,
  ...more,
});

test('budget: short of spill, memory and time, in this order, and the last of each', () => {
  const mb = 1024 * 1024;
  using plenty = makeBudget(invocation(), () => 10 * mb);
  assert.equal(plenty.shortage(1e12), undefined);
  assert.equal(plenty.exhaustion(1e12), undefined);
  using little = makeBudget(invocation(), () => 86 * mb);
  assert.equal(little.shortage(0), 'memory');
  assert.equal(little.exhaustion(0), undefined);
  using full = makeBudget(invocation(), () => 98 * mb);
  assert.equal(full.exhaustion(0), 'memory');
  using unlimited = makeBudget(invocation({ memoryLimitMb: Infinity }), () => 1e15);
  assert.equal(unlimited.shortage(0), undefined);
  using spill = makeBudget(invocation({ environment: { ergane_max_spilled_bytes: '1000' } }), () => 0);
  assert.equal(spill.shortage(999), undefined);
  assert.equal(spill.shortage(1000), 'spill');
  assert.equal(spill.exhaustion(1000), undefined);
  assert.equal(spill.exhaustion(1001), 'spill');
  assert.equal(spill.exhaustion(1001, true), undefined);
  assert.equal(spill.exhaustion(1e9, true), 'spill');
  using late = makeBudget(invocation({ deadline: Date.now() + 400 }), () => 0);
  assert.equal(late.shortage(0), 'time');
  assert.throws(
    () => makeBudget(invocation({ environment: { ergane_max_spilled_bytes: 'lots' } })),
    fails('CONFIG_INVALID', 'ergane_max_spilled_bytes'),
  );
});

test('budget: the deadline aborts with what to change, a cancellation with its own reason', () => {
  using over = makeBudget(invocation({ deadline: Date.now() - 1 }));
  assert.equal(over.signal.aborted, true);
  assert.ok(fails('SPLIT_TOO_LARGE', 'time-out', 'function f')(over.signal.reason));
  const cancel = new AbortController();
  using cancelled = makeBudget(invocation({ signal: cancel.signal }));
  cancel.abort(new Error('by the user'));
  assert.equal(cancelled.signal.aborted, true);
  assert.match(String(cancelled.signal.reason), /by the user/);
});
