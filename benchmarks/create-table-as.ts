/**
 * CREATE TABLE AS of 5 million rows from Parquet to Parquet, against DuckDB's own COPY of the same rows with the same threads, memory
 * and codec, by turns in one run: rows/s of both and the ratio.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { createEngine, openFileMetastore, openWarehouse } from '@ergane/engine';
import { openStore } from '@ergane/storage';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROWS = 5_000_000;
const ROUNDS = 3;
const SOURCE = `SELECT i AS id, (i * 7919 % 1000000)::INTEGER AS customer, (i % 100000 / 100)::DECIMAL(10,2) AS price,
  'item number ' || (i % 5000) AS name, TIMESTAMP '2024-01-01' + INTERVAL (i % 31536000) SECOND AS at, random() AS x FROM range(${ROWS}) t(i)`;

const folder = await mkdtemp(path.join(tmpdir(), 'ergane-ctas-'));
const store = openStore(path.join(folder, 's3'));
const input = path.join(folder, 's3/b/in');
await mkdir(input, { recursive: true });
const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1024MB' });
const duckdb = await instance.connect();
await duckdb.run(`COPY (${SOURCE}) TO '${input}/all.parquet'`);
const engine = await createEngine({
  catalogs: {},
  invoker: { invoke: () => Promise.reject(new Error('there are no functions')) },
  spill: { store, bucket: 'spill', prefix: 'p' },
  temporaryDirectory: path.join(folder, 'tmp'),
  dataCatalog: {
    metastore: openFileMetastore(path.join(folder, 'metastore.json')),
    warehouse: openWarehouse({ store, cacheFolder: path.join(folder, 'cache') }),
  },
});

async function run(sql: string): Promise<void> {
  await using result = await engine.run(sql);
  for await (const _rows of result.batches);
}

/** Seconds, and seconds of CPU of this process and its threads. */
async function measure(work: () => Promise<unknown>): Promise<{ readonly wall: number; readonly cpu: number }> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - startedAt) / 1000, cpu: (user + system) / 1e6 };
}

await run(
  `CREATE EXTERNAL TABLE source (id bigint, customer int, price decimal(10,2), name string, at timestamp, x double) STORED AS PARQUET LOCATION 's3://b/in/'`,
);
for (const codec of ['SNAPPY', 'ZSTD', 'GZIP']) {
  const own: { wall: number; cpu: number }[] = [];
  const reference: { wall: number; cpu: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const copy = `COPY (SELECT * FROM read_parquet('${input}/all.parquet')) TO '${folder}/out.parquet' (FORMAT parquet, COMPRESSION ${codec})`;
    const duckdbTook = await measure(() => duckdb.run(copy));
    const took = await measure(() =>
      run(`CREATE TABLE t${codec}${round} WITH (write_compression = '${codec}') AS SELECT * FROM source`),
    );
    if (round === 0) continue; // the first warms both
    reference.push(duckdbTook);
    own.push(took);
  }
  const best = (all: readonly { wall: number; cpu: number }[], of: 'wall' | 'cpu') =>
    Math.min(...all.map((each) => each[of]));
  const rate = (seconds: number) => `${(ROWS / seconds / 1e6).toFixed(2)} M rows/s`;
  const ratio = (of: 'wall' | 'cpu') => (best(reference, of) / best(own, of)).toFixed(2);
  console.log(
    `${codec}: CREATE TABLE AS ${rate(best(own, 'wall'))}, DuckDB's COPY ${rate(best(reference, 'wall'))}, ratio ${ratio('wall')} (by CPU time ${ratio('cpu')})`,
  );
}
await engine[Symbol.asyncDispose]();
duckdb.closeSync();
instance.closeSync();
await rm(folder, { recursive: true });
