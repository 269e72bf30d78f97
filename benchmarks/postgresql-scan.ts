// What the PostgreSQL connector itself costs: every column of TPC-H lineitem decoded into Arrow batches by one process and by two, without
// spill and engine, against `psql` with COPY BINARY on one connection, in one run; with and without TLS. Then one look-up by key.
// usage: npm run bench benchmarks/postgresql-scan.ts [scale = 1] [rounds = 3]
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { makePostgresqlDefinition } from '@ergane/connector-postgresql';
import { makeValues, NO_CONSTRAINTS } from '@ergane/protocol';
import type { Constraints } from '@ergane/protocol';
import { makeSettings } from '@ergane/sdk';
import type { CallContext, Partition, Properties } from '@ergane/sdk';
import { Int64 } from 'apache-arrow';
import { printFigures, printTarget, runShell, summarise, timeMs } from './support/measure.ts';
import { serverUrl } from './support/rig.ts';
import { loadTpch, tpchName } from './support/tpch.ts';

interface Answer {
  readonly rows: number;
  readonly cpuSeconds: number;
}

const makeContext = (url: string): CallContext => ({
  catalogName: 'postgresql',
  queryId: 'benchmark',
  identity: { account: '', arn: '', tags: {}, groups: [], configOptions: {} },
  settings: makeSettings({ default: url }, () => Promise.resolve(undefined)),
  signal: new AbortController().signal,
  remainingTimeMs: () => 900_000,
  throttled: (call) => call(),
  log: () => undefined,
});

async function collect<Item>(items: AsyncIterable<Item> | Iterable<Item> | undefined): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items ?? []) all.push(item);
  return all;
}

/** A table, planned and read as the SDK does it. */
async function openTable(url: string, name: { readonly schemaName: string; readonly tableName: string }) {
  const definition = makePostgresqlDefinition();
  const context = makeContext(url);
  const table = await definition.describeTable(context, name);
  if (table === undefined) throw new Error(`no table ${name.tableName}`);
  const { tableName, schema } = table;
  return {
    async splits(constraints: Constraints): Promise<readonly Properties[]> {
      const request = { tableName, schema, partitionColumns: [], constraints };
      const partitions: readonly Partition[] = await collect(definition.layout?.(context, request));
      return await collect(definition.splits?.(context, { ...request, partitions }));
    },
    async read(split: Properties, constraints: Constraints): Promise<number> {
      let rows = 0;
      for await (const item of definition.read(context, { tableName, schema, split, constraints })) {
        rows += item.batch.numRows;
        item.release?.();
      }
      return rows;
    },
  };
}

async function work(url: string, schemaName: string, part: number, parts: number): Promise<void> {
  // as the SDK's runtime does it
  setFlagsFromString('--no-incremental-marking');
  const table = await openTable(url, { schemaName, tableName: 'lineitem' });
  const splits = (await table.splits(NO_CONSTRAINTS)).filter((_, index) => index % parts === part);
  process.send?.('ready');
  process.on('message', () => {
    void (async () => {
      const before = process.cpuUsage();
      let rows = 0;
      for (const split of splits) rows += await table.read(split, NO_CONSTRAINTS);
      const { user, system } = process.cpuUsage(before);
      process.send?.({ rows, cpuSeconds: (user + system) / 1e6 });
    })();
  });
}

async function startWorkers(url: string, schemaName: string, parts: number): Promise<readonly ChildProcess[]> {
  return await Promise.all(
    Array.from({ length: parts }, async (_, part) => {
      const worker = fork(fileURLToPath(import.meta.url), ['work', url, schemaName, String(part), String(parts)]);
      await once(worker, 'message');
      return worker;
    }),
  );
}

function isAnswer(message: unknown): message is Answer {
  return typeof message === 'object' && message !== null && 'rows' in message && 'cpuSeconds' in message;
}

/** One scan by all workers. */
async function scan(workers: readonly ChildProcess[]): Promise<Answer> {
  const answers = await Promise.all(
    workers.map(async (worker) => {
      worker.send('go');
      const [message]: unknown[] = await once(worker, 'message');
      if (!isAnswer(message)) throw new Error('a worker answered nonsense');
      return message;
    }),
  );
  return {
    rows: answers.reduce((sum, { rows }) => sum + rows, 0),
    cpuSeconds: answers.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  };
}

async function compareScans(url: string, schemaName: string, rounds: number): Promise<void> {
  const mode = new URL(url).searchParams.get('sslmode');
  const psql = `psql "${url}" -c "copy (select * from ${schemaName}.lineitem) to stdout (format binary)" > /dev/null`;
  const ways = { one: await startWorkers(url, schemaName, 1), two: await startWorkers(url, schemaName, 2) };
  const times = { psql: [] as number[], one: [] as number[], two: [] as number[] };
  const cpu = { one: [] as number[], two: [] as number[] };
  let rows = 0;
  for (let round = -1; round < rounds; round++) {
    const counted = round >= 0;
    const client = await timeMs(() => runShell(psql));
    if (counted) times.psql.push(client);
    for (const way of ['one', 'two'] as const) {
      const ms = await timeMs(async () => {
        const answer = await scan(ways[way]);
        rows = answer.rows;
        if (counted) cpu[way].push(answer.cpuSeconds);
      });
      if (counted) times[way].push(ms);
    }
  }
  for (const worker of [...ways.one, ...ways.two]) worker.disconnect();
  const [client, one, two] = [times.psql, times.one, times.two].map(summarise);
  if (client === undefined || one === undefined || two === undefined) return;
  console.log(`\n${rows} rows, sslmode=${mode}`);
  printFigures('psql COPY binary, one connection', client);
  printFigures('connector, one process', one);
  printFigures('connector, two processes', two);
  printFigures('CPU of one process', summarise(cpu.one), 's');
  printFigures('CPU of two processes together', summarise(cpu.two), 's');
  printTarget('million rows a second of one process (median)', rows / one.median / 1000, { atLeast: 0.74 });
  printTarget('CPU seconds for 6 M rows (median)', (summarise(cpu.one).median * 6e6) / rows, { atMost: 5 });
  printTarget('speed of two processes against psql (medians)', client.median / two.median, { atLeast: 0.85 });
}

async function lookUp(url: string, schemaName: string): Promise<void> {
  const table = await openTable(url, { schemaName, tableName: 'orders' });
  const times: number[] = [];
  for (let round = -50; round < 300; round++) {
    const key = BigInt((round + 50) * 32 + 1);
    const constraints = { ...NO_CONSTRAINTS, summary: { o_orderkey: makeValues(new Int64(), [key]) } };
    const ms = await timeMs(async () => {
      for (const split of await table.splits(constraints)) await table.read(split, constraints);
    });
    if (round >= 0) times.push(ms);
  }
  printFigures('\nlook-up by key: layout, splits and read', summarise(times));
}

const [first = '1', second = '3', ...rest] = process.argv.slice(2);
if (first === 'work') {
  const [schemaName = '', part, parts] = rest;
  await work(second, schemaName, Number(part), Number(parts));
} else {
  loadTpch(first, ['postgresql']);
  for (const mode of ['disable', 'require']) {
    const url = serverUrl('postgresql');
    url.searchParams.set('sslmode', mode);
    await compareScans(url.href, tpchName(first), Number(second));
    if (mode === 'disable') await lookUp(url.href, tpchName(first));
  }
  process.exit(0);
}
