// Full scan of TPC-H lineitem, every column read by an aggregate, through functions and encrypted spill, against the source's own client
// on one connection in the same run. usage: npm run bench benchmarks/lineitem-scan.ts [postgresql|mariadb] [scale = 1] [rounds = 5]
import { openRig, serverUrl } from './support/rig.ts';
import { printFigures, printTarget, runShell, summarise, timeMs } from './support/measure.ts';
import { loadTpch, mariadb, postgresql, readEveryColumn, tpchName } from './support/tpch.ts';

const [server = 'postgresql', scale = '1', rounds = '5'] = process.argv.slice(2);
if (server !== 'postgresql' && server !== 'mariadb') throw new Error(`no server ${server}`);
loadTpch(scale, [server]);
const name = tpchName(scale);
const url = serverUrl(server);

const reference =
  server === 'postgresql'
    ? () =>
        runShell(`psql "${url.href}" -c "copy (select * from ${name}.lineitem) to stdout (format binary)" > /dev/null`)
    : () =>
        runShell(
          `mariadb --quick -N --protocol=tcp -h ${url.hostname} -P ${url.port} -u ${url.username} -e 'select * from ${name}.lineitem' > /dev/null`,
          { MYSQL_PWD: decodeURIComponent(url.password) },
        );

await using rig = await openRig(
  { source: server === 'postgresql' ? postgresql() : mariadb() },
  { pushdown: { aggregates: false } },
);
const sql = readEveryColumn(`source.${name}.lineitem`);
const times = { ergane: [] as number[], reference: [] as number[], cpu: [] as number[] };
await rig.run(sql);
for (let round = 0; round < Number(rounds); round++) {
  times.reference.push(await timeMs(reference));
  const cpu = rig.cpuSeconds();
  times.ergane.push(await timeMs(() => rig.run(sql)));
  times.cpu.push(rig.cpuSeconds() - cpu);
}
const ergane = summarise(times.ergane);
const client = summarise(times.reference);
const memory = rig.peakMemory();
printFigures(`ergane, ${server} SF ${scale}`, ergane);
printFigures(server === 'postgresql' ? 'psql COPY binary, one connection' : 'mariadb --quick, one connection', client);
printFigures('CPU of engine and functions', summarise(times.cpu), 's');
console.log(
  `peak memory: engine ${memory.engine.toFixed(0)} MiB, functions ${memory.functions.toFixed(0)} MiB together`,
);
const target = server === 'postgresql' ? 0.85 : 0.75;
printTarget(`scan of lineitem, ${server}: speed against its client (medians)`, client.median / ergane.median, {
  atLeast: target,
});
printTarget(`scan of lineitem, ${server}: CPU seconds (median)`, summarise(times.cpu).median, {
  atMost: 8 * Number(scale),
});
