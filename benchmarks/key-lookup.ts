// A warm key look-up end to end in a running engine, on PostgreSQL and MySQL, and ten rows of one source joined to lineitem in the other.
// usage: npm run bench benchmarks/key-lookup.ts [scale = 1]
import { openRig } from './support/rig.ts';
import { printFigures, printTarget, summarise, timeMs } from './support/measure.ts';
import { loadTpch, mariadb, postgresql, tpchName } from './support/tpch.ts';

const [scale = '1'] = process.argv.slice(2);
loadTpch(scale, ['postgresql', 'mariadb']);
const name = tpchName(scale);
await using rig = await openRig({ pg: postgresql(), my: mariadb() });

for (const catalog of ['pg', 'my']) {
  const sql = (key: number) => `SELECT * FROM ${catalog}.${name}.customer WHERE c_custkey = ${key}`;
  const times: number[] = [];
  for (let round = -20; round < 200; round++) {
    const ms = await timeMs(async () => {
      const rows = await rig.run(sql(1 + (((round + 20) * 37) % 1500)));
      if (rows !== 1) throw new Error(`${rows} rows`);
    });
    if (round >= 0) times.push(ms);
  }
  printFigures(`key look-up in ${catalog}.customer`, summarise(times));
  printTarget(`key look-up in ${catalog}, median ms`, summarise(times).median, { atMost: 10 });
}

for (const [small, large] of [
  ['pg', 'my'],
  ['my', 'pg'],
]) {
  const sql = `SELECT count(*), sum(l.l_quantity) FROM ${small}.${name}.orders o JOIN ${large}.${name}.lineitem l ON l.l_orderkey = o.o_orderkey
    WHERE o.o_orderkey IN (1, 3, 5, 7, 33, 35, 37, 39, 65, 67)`;
  const times: number[] = [];
  for (let round = -3; round < 20; round++) {
    const ms = await timeMs(() => rig.run(sql));
    if (round >= 0) times.push(ms);
  }
  const explained = (await rig.rows(`EXPLAIN ANALYZE ${sql}`)).map((row) => String(row[0])).join('\n');
  console.log(explained);
  printFigures(`ten orders in ${small} joined to lineitem in ${large}`, summarise(times));
  printTarget('ten rows joined to lineitem, median ms', summarise(times).median, { atMost: 100 });
}
