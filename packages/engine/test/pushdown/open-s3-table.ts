import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { openStore } from '@ergane/storage';
import type { ObjectStore } from '@ergane/storage';
import { requireServer } from '@ergane/testing';
import { openFileMetastore, openWarehouse } from '../../src/index.ts';
import { makeFakeSource } from '../fake-source.ts';
import { makeTestParts, makeTestPlace, rowsOf } from '../test-engine.ts';
import type { OpenedTable } from './opened-table.ts';
import { makeRows, VALUES } from './values.ts';

export const FORMATS = ['parquet', 'csv', 'json'] as const;
export type Format = (typeof FORMATS)[number];
type Row = Readonly<Record<string, string | null>>;

const HIVE: Readonly<Record<string, readonly [type: string, duckdb: string]>> = {
  i: ['int', 'INTEGER'],
  b: ['bigint', 'BIGINT'],
  d: ['decimal(38,6)', 'DECIMAL(38,6)'],
  s: ['string', 'VARCHAR'],
  c: ['char(5)', 'VARCHAR'],
  x: ['double', 'DOUBLE'],
  r: ['float', 'FLOAT'],
  day: ['date', 'DATE'],
  ts: ['timestamp', 'TIMESTAMP'],
  v: ['binary', 'BLOB'],
  f: ['boolean', 'BOOLEAN'],
};
/** Partitions whose names a case-insensitive comparison would mix up. */
const PARTITIONS = ['a', 'A', 'ä', ' a', '__HIVE_DEFAULT_PARTITION__'];
const STORED: Readonly<Record<Format, string>> = {
  parquet: 'STORED AS PARQUET',
  csv: "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t'",
  json: "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'",
};

function columnsOf(format: Format): readonly string[] {
  // JSON has no bytes, and no number that is none
  return Object.keys(HIVE).filter((name) => name !== 'v' || format === 'parquet');
}

/** A table of random rows on the S3 server, in five partitions of two files. */
export async function openS3Table(
  context: TestContext,
  format: Format,
  pick: (count: number) => number,
): Promise<OpenedTable | undefined> {
  const server = requireServer(context, 's3');
  if (server === undefined) return undefined;
  const place = await makeTestPlace();
  const store = openStore(`s3+${server.href}`);
  const bucket = `pushdown-${process.pid}-${Date.now()}-${format}`;
  await makeBucket(server, bucket);
  const parts = makeTestParts(place, makeFakeSource({ store: place.store, tables: {} }), {
    dataCatalog: {
      metastore: openFileMetastore(path.join(place.folder, 'metastore.json')),
      warehouse: openWarehouse({ store, cacheFolder: path.join(place.folder, 'cache') }),
    },
  });
  const names = columnsOf(format);
  const rows = makeRows(names, pick, { special: format === 'parquet' }).map((row, id) => ({ ...row, id: String(id) }));
  for (const index of PARTITIONS.keys()) {
    const own = rows.filter((_, row) => row % PARTITIONS.length === index);
    for (const half of [0, 1])
      await putRows(store, {
        bucket,
        key: `t/p${index}/f${half}`,
        rows: own.filter((_, row) => row % 2 === half),
        format,
        names,
        folder: place.folder,
      });
  }
  const session = { catalog: 'awsdatacatalog', schema: 'default' };
  await rowsOf(
    parts,
    `CREATE EXTERNAL TABLE t (id int, ${names.map((name) => `${name} ${HIVE[name]?.[0] ?? ''}`).join(', ')}) PARTITIONED BY (p string) ${STORED[format]} LOCATION 's3://${bucket}/t/'`,
    session,
  );
  for (const [index, partition] of PARTITIONS.entries())
    await rowsOf(
      parts,
      `ALTER TABLE t ADD PARTITION (p = '${partition}') LOCATION 's3://${bucket}/t/p${index}/'`,
      session,
    );
  return {
    parts,
    ...session,
    name: 't',
    async [Symbol.asyncDispose]() {
      await parts[Symbol.asyncDispose]();
      for await (const { key } of store.list(bucket, '')) await store.delete(bucket, [key]);
      await store[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

interface FileOptions {
  readonly bucket: string;
  readonly key: string;
  readonly rows: readonly Row[];
  readonly format: Format;
  readonly names: readonly string[];
  readonly folder: string;
}

async function putRows(store: ObjectStore, { bucket, key, rows, format, names, folder }: FileOptions): Promise<void> {
  const all = ['id', ...names];
  if (format === 'csv') {
    const lines = rows.map((row) => all.map((name) => row[name] ?? '\\N').join('\t'));
    return store.put(bucket, key, Buffer.from(`${lines.join('\n')}\n`));
  }
  if (format === 'json') {
    const lines = rows.map((row) => `{${all.flatMap((name) => member(name, row[name])).join(',')}}`);
    return store.put(bucket, key, Buffer.from(`${lines.join('\n')}\n`));
  }
  const file = path.join(folder, 'rows.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const tuples = rows.map((row) => `(${all.map((name) => sqlValue(name, row[name])).join(', ')})`);
  await connection.run(
    `COPY (SELECT * FROM (VALUES ${tuples.join(', ')}) t(${all.join(', ')})) TO '${file}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  return store.put(bucket, key, await readFile(file));
}

/** A NULL is a missing key or JSON's null. Decimals are text: DuckDB reads a JSON number with a fraction as a double. */
function member(name: string, text: string | null | undefined): readonly string[] {
  if (text === null || text === undefined) return name < 'i' ? [] : [`"${name}":null`];
  const isText = ['text', 'char', 'date', 'time', 'decimal'].includes(VALUES[name]?.kind ?? '');
  return [`"${name}":${isText ? JSON.stringify(text) : text}`];
}

function sqlValue(name: string, text: string | null | undefined): string {
  const type = HIVE[name]?.[1] ?? 'INTEGER';
  if (text === null || text === undefined) return `CAST(NULL AS ${type})`;
  if (type === 'BLOB') return `from_hex('${text}')`;
  return `CAST('${text.replaceAll("'", "''")}' AS ${type})`;
}

async function makeBucket(server: URL, bucket: string): Promise<void> {
  const credentials = { accessKeyId: server.username, secretAccessKey: server.password };
  const client = new S3Client({ endpoint: server.origin, region: 'us-east-1', forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
}
