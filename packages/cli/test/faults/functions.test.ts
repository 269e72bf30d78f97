import assert from 'node:assert/strict';
import { until } from './workbench.ts';
import { withSource } from './with-source.ts';
import type { SourceTest } from './with-source.ts';

const WHOLE = [[30_000n, 450_015_000n, 30_000n, 'x'.repeat(1000)]];

withSource(
  'a function that is killed in the middle of a scan is started again, and every row comes once',
  async ({ source, bench, at }) => {
    const held = await source.makeHeldView();
    const running = bench.rows(`select count(*), sum(id), count(distinct id), min(text) from ${at('held')}`);
    running.catch(() => undefined);
    await until(async () => (await held.waiting()) > 0 && (await bench.spilledFiles()).length > 0);
    const killed = bench.pids();
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    await until(() => bench.pids().some((pid) => !killed.includes(pid)));
    await held.release();
    assert.deepEqual(await running, WHOLE);
  },
);

const cancelHeld = async ({ source, bench, at }: SourceTest): Promise<void> => {
  const held = await source.makeHeldView();
  const cancel = new AbortController();
  const running = bench.rows(`select count(*) from ${at('held')}`, { signal: cancel.signal });
  running.catch(() => undefined);
  await until(async () => (await held.waiting()) > 0);
  cancel.abort();
  await assert.rejects(running, { code: 'QUERY_CANCELLED' });
  // it waits no more, though nobody released it
  await until(async () => (await held.waiting()) === 0);
};

withSource('a query that is cancelled in the middle of a scan ends the statement at the source', cancelHeld);
withSource('a query that is cancelled while the source computes its aggregates ends the statement there', cancelHeld, {
  pushdown: {},
});

withSource('an engine that is closed in the middle of a scan cancels it', async ({ source, bench, at }) => {
  const held = await source.makeHeldView();
  const running = bench.rows(`select count(*) from ${at('held')}`);
  const outcome = assert.rejects(running, { code: 'QUERY_CANCELLED' });
  await until(async () => (await held.waiting()) > 0);
  await bench.engine[Symbol.asyncDispose]();
  await outcome;
});
