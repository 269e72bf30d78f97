#!/usr/bin/env node
// TPC-H tables as Parquet objects `s3://tpch-sf<scale>/<table>/<table>.parquet`, for benchmarks: the same rows as load-tpch.mjs gives.
//   node scripts/load-tpch-s3.mjs <http://key:secret@host:port> <scale> <table> ...
import { readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeTpchFiles, tpchColumns } from './load-tpch.mjs';
import { say } from './servers/base.mjs';

export const tpchBucket = (scale) => `tpch-sf${String(scale).replace('.', '-')}`;

/** Puts the tables there, unless they are. */
export async function loadTpchS3(url, { scale, tables }) {
  const { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const { origin, username, password } = new URL(url);
  const credentials = { accessKeyId: decodeURIComponent(username), secretAccessKey: decodeURIComponent(password) };
  const client = new S3Client({ endpoint: origin, region: 'us-east-1', forcePathStyle: true, credentials });
  const Bucket = tpchBucket(scale);
  try {
    await client.send(new CreateBucketCommand({ Bucket })).catch((error) => {
      if (error.name !== 'BucketAlreadyOwnedByYou') throw error;
    });
    for (const table of tables) {
      const Key = `${table}/${table}.parquet`;
      const found = await client.send(new HeadObjectCommand({ Bucket, Key })).catch((error) => {
        if (error.name !== 'NotFound') throw error;
      });
      if (found) continue;
      say(`making ${table} as Parquet ...`);
      const file = await makeParquet(scale, table);
      await client.send(new PutObjectCommand({ Bucket, Key, Body: readFileSync(file) }));
      rmSync(file);
    }
  } finally {
    client.destroy();
  }
}

async function makeParquet(scale, table) {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const folder = await makeTpchFiles(scale);
  const file = path.join(os.tmpdir(), `ergane-${table}-${process.pid}.parquet`);
  const types = tpchColumns(table).map(({ name, type }) => `'${name}': '${type}'`);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `copy (from read_csv('${folder}/${table}.tbl', delim = '|', header = false, quote = '', columns = {${types.join(', ')}})) to '${file}'`,
  );
  connection.closeSync();
  instance.closeSync();
  return file;
}

if (process.argv[1]?.endsWith('load-tpch-s3.mjs')) {
  const [url, scale, ...tables] = process.argv.slice(2);
  if (tables.length === 0) {
    say('usage: load-tpch-s3.mjs <http://key:secret@host:port> <scale> <table> ...');
    process.exit(2);
  }
  await loadTpchS3(url, { scale, tables });
}
