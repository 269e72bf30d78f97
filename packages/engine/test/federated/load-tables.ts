import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BatchWriteItemCommand, CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import { openStore } from '@ergane/storage';
import { s3StoreUrl, type Federation } from './open-federation.ts';

const LOADER = fileURLToPath(new URL('../../../../scripts/load-parquet.mjs', import.meta.url));

export interface CorpusTable {
  readonly rows: number;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

export async function readTableDefinitions(folder: string): Promise<Readonly<Record<string, CorpusTable>>> {
  const tables: Record<string, CorpusTable> = JSON.parse(await readFile(path.join(folder, 'tables.json'), 'utf8'));
  return tables;
}

/** Tables of a folder of Parquet files into a SQL server, as `name` or `name:key,column`. What is there already stays. */
export async function loadIntoServer(
  server: URL,
  { folder, schema, tables }: { readonly folder: string; readonly schema: string; readonly tables: readonly string[] },
): Promise<void> {
  const child = spawn(process.execPath, [LOADER, server.href, folder, schema, ...tables], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`load-parquet.mjs into ${server.protocol}: exit ${code}`);
}

/** The files into a bucket of the S3 server, and the tables into the engine's own catalog as database `schema`. */
export async function loadIntoS3(
  federation: Federation,
  {
    server,
    folder,
    schema,
    tables,
  }: { readonly server: URL; readonly folder: string; readonly schema: string; readonly tables: readonly string[] },
): Promise<void> {
  const bucket = `ergane-${schema.replaceAll('_', '-')}`;
  await makeBucket(server, bucket);
  await using store = openStore(s3StoreUrl(server));
  const definitions = await readTableDefinitions(folder);
  await federation.answer(`CREATE DATABASE ${schema}`);
  for (const table of tables) {
    const key = `${table}/${table}.parquet`;
    const bytes = await readFile(path.join(folder, `${table}.parquet`));
    if ((await store.head(bucket, key))?.size !== bytes.byteLength) await store.put(bucket, key, bytes);
    const columns = definitions[table]?.columns.map(({ name, type }) => `\`${name}\` ${hiveType(type)}`) ?? [];
    await federation.answer(
      `CREATE EXTERNAL TABLE ${schema}.${table} (${columns.join(', ')}) STORED AS PARQUET LOCATION 's3://${bucket}/${table}/'`,
    );
  }
}

function hiveType(type: string): string {
  return type === 'integer' ? 'int' : type;
}

async function makeBucket(server: URL, bucket: string): Promise<void> {
  const client = new S3Client({
    endpoint: server.origin,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: server.username, secretAccessKey: server.password },
  });
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'BucketAlreadyOwnedByYou') throw error;
  } finally {
    client.destroy();
  }
}

/** A small table as items, whose key is its first column, a number; answers its definition for the connector. */
export async function loadIntoDynamodb(
  server: URL,
  { folder, prefix, table }: { readonly folder: string; readonly prefix: string; readonly table: string },
): Promise<Readonly<Record<string, unknown>>> {
  const { columns = [] } = (await readTableDefinitions(folder))[table] ?? {};
  const [key] = columns;
  if (key === undefined) throw new Error(`no table ${table}`);
  const name = `${prefix}-${table}`;
  const credentials = { accessKeyId: server.username, secretAccessKey: server.password };
  const client = new DynamoDBClient({ endpoint: server.origin, region: 'us-east-1', credentials });
  try {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: key.name, KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: key.name, AttributeType: 'N' }],
      }),
    );
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceInUseException') throw error;
  }
  const items = await readItems(path.join(folder, `${table}.parquet`), columns);
  for (let from = 0; from < items.length; from += 25)
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: { [name]: items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } })) },
      }),
    );
  client.destroy();
  return { source: name, columns: Object.fromEntries(columns.map((column) => [column.name, column.type])) };
}

async function readItems(file: string, columns: CorpusTable['columns']): Promise<Record<string, AttributeValue>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const list = columns.map(({ name }) => `"${name}"::VARCHAR`).join(', ');
  const rows = (await connection.runAndReadAll(`SELECT ${list} FROM read_parquet('${file}')`)).getRows();
  connection.closeSync();
  instance.closeSync();
  return rows.map((row) =>
    Object.fromEntries(
      columns.map(({ name, type }, index) => {
        const text = String(row[index]);
        return [name, type.startsWith('varchar') ? { S: text } : { N: text }];
      }),
    ),
  );
}
