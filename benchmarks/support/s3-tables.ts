// The TPC-H tables that scripts/load-tpch-s3.mjs puts on S3, and how they are declared.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { serverUrl } from './rig.ts';
import type { Rig } from './rig.ts';

const COLUMNS = {
  partsupp:
    'ps_partkey bigint, ps_suppkey bigint, ps_availqty int, ps_supplycost decimal(12,2), ps_comment varchar(199)',
  nation: 'n_nationkey bigint, n_name varchar(25), n_regionkey bigint, n_comment varchar(152)',
  region: 'r_regionkey bigint, r_name varchar(25), r_comment varchar(152)',
} as const;

export function isOnS3(table: string): boolean {
  return table in COLUMNS;
}

export function tpchBucket(scale: string): string {
  return `tpch-sf${scale.replace('.', '-')}`;
}

/** Puts the objects there, where they are not yet. */
export function loadTpchS3(scale: string): void {
  const script = fileURLToPath(new URL('../../scripts/load-tpch-s3.mjs', import.meta.url));
  const args = [script, serverUrl('s3').href, scale, ...Object.keys(COLUMNS)];
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`load-tpch-s3.mjs ${scale}: exit ${status}`);
}

/** Makes them tables of the engine's own catalog, in database `name`. */
export async function makeS3Tables(rig: Rig, name: string, scale: string): Promise<void> {
  await rig.run(`CREATE DATABASE ${name}`);
  for (const [table, columns] of Object.entries(COLUMNS))
    await rig.run(
      `CREATE EXTERNAL TABLE ${name}.${table} (${columns}) STORED AS PARQUET LOCATION 's3://${tpchBucket(scale)}/${table}/'`,
    );
}

/** The statements that do the same in a Hive catalog of Trino's, statistics included. */
export function trinoS3Tables(catalog: string, name: string, scale: string): string[] {
  const bucket = tpchBucket(scale);
  return [
    `CREATE SCHEMA IF NOT EXISTS ${catalog}.${name} WITH (location = 's3://${bucket}/trino/')`,
    ...Object.entries(COLUMNS).flatMap(([table, columns]) => [
      `CREATE TABLE IF NOT EXISTS ${catalog}.${name}.${table} (${columns}) WITH (external_location = 's3://${bucket}/${table}/', format = 'PARQUET')`,
      `ANALYZE ${catalog}.${name}.${table}`,
    ]),
  ];
}
