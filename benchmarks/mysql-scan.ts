// Full scan of TPC-H lineitem through the MySQL connector as a function (through the wire, encrypted spill, no engine), all splits read by
// one process and by two, against `mariadb --quick`, which only prints the rows; in one run. Then look-ups by key in a warm function.
// usage: npm run bench benchmarks/mysql-scan.ts [rounds = 3] [scale = 1]
import { execFileSync, fork, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import connector from '@ergane/connector-mysql';
import { makeValues, NO_CONSTRAINTS } from '@ergane/protocol';
import { inProcessInvoker } from '@ergane/sdk/in-process';
import { makeFunctionClient } from '@ergane/sdk/testing';
import type { FunctionClient } from '@ergane/sdk/testing';
import { openStore } from '@ergane/storage';
import { serverUrl } from './support/server-url.ts';

const NAME = 'mysql';
const LOOK_UPS = 300;

interface Finished {
  readonly rows: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

function openClient(url: string, folder: string): FunctionClient {
  const invoker = inProcessInvoker({
    [NAME]: { connector, environment: { default: url, ergane_spill_store: folder } },
  });
  const announce = ['blockNonces', 'readStatistics', 'continuation'] as const;
  return makeFunctionClient({ invoker, functionName: NAME, store: openStore(folder), bucket: 'spill', announce });
}

/** Reads every `count`th split from `index` on, as one warm function instance would. */
async function readShare(
  client: FunctionClient,
  schemaName: string,
  share: { index: number; count: number; folder: string },
) {
  const { tableName, schema } = await client.getTable({ schemaName, tableName: 'lineitem' });
  const splits = await client.splits({
    tableName,
    schema,
    partitionColumns: [],
    catalogName: NAME,
    type: 'GetTableResponse',
  });
  let rows = 0;
  const own = splits.filter((_, index) => index % share.count === share.index);
  for (const split of own) {
    const answer = await client.send({
      type: 'ReadRecordsRequest',
      identity: client.identity,
      queryId: 'query',
      catalogName: NAME,
      tableName,
      schema,
      split,
      constraints: NO_CONSTRAINTS,
      maxBlockSize: 16_000_000n,
      maxInlineBlockSize: 4_000_000n,
    });
    const statistics: unknown = answer.extra?.['readStatistics'];
    if (typeof statistics === 'object' && statistics !== null && 'rowsReturned' in statistics)
      rows += Number(statistics.rowsReturned);
    // as an engine that has read it would
    await rm(path.join(share.folder, 'spill', split.spillLocation?.key ?? ''), { recursive: true, force: true });
  }
  return rows;
}

async function runChild(
  url: string,
  schemaName: string,
  share: { index: number; count: number; folder: string },
): Promise<void> {
  const client = openClient(url, share.folder);
  await client.getTable({ schemaName, tableName: 'lineitem' });
  process.send?.('ready');
  await once(process, 'message');
  const before = process.cpuUsage();
  const rows = await readShare(client, schemaName, share);
  const { user, system } = process.cpuUsage(before);
  const finished: Finished = {
    rows,
    cpuSeconds: (user + system) / 1e6,
    megabytes: process.resourceUsage().maxRSS / 1024,
  };
  process.send?.(finished);
  process.disconnect();
}

async function scan(url: string, schemaName: string, count: number): Promise<{ seconds: number } & Finished> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ergane-bench-'));
  const program = fileURLToPath(import.meta.url);
  const children: ChildProcess[] = [];
  for (let index = 0; index < count; index++)
    children.push(fork(program, ['child', url, schemaName, String(index), String(count), folder]));
  try {
    await Promise.all(children.map((child) => once(child, 'message')));
    const start = performance.now();
    const answers = children.map(async (child): Promise<Finished> => {
      const [message]: Finished[] = await once(child, 'message');
      if (message === undefined) throw new Error('a child said nothing');
      return message;
    });
    for (const child of children) child.send('go');
    const finished = await Promise.all(answers);
    const seconds = (performance.now() - start) / 1000;
    const sum = (pick: (one: Finished) => number): number => finished.reduce((total, one) => total + pick(one), 0);
    return {
      seconds,
      rows: sum(({ rows }) => rows),
      cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
      megabytes: Math.max(...finished.map(({ megabytes }) => megabytes)),
    };
  } finally {
    for (const child of children) child.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

function printAll(url: URL, schemaName: string): number {
  const start = performance.now();
  const login = [`-h${url.hostname}`, `-P${url.port}`, `-u${url.username}`, `-p${url.password}`];
  const result = spawnSync('mariadb', [...login, '--quick', '-N', schemaName, '-e', 'select * from lineitem'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (result.status !== 0) throw new Error('mariadb failed');
  return (performance.now() - start) / 1000;
}

async function lookUp(url: string, schemaName: string): Promise<readonly number[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ergane-bench-'));
  const client = openClient(url, folder);
  const table = await client.getTable({ schemaName, tableName: 'orders' });
  const [key] = table.schema.fields;
  if (key === undefined) throw new Error('no column');
  const times: number[] = [];
  for (let index = 0; index < LOOK_UPS; index++) {
    const constraints = { summary: { [key.name]: makeValues(key.type, [BigInt(index * 32 + 1)]) } };
    const start = performance.now();
    await client.readTable(table, { constraints });
    times.push(performance.now() - start);
  }
  await rm(folder, { recursive: true, force: true });
  return times;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function main(): Promise<void> {
  const address = serverUrl('mariadb').href;
  const [rounds = 3, scale = 1] = process.argv.slice(2).map(Number);
  const schemaName = `tpch_sf${scale}`;
  const loader = fileURLToPath(new URL('../scripts/load-tpch.mjs', import.meta.url));
  execFileSync(process.execPath, [loader, address, String(scale)], { stdio: 'inherit' });
  const plain: number[] = [];
  const scans = new Map<number, Awaited<ReturnType<typeof scan>>[]>([
    [1, []],
    [2, []],
  ]);
  for (let round = 0; round < rounds; round++) {
    plain.push(printAll(new URL(address), schemaName));
    for (const [count, results] of scans) results.push(await scan(address, schemaName, count));
  }
  console.log(`mariadb --quick: min ${Math.min(...plain).toFixed(2)} s, median ${median(plain).toFixed(2)} s`);
  for (const [count, results] of scans) {
    const seconds = results.map((result) => result.seconds);
    console.log(
      `${count} process(es): ${results[0]?.rows} rows, min ${Math.min(...seconds).toFixed(2)} s, median ${median(seconds).toFixed(2)} s, ` +
        `CPU ${median(results.map(({ cpuSeconds }) => cpuSeconds)).toFixed(2)} s, ${Math.max(...results.map(({ megabytes }) => megabytes)).toFixed(0)} MB each; ` +
        `speed ${(median(plain) / median(seconds)).toFixed(2)} x mariadb`,
    );
  }
  const times = await lookUp(address, schemaName);
  console.log(`look-up by key, warm (layout, splits, read): median ${median(times.slice(20)).toFixed(2)} ms`);
}

const [role, url = '', schemaName = '', index = '0', count = '1', folder = ''] = process.argv.slice(2);
if (role === 'child') await runChild(url, schemaName, { index: Number(index), count: Number(count), folder });
else await main();
