// Eight queries at once: their wall time against the CPU seconds they use divided by the cores (engine, functions and sources).
// usage: npm run bench benchmarks/concurrent-queries.ts [scale = 0.1]
import { availableParallelism } from 'node:os';
import { openRig } from './support/rig.ts';
import { printFigures, printTarget, summarise, timeMs } from './support/measure.ts';
import { loadTpch, mariadb, postgresql, readEveryColumn, tpchName } from './support/tpch.ts';
import { readFileSync } from 'node:fs';

const [scale = '0.1'] = process.argv.slice(2);
loadTpch(scale, ['postgresql', 'mariadb']);
await using rig = await openRig({ pg: postgresql(), my: mariadb() }, { pushdown: { aggregates: false } });
const queries = Array.from({ length: 8 }, (_, index) =>
  readEveryColumn(`${index % 2 === 0 ? 'pg' : 'my'}.${tpchName(scale)}.lineitem`),
);
await Promise.all(queries.map((sql) => rig.run(sql)));
const ratios: number[] = [];
const walls: number[] = [];
for (let round = 0; round < 5; round++) {
  const from = machineCpuSeconds();
  const ms = await timeMs(() => Promise.all(queries.map((sql) => rig.run(sql))));
  walls.push(ms);
  ratios.push(ms / 1000 / ((machineCpuSeconds() - from) / availableParallelism()));
}
printFigures('eight queries at once', summarise(walls));
printTarget('eight queries at once: wall against CPU / cores (median)', summarise(ratios).median, { atMost: 1.2 });

/** Busy seconds of all cores: the sources work for the queries too. */
function machineCpuSeconds(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (
    readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? ''
  )
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) / 100;
}
