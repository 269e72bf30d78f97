import { ErganeError, type ErrorCode } from '@ergane/protocol';
import assert from 'node:assert/strict';
import test from 'node:test';
import { startFunctionHost, type FunctionConfig } from '../src/index.ts';
import { behaviour, callFunction, fixture, numberOf } from './functions-for-tests.ts';

interface Fault {
  readonly settings?: Partial<FunctionConfig>;
  readonly event: Readonly<Record<string, unknown>>;
  readonly code: ErrorCode;
  /** what the message says, besides the function's name */
  readonly says: readonly RegExp[];
  readonly where?: Readonly<Record<string, unknown>>;
}

const FAULTS: Readonly<Record<string, Fault>> = {
  'it exits': {
    event: { do: 'exit', code: 7 },
    code: 'FUNCTION_CRASHED',
    says: [/exited with code 7 during an invocation/, /about to exit/, /Look at its log/],
    where: { exitCode: 7 },
  },
  'it exits with code 0': { event: { do: 'exit', code: 0 }, code: 'FUNCTION_CRASHED', says: [/exited with code 0/] },
  'a signal ends it': {
    event: { do: 'signal', signal: 'SIGSEGV' },
    code: 'FUNCTION_CRASHED',
    says: [/ended by signal SIGSEGV during an invocation/],
    where: { signal: 'SIGSEGV' },
  },
  'it hangs': {
    settings: { timeoutSeconds: 0.5 },
    event: { do: 'hang' },
    code: 'FUNCTION_TIMED_OUT',
    says: [/did not answer within 0.5 s/, /timeoutSeconds/],
  },
  'it spins': {
    settings: { timeoutSeconds: 0.5 },
    event: { do: 'spin' },
    code: 'FUNCTION_TIMED_OUT',
    says: [/did not answer within 0.5 s/],
  },
  'it takes more memory than its limit': {
    settings: { memoryMb: 150 },
    event: { do: 'hog', megabytes: 400 },
    code: 'FUNCTION_OUT_OF_MEMORY',
    says: [/reached (1[5-9]|[2-9]\d)\d MB, with a limit of 150 MB/, /memoryMb/],
  },
  "it takes more memory than Node's heap": {
    settings: { command: [process.execPath, '--max-old-space-size=32', fixture('function.mjs')] },
    event: { do: 'heap' },
    code: 'FUNCTION_OUT_OF_MEMORY',
    says: [/heap out of memory/, /--max-old-space-size/],
  },
  'its answer is not JSON': {
    event: { do: 'garbage' },
    code: 'FUNCTION_RESPONSE_INVALID',
    says: [/16 bytes that are not JSON, beginning with "this is not JSON"/],
  },
  'its answer is empty': { event: { do: 'text', text: '' }, code: 'FUNCTION_RESPONSE_INVALID', says: [/0 bytes/] },
  'its answer is cut off': {
    event: { do: 'text', text: `{"text":"${'x'.repeat(10_000)}` },
    code: 'FUNCTION_RESPONSE_INVALID',
    says: [/10009 bytes that are not JSON/],
  },
  'its answer is too large': {
    event: { do: 'big', bytes: 6_291_457 },
    code: 'FUNCTION_PAYLOAD_TOO_LARGE',
    says: [/answered with 6291457 bytes; the limit is 6291456/],
  },
};

for (const [name, { settings, event, code, says, where = {} }] of Object.entries(FAULTS)) {
  test(`when ${name}: ${code} names the function, and the next invocation gets a fresh environment`, async () => {
    await using host = await startFunctionHost({ functions: [behaviour({ name: 'broken', ...settings })] });
    const call = (what: Readonly<Record<string, unknown>>) => callFunction(host, what, { name: 'broken' });
    const before = numberOf(await call({ do: 'pid' }), 'pid');
    await assert.rejects(call(event), (error) => {
      assert(error instanceof ErganeError);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, /function "broken"/);
      for (const text of says) assert.match(error.message, text);
      assert.equal(error.where.function, 'broken');
      assert.match(String(error.where['requestId']), /^[0-9a-f-]{36}$/);
      for (const [detail, value] of Object.entries(where)) assert.equal(error.where[detail], value);
      return true;
    });
    assert.notEqual(numberOf(await call({ do: 'pid' }), 'pid'), before);
    assert.equal(host.stats()[0]?.coldStarts, 2);
    assert.equal(host.stats()[0]?.failures, 1);
  });
}

test('payloads of exactly the limit pass in both directions', async () => {
  await using host = await startFunctionHost({ functions: [behaviour({ handler: 'raw' })] });
  const payload = Buffer.from(`"${'é'.repeat(6_291_454 / 2)}"`);
  assert.equal(payload.length, 6_291_456);
  const result = await host.invoke({ functionName: 'f', payload });
  assert(payload.equals(result.payload));
});

test('a request above the limit is refused with its size, and the environment is not touched', async () => {
  await using host = await startFunctionHost({ functions: [behaviour()] });
  const payload = Buffer.alloc(6_291_457, 0x20);
  await assert.rejects(host.invoke({ functionName: 'f', payload }), {
    code: 'FUNCTION_PAYLOAD_TOO_LARGE',
    message: /function "f" cannot take a payload of 6291457 bytes; the limit is 6291456/,
  });
  assert.equal(host.stats()[0]?.coldStarts, 0);
});

test("an error that the function throws is a result, in Lambda's error JSON, and the environment stays", async () => {
  await using host = await startFunctionHost({ functions: [behaviour()] });
  const before = await callFunction(host, { do: 'pid' });
  const payload = Buffer.from('{"do":"fail","message":"no such table"}');
  const result = await host.invoke({ functionName: 'f', payload });
  assert.equal(result.functionError, 'Unhandled');
  assert.match(Buffer.from(result.payload).toString(), /"errorMessage":"no such table","errorType":"RangeError"/);
  assert.equal(numberOf(await callFunction(host, { do: 'pid' }), 'pid'), numberOf(before, 'pid'));
});

const INIT_FAULTS: Readonly<Record<string, { readonly settings: Partial<FunctionConfig>; readonly says: RegExp }>> = {
  'exits in init': {
    settings: { handler: 'exit' },
    says: /function "f" exited with code 3 in init, .*init began.*Check its command/s,
  },
  'reports an error in init': {
    settings: { handler: 'error' },
    says: /function "f" failed in init: Runtime.ImportModuleError: Cannot find module "missing"/,
  },
  'never asks for work': {
    settings: { handler: 'hang', initSeconds: 1 },
    says: /function "f" did not ask for work within 1 s of its start \(init\).*initSeconds/s,
  },
};

for (const [name, { settings, says }] of Object.entries(INIT_FAULTS)) {
  test(`a function that ${name}: FUNCTION_CRASHED for every waiting invocation`, async () => {
    const functions = [
      behaviour({ command: [process.execPath, fixture('init.mjs')], ...settings, reservedConcurrency: 2 }),
    ];
    await using host = await startFunctionHost({ functions });
    const calls = await Promise.allSettled([1, 2, 3].map(() => callFunction(host, { do: 'echo' })));
    for (const call of calls) {
      assert(call.status === 'rejected' && call.reason instanceof ErganeError);
      assert.equal(call.reason.code, 'FUNCTION_CRASHED');
      assert.match(call.reason.message, says);
    }
    assert.equal(host.stats()[0]?.coldStarts, 3);
  });
}

test('a program or a directory that does not exist is a mistake of the configuration', async () => {
  const functions = [
    behaviour({ name: 'program', command: ['/nowhere/program'] }),
    behaviour({ name: 'directory', directory: '/nowhere' }),
  ];
  await using host = await startFunctionHost({ functions });
  await assert.rejects(callFunction(host, {}, { name: 'program' }), {
    code: 'CONFIG_INVALID',
    message: /function "program" could not be started: the program "\/nowhere\/program" was not found/,
  });
  await assert.rejects(callFunction(host, {}, { name: 'directory' }), {
    code: 'CONFIG_INVALID',
    message: /function "directory" could not be started: its directory \/nowhere does not exist/,
  });
});

test('a function that is not configured: the error names those that are', async () => {
  await using host = await startFunctionHost({
    functions: [behaviour({ name: 'shop' }), behaviour({ name: 'parts' })],
  });
  await assert.rejects(callFunction(host, {}, { name: 'shops' }), {
    code: 'FUNCTION_NOT_CONFIGURED',
    message: /function "shops" is not configured; configured are: shop, parts/,
  });
});

test('wrong settings are refused by name', async () => {
  const cases: readonly (readonly [Partial<FunctionConfig>, RegExp])[] = [
    [{ timeoutSeconds: 0 }, /function "f": timeoutSeconds must be a number of at least 0.001, not 0/],
    [{ memoryMb: Number.NaN }, /memoryMb/],
    [{ reservedConcurrency: 1.5 }, /reservedConcurrency must be a whole number of at least 1, not 1.5/],
    [{ reservedConcurrency: 1, provisionedConcurrency: 2 }, /provisionedConcurrency must not exceed/],
    [{ name: 'a/b' }, /function "a\/b": name/],
    [{ idleSeconds: 1e9 }, /idleSeconds must be at most/],
  ];
  for (const [settings, message] of cases) {
    await assert.rejects(startFunctionHost({ functions: [behaviour(settings)] }), { code: 'CONFIG_INVALID', message });
  }
  await assert.rejects(startFunctionHost({ functions: [behaviour(), behaviour()] }), {
    code: 'CONFIG_INVALID',
    message: /function "f" is configured already/,
  });
});
