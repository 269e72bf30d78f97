// Where the TPC-H tables of scripts/load-tpch.mjs are.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { serverUrl, type Source } from './rig.ts';

export function tpchName(scale: string): string {
  return `tpch_sf${scale.replace('.', '_')}`;
}

/** Loads the tables where they are not yet. */
export function loadTpch(scale: string, servers: readonly ('postgresql' | 'mariadb')[]): void {
  const script = fileURLToPath(new URL('../../scripts/load-tpch.mjs', import.meta.url));
  for (const server of servers) {
    const result = spawnSync(process.execPath, [script, serverUrl(server).href, scale], { stdio: ['ignore', 2, 2] });
    if (result.status !== 0) throw new Error(`load-tpch.mjs ${server} ${scale}: exit ${result.status}`);
  }
}

export function postgresql(): Source {
  return { connector: 'postgresql', environment: { default: serverUrl('postgresql').href } };
}

export function mariadb(): Source {
  return { connector: 'mysql', environment: { default: serverUrl('mariadb').href } };
}

/** Every column of lineitem, each read by an aggregate. */
export function readEveryColumn(table: string): string {
  return `SELECT count(*), sum(l_orderkey), sum(l_partkey), sum(l_suppkey), sum(l_linenumber), sum(l_quantity), sum(l_extendedprice),
  sum(l_discount), sum(l_tax), max(l_returnflag), max(l_linestatus), max(l_shipdate), max(l_commitdate), max(l_receiptdate),
  max(l_shipinstruct), max(l_shipmode), max(l_comment) FROM ${table}`;
}

/** The 22 queries with the validation parameters. */
export function readTpchQueries(): readonly string[] {
  const script = fileURLToPath(new URL('../../scripts/print-tpch-queries.mjs', import.meta.url));
  const { stdout, status } = spawnSync(process.execPath, [script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 2] });
  if (status !== 0) throw new Error(`print-tpch-queries.mjs: exit ${status}`);
  const queries: readonly string[] = JSON.parse(stdout);
  // Q15 groups by an output name, which is DuckDB's dialect
  return queries.map((query) =>
    query
      .trim()
      .replace(/;$/, '')
      .replace(/(GROUP BY\s+)supplier_no/, '$1l_suppkey'),
  );
}

/** The file of DuckDB's S3 client; undefined where it cannot be had, and then objects are copied whole. */
export function findHttpfs(): string | undefined {
  const program = `import { fetchDuckdbExtension } from './scripts/duckdb-extension.mjs';
    process.stdout.write(fetchDuckdbExtension('httpfs'));`;
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const args = ['--input-type=module', '-e', program];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 2] });
  return status === 0 ? stdout : undefined;
}
