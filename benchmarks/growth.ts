// Ten times the data: the scan of lineitem at SF 0.1 and SF 1, time and peak memory of engine and functions, each in processes of its own.
// usage: npm run bench benchmarks/growth.ts [postgresql|mariadb]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openRig } from './support/rig.ts';
import { printTarget, summarise, timeMs } from './support/measure.ts';
import { loadTpch, mariadb, postgresql, readEveryColumn, tpchName } from './support/tpch.ts';

const [server = 'postgresql', scale] = process.argv.slice(2);
if (server !== 'postgresql' && server !== 'mariadb') throw new Error(`no server ${server}`);

if (scale !== undefined) {
  await using rig = await openRig(
    { source: server === 'postgresql' ? postgresql() : mariadb() },
    { pushdown: { aggregates: false } },
  );
  const sql = readEveryColumn(`source.${tpchName(scale)}.lineitem`);
  await rig.run(sql);
  const times: number[] = [];
  for (let round = 0; round < 5; round++) times.push(await timeMs(() => rig.run(sql)));
  console.log(JSON.stringify({ ms: summarise(times).median, ...rig.peakMemory() }));
} else {
  loadTpch('0.1', [server]);
  loadTpch('1', [server]);
  const [small, large] = ['0.1', '1'].map((each) => measure(each));
  if (small === undefined || large === undefined) throw new Error('no figures');
  console.log('SF 0.1', small, 'SF 1', large);
  printTarget(`ten times the data, ${server}: time, times`, large.ms / small.ms, { atMost: 10.5 });
  printTarget(`ten times the data, ${server}: peak memory of the engine, times`, large.engine / small.engine, {
    atMost: 1.2,
  });
  // ten times the data may run in more functions, but none of them may be larger
  printTarget(
    `ten times the data, ${server}: peak memory of a function, times`,
    large.largestFunction / small.largestFunction,
    { atMost: 1.2 },
  );
}

function measure(each: string): { readonly ms: number; readonly engine: number; readonly largestFunction: number } {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), server, each];
  const { stdout, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`scale ${each}: exit ${status}`);
  const { ms, engine, largestFunction } = Object(JSON.parse(stdout));
  return { ms: Number(ms), engine: Number(engine), largestFunction: Number(largestFunction) };
}
