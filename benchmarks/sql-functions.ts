// How many rows a second each JavaScript scalar function computes, by CPU time, and what DuckDB's own `upper` does beside it.
// usage: npm run bench benchmarks/sql-functions.ts [--rows N] [--write]   (--write keeps the table in benchmarks/sql-functions.md)
import { writeFileSync } from 'node:fs';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { prepareDuckdb } from '../packages/engine/src/sql/index.ts';
import { JS_FUNCTIONS } from '../packages/engine/src/sql/runtime/all-functions.ts';
import type { JsFunction, JsType } from '../packages/engine/src/sql/runtime/js-function.ts';

const args = process.argv.slice(2);
const rows = Number(args[args.indexOf('--rows') + 1] ?? NaN) || 20_000;

/** Values to try for an argument, in DuckDB's SQL; the first choice that a function takes is measured. */
const VALUES: Readonly<Record<JsType, readonly string[]>> = {
  BOOLEAN: ['true'],
  INTEGER: ['3', '1', '9', '38'],
  BIGINT: ['12', '3', '2', '64', '86400000'],
  HUGEINT: ['1709202030456::HUGEINT * 4096', '86400000000000000::HUGEINT', '1709202030456789000000::HUGEINT'],
  DOUBLE: ['0.5', '2.5', '12.0'],
  FLOAT: ['1.5::FLOAT'],
  VARCHAR: [
    `'hello world'`,
    `'o'`,
    `'2024-02-29 10:20:30.456'`,
    `'2024-02-29'`,
    `'UTC'`,
    `'day'`,
    `'12.50'`,
    `'1'`,
    `'{"a": [1, 2.5, "x"]}'`,
    `'$.a'`,
    `'lax $.a'`,
    `'http://example.com:80/a?x=1#f'`,
    `'%Y-%m-%d'`,
    `'yyyy-MM-dd'`,
    `'NFC'`,
    `'TIMESTAMP'`,
    `'aGVsbG8='`,
    `'ff'`,
    `'ME======'`,
    `'10.0.0.0/8'`,
    `'::1'`,
    `'#f0a'`,
    `'#ff00aa'`,
    `'12151fd2-7586-11e9-8f9e-2a86e4085a59'`,
    `'1.5d'`,
    `'1kB'`,
    `'true'`,
    `'10:20:30'`,
    `'2024-02-29T10:20:30Z'`,
    `'02'`,
    `'POINT (1 2)'`,
    `'LINESTRING (0 0, 3 4)'`,
    `'POLYGON ((0 0, 4 0, 4 4, 0 0))'`,
    `'a=1,b=2'`,
    `','`,
    `'='`,
    `'en'`,
    `'l'`,
    `'null'`,
    `'false'`,
    `'x'`,
  ],
  BLOB: [
    `'\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x01'::BLOB`,
    `'\\x3F\\x80\\x00\\x00'::BLOB`,
    `'\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\xFF\\xFF\\x0A\\x00\\x00\\x01'::BLOB`,
  ],
  DATE: [`DATE '2024-02-29'`],
  TIMESTAMP: [`TIMESTAMP '2024-02-29 10:20:30'`],
  'VARCHAR[]': [`['a', 'b']`, `['1', '2']`, `['without', 'keep', 'null', 'null']`, `['ia', 'fb']`],
  'BIGINT[]': ['[0, 1, -1, 0]', '[1, 2]'],
  'DOUBLE[]': ['[1.0, 2.5]'],
  'BLOB[]': [`['\\x01'::BLOB, '\\x02'::BLOB]`],
  'BOOLEAN[]': ['[true, false]'],
  'BIGINT[][]': ['[[1, 2]]'],
  'VARCHAR[][]': [`[['a']]`],
};
/** Arguments that are made by another function. */
const MADE: Readonly<Record<string, readonly string[]>> = {
  hll_cardinality: ['ergane_hll_make([1, 2])'],
  hll_merge: ['[ergane_hll_make([1, 2])]'],
  tdigest_value: ['ergane_tdigest_make([1.0, 2.0], [1.0, 1.0])', '0.5'],
  tdigest_quantile: ['ergane_tdigest_make([1.0, 2.0], [1.0, 1.0])', '1.5'],
  tdigest_scale: ['ergane_tdigest_make([1.0, 2.0], [1.0, 1.0])', '2.0'],
  tdigest_merge: ['[ergane_tdigest_make([1.0, 2.0], [1.0, 1.0])]'],
};

/** The first choice of arguments that the function takes, found by trying at most some eighty. */
async function findArguments(connection: DuckDBConnection, each: JsFunction): Promise<readonly string[] | undefined> {
  const made = MADE[each.name.replace('ergane_', '')];
  if (made) return made;
  const pools = each.parameters.map((type) => VALUES[type]);
  const total = pools.reduce((product, pool) => product * pool.length, 1);
  const step = Math.max(1, Math.floor(total / 80));
  for (let index = 0; index < total; index += step) {
    let rest = index;
    const chosen = pools.map((pool) => {
      const value = pool[rest % pool.length] ?? 'NULL';
      rest = Math.floor(rest / pool.length);
      return value;
    });
    const refused = await connection.run(`SELECT ${each.name}(${chosen.join(', ')})`).then(
      () => undefined,
      (error: unknown) => error ?? true,
    );
    if (refused === undefined) return chosen;
  }
  return undefined;
}

async function measure(
  connection: DuckDBConnection,
  call: (columns: readonly string[]) => string,
  chosen: readonly string[],
) {
  const columns = chosen.map((value, index) => `${value} AS a${index}`).join(', ');
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE arguments AS SELECT ${columns === '' ? '1 AS one' : columns} FROM range(${rows})`,
  );
  const before = process.cpuUsage();
  await connection.run(
    `SELECT count(x) FROM (SELECT ${call(chosen.map((_value, index) => `a${index}`))} AS x FROM arguments) t WHERE x IS NULL OR x IS NOT NULL`,
  );
  const { user, system } = process.cpuUsage(before);
  return rows / ((user + system) / 1e6);
}

const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
await prepareDuckdb(connection);
const thousands = (value: number) => Math.round(value / 1000).toLocaleString('en-US');
const native = await measure(connection, ([column]) => `upper(${column})`, [`'hello world'`]);
const lines = [`| DuckDB's own upper | \`'hello world'\` | ${thousands(native)} |`];
for (const each of JS_FUNCTIONS.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
  const chosen = await findArguments(connection, each);
  const name = each.name.replace('ergane_', '');
  const shown = chosen?.join(', ').replaceAll('|', '\\|') ?? '';
  const speed = chosen && (await measure(connection, (columns) => `${each.name}(${columns.join(', ')})`, chosen));
  lines.push(
    `| ${name} | \`${shown.length > 90 ? `${shown.slice(0, 90)}…` : shown}\` | ${speed === undefined ? 'always an error' : thousands(speed)} |`,
  );
}
const table = ['| function | arguments | thousand rows a CPU second |', '| --- | --- | ---: |', ...lines].join('\n');
console.log(table);
if (args.includes('--write')) {
  writeFileSync(
    new URL('./sql-functions.md', import.meta.url),
    `# Scalar functions in JavaScript\n\nWhat no DuckDB expression says is computed in JavaScript. \`npm run bench benchmarks/sql-functions.ts -- --write\` measures each: ${rows} rows\nof one call, in one thread, by CPU time.\n\n<!-- prettier-ignore -->\n${table}\n`,
  );
}
connection.closeSync();
