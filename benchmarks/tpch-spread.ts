// All 22 queries of TPC-H with lineitem and orders in MariaDB, customer, part and supplier in PostgreSQL, and partsupp, nation and region
// as Parquet on S3: time, CPU and peak memory. Where TRINO_URL names a Trino (476, catalog.management=dynamic), it answers each query over
// the same sources in the same run, in turns, and the answers are compared. Without its hive plugin both read S3's tables from PostgreSQL.
// usage: [TRINO_URL=http://127.0.0.1:8080] npm run bench benchmarks/tpch-spread.ts [scale = 1] [rounds = 3] [queries, such as 9,18]
import { qualifyTables } from '../packages/engine/test/federated/qualify-tables.ts';
import { printTarget, summarise, timeMs } from './support/measure.ts';
import { openRig, serverUrl } from './support/rig.ts';
import { isOnS3, loadTpchS3, makeS3Tables } from './support/s3-tables.ts';
import { findHttpfs, loadTpch, mariadb, postgresql, readTpchQueries, tpchName } from './support/tpch.ts';
import { openTrino, openTrinoCatalogs } from './support/trino.ts';

const [scale = '1', rounds = '3', only] = process.argv.slice(2);
const IN_MARIADB = ['lineitem', 'orders'];
const name = tpchName(scale);

loadTpch(scale, ['postgresql', 'mariadb']);
loadTpchS3(scale);
const { TRINO_URL: url } = process.env;
const trino = url === undefined ? undefined : openTrino(url);
const usesS3 = trino === undefined || (await openTrinoCatalogs(trino, scale));
const httpfs = findHttpfs();
console.log(usesS3 ? '' : 'This Trino has no hive plugin: both read the tables of S3 from PostgreSQL.');
console.log(httpfs ? "S3 by DuckDB's httpfs, in ranges" : 'S3 by copies of whole objects: httpfs cannot be had');

/** A query with the places of its tables. */
function spread(sql: string, catalogs: { readonly my: string; readonly pg: string; readonly s3: string }): string {
  return qualifyTables(sql, (table) => {
    if (IN_MARIADB.includes(table)) return `${catalogs.my}.${name}.${table}`;
    return `${usesS3 && isOnS3(table) ? catalogs.s3 : catalogs.pg}.${name}.${table}`;
  });
}

interface Measured {
  readonly ergane: number[];
  readonly cpu: number[];
  readonly trino: number[];
  rows: number;
}

await using rig = await openRig({ pg: postgresql(), my: mariadb() }, { s3: serverUrl('s3'), httpfs });
await makeS3Tables(rig, name, scale);

async function measure(sql: string, figures: Measured): Promise<void> {
  const text = (rows: readonly (readonly unknown[])[]): string[] => rows.map((row) => row.join('|'));
  const cpu = rig.cpuSeconds();
  let own: string[] = [];
  const query = spread(sql, { my: 'my', pg: 'pg', s3: 'awsdatacatalog' });
  figures.ergane.push(await timeMs(async () => (own = text(await rig.printed(query)))));
  figures.cpu.push(rig.cpuSeconds() - cpu);
  figures.rows = own.length;
  if (trino === undefined) return;
  let others: string[] = [];
  const reference = spread(sql, { my: 'ergane_bench_my', pg: 'ergane_bench_pg', s3: 'ergane_bench_s3' });
  figures.trino.push(await timeMs(async () => (others = text(await trino.rows(reference)))));
  // rows that an order leaves equal may come in any order
  if (own.sort().join('\n') !== others.sort().join('\n')) throw new Error(`Trino answers otherwise:\n${query}`);
}

const chosen = only?.split(',').map((number) => `Q${number}`);
const queries = readTpchQueries().map((sql, index) => [`Q${index + 1}`, sql] as const);
const measured = new Map<string, Measured>();
// a round that does not count warms both
for (let round = -1; round < Number(rounds); round++)
  for (const [query, sql] of queries) {
    if (chosen && !chosen.includes(query)) continue;
    const figures = measured.get(query) ?? { ergane: [], cpu: [], trino: [], rows: 0 };
    await measure(sql, figures);
    measured.set(query, round < 0 ? { ergane: [], cpu: [], trino: [], rows: 0 } : figures);
  }

const seconds = (values: readonly number[], unit = 1000): string =>
  values.length === 0 ? '' : (summarise(values).median / unit).toFixed(2);
const line = (cells: readonly (string | number)[]): void =>
  console.log(cells.map((cell, index) => (index === 0 ? String(cell).padEnd(6) : String(cell).padStart(10))).join(''));
console.log(`\nTPC-H SF ${scale} over MariaDB, PostgreSQL${usesS3 ? ' and S3' : ''}; medians of ${rounds} rounds`);
line(['', 'ergane s', 'CPU s', 'Trino s', 'rows']);
for (const [query, { ergane, cpu, trino: theirs, rows }] of measured)
  line([query, seconds(ergane), seconds(cpu, 1), seconds(theirs), rows]);
const total = (pick: (figures: Measured) => readonly number[]): number =>
  [...measured.values()].reduce((sum, figures) => sum + summarise(pick(figures)).median, 0);
const own = total(({ ergane }) => ergane) / 1000;
line([
  'total',
  own.toFixed(2),
  total(({ cpu }) => cpu).toFixed(2),
  trino ? (total((each) => each.trino) / 1000).toFixed(2) : '',
]);
const memory = rig.peakMemory();
console.log(
  `peak memory: engine ${memory.engine.toFixed(0)} MiB, functions ${memory.functions.toFixed(0)} MiB together`,
);
if (trino)
  printTarget("TPC-H, all 22: time against Trino's", own / (total((each) => each.trino) / 1000), { atMost: 1 });
