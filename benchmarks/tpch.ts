// TPC-H Q1, Q3, Q5, Q6 and Q10 with lineitem and orders in MariaDB and the rest in PostgreSQL: their sum, and the peak memory of
// everything of ours. usage: npm run bench benchmarks/tpch.ts [scale = 1] [rounds = 3]
import { openRig } from './support/rig.ts';
import { printFigures, printTarget, summarise, timeMs } from './support/measure.ts';
import { loadTpch, mariadb, postgresql, tpchName } from './support/tpch.ts';
import { tpchQueries } from './support/tpch-queries.ts';

const [scale = '1', rounds = '3'] = process.argv.slice(2);
loadTpch(scale, ['postgresql', 'mariadb']);
const name = tpchName(scale);
await using rig = await openRig({ pg: postgresql(), my: mariadb() });
const table = (short: string): string => `${short === 'lineitem' || short === 'orders' ? 'my' : 'pg'}.${name}.${short}`;

const times: Record<string, number[]> = {};
for (let round = 0; round < Number(rounds); round++)
  for (const [query, sql] of Object.entries(tpchQueries(table)))
    (times[query] ??= []).push(await timeMs(() => rig.run(sql)));
let sum = 0;
for (const [query, values] of Object.entries(times)) {
  printFigures(`TPC-H ${query} SF ${scale}`, summarise(values));
  sum += summarise(values).median;
}
const memory = rig.peakMemory();
console.log(
  `peak memory: engine ${memory.engine.toFixed(0)} MiB, functions ${memory.functions.toFixed(0)} MiB together`,
);
printTarget('TPC-H Q1, Q3, Q5, Q6, Q10: sum of medians, s', sum / 1000, { atMost: 28.7 });
printTarget('the same: peak memory of everything of ours, MiB', memory.engine + memory.functions, { atMost: 1228.8 });
