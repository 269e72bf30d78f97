import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { startFunctionHost } from '../src/index.ts';
import { listDescendants } from '../src/process-memory.ts';
import { behaviour, callFunction, fixture, isAlive, numberOf, waitUntil } from './functions-for-tests.ts';

/** How a host may end, and what the test does to it. */
const ENDS: Readonly<Record<string, (host: ChildProcess) => void>> = {
  exit: () => undefined,
  throw: () => undefined,
  dispose: () => undefined,
  SIGINT: (host) => host.kill('SIGINT'),
  SIGTERM: (host) => host.kill('SIGTERM'),
  SIGHUP: (host) => host.kill('SIGHUP'),
  SIGKILL: (host) => host.kill('SIGKILL'),
};

for (const [end, provoke] of Object.entries(ENDS)) {
  test(`no process is left when the host ends by ${end}`, async (context) => {
    const args = ['--conditions=source', '--import', 'tsx', fixture('host.ts'), fixture('function.mjs'), end];
    const host = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    context.after(() => host.kill('SIGKILL'));
    const exited = once(host, 'exit');
    const line: unknown = (await once(createInterface(host.stdout), 'line'))[0];
    const { answer, pids } = JSON.parse(String(line));
    assert.equal(pids.length, 2);
    const processes: number[] = [...pids, numberOf(answer, 'child')];
    // with Linux's process tree also what the host started for itself
    if (process.platform === 'linux' && host.pid !== undefined) processes.push(...listDescendants(host.pid));
    provoke(host);
    await exited;
    await waitUntil(() => !processes.some(isAlive));
  });
}

test('ending an environment ends the processes that its function started', async () => {
  await using host = await startFunctionHost({ functions: [behaviour({ reservedConcurrency: 1, timeoutSeconds: 1 })] });
  const pids: number[] = [];
  for (const detached of [false, true]) {
    if (detached && process.platform !== 'linux') continue;
    const answer = await callFunction(host, { do: 'child', detached });
    pids.push(numberOf(answer, 'pid'), numberOf(answer, 'child'));
    await assert.rejects(callFunction(host, { do: 'hang' }), { code: 'FUNCTION_TIMED_OUT' });
  }
  await waitUntil(() => !pids.some(isAlive));
});

test('memory of the processes that a function started counts', async () => {
  await using host = await startFunctionHost({ functions: [behaviour()] });
  const payload = Buffer.from('{"do":"sleep","ms":60}');
  const measure = async () => (await host.invoke({ functionName: 'f', payload })).report?.maxMemoryUsedMb ?? Number.NaN;
  const alone = await measure();
  await callFunction(host, { do: 'child', detached: process.platform === 'linux' });
  // the child grows to a Node process of its own in its own time
  for (let attempt = 0; attempt < 500; attempt++) {
    if ((await measure()) > 1.5 * alone) return;
  }
  assert.fail('the memory of the child was never counted');
});

test('disposing a host whose environments still start leaves nothing', async () => {
  const host = await startFunctionHost({ functions: [behaviour({ reservedConcurrency: 4 })] });
  const calls = [1, 2, 3, 4].map(() => callFunction(host, { do: 'pid' }));
  const settled = Promise.allSettled(calls);
  await waitUntil(() => (host.stats()[0]?.pids.length ?? 0) > 0);
  const pids = host.stats()[0]?.pids ?? [];
  await host[Symbol.asyncDispose]();
  for (const call of await settled) assert.equal(call.status, 'rejected');
  assert(!pids.some(isAlive));
});

test('environments that are ended in peace are not forced, unless they do not end', async () => {
  const lines: string[] = [];
  const stubborn = ['/bin/sh', '-c', `trap '' TERM; "$0" "$@"; while :; do sleep 0.1; done`] as const;
  const functions = [
    behaviour({ name: 'willing' }),
    behaviour({ name: 'stubborn', command: [...stubborn, process.execPath, fixture('function.mjs')] }),
  ];
  const host = await startFunctionHost({
    functions,
    onLog: ({ functionName, text }) => void (functionName === 'willing' && lines.push(text)),
  });
  const pids: number[] = [];
  for (const name of ['willing', 'stubborn']) {
    pids.push(numberOf(await callFunction(host, { do: 'pid' }, { name }), 'pid'));
  }
  pids.push(...host.stats().flatMap((stats) => stats.pids));
  const before = lines.length;
  await host[Symbol.asyncDispose]();
  assert(!pids.some(isAlive));
  assert.deepEqual(lines.slice(before), []);
});
