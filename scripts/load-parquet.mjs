#!/usr/bin/env node
// Tables of a folder of Parquet files into PostgreSQL or MySQL, for tests.
//   node scripts/load-parquet.mjs <postgres://… | mysql://…> <folder> <schema> <table>[:<key column>,…] ...
// The folder holds `<table>.parquet` and `tables.json`: { "<table>": { "rows": n, "columns": [{ "name", "type" }] } }, types in SQL's words.
// A table that has its rows already stays as it is, so loading again costs nothing.
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';

async function connect(url, schema) {
  return new URL(url).protocol.startsWith('postgres') ? connectPostgresql(url, schema) : connectMysql(url, schema);
}

async function connectPostgresql(url, schema) {
  const { default: pg } = await import('pg');
  const { from } = await import('pg-copy-streams');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('select pg_advisory_lock(hashtext($1))', [schema]);
  await client.query(`create schema if not exists ${schema}`);
  return {
    run: (sql) => client.query(sql),
    count: async (table) => Number((await client.query(`select count(*) from ${schema}.${table}`)).rows[0].count),
    isMissing: (error) => error.code === '42P01',
    copy: (file, table) =>
      pipeline(
        createReadStream(file),
        client.query(from(`copy ${schema}.${table} from stdin (format csv, null 'NULL')`)),
      ),
    analyze: (table) => client.query(`analyze ${schema}.${table}`),
    end: () => client.end(),
  };
}

async function connectMysql(url, schema) {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({ uri: url });
  await connection.query('select get_lock(?, 600)', [schema]);
  await connection.query(`create database if not exists ${schema} character set utf8mb4 collate utf8mb4_bin`);
  await connection.query('set global local_infile = 1');
  await connection.query('set unique_checks = 0, foreign_key_checks = 0');
  return {
    run: (sql) => connection.query(sql),
    count: async (table) => Number((await connection.query(`select count(*) as n from ${schema}.${table}`))[0][0].n),
    isMissing: (error) => error.code === 'ER_NO_SUCH_TABLE',
    copy: (file, table) =>
      connection.query({
        sql: `load data local infile 'rows' into table ${schema}.${table} character set utf8mb4
          fields terminated by ',' optionally enclosed by '"' escaped by '' lines terminated by '\\n'`,
        infileStreamFactory: () => createReadStream(file),
      }),
    analyze: (table) => connection.query(`analyze table ${schema}.${table}`),
    end: () => connection.end(),
  };
}

async function isLoaded(server, table, rows) {
  try {
    return (await server.count(table)) === rows;
  } catch (error) {
    if (server.isMissing(error)) return false;
    throw error;
  }
}

async function main(url, folder, schema, ...asked) {
  const tables = JSON.parse(readFileSync(path.join(folder, 'tables.json'), 'utf8'));
  const server = await connect(url, schema);
  const work = mkdtempSync(path.join(os.tmpdir(), 'ergane-load-'));
  const duckdb = await DuckDBInstance.create(':memory:', { threads: '1' });
  const reader = await duckdb.connect();
  try {
    for (const each of asked) {
      const [table, key] = each.split(':');
      const { rows, columns } = tables[table];
      if (await isLoaded(server, table, rows)) continue;
      const keyColumns = key ? key.split(',') : [];
      const definitions = columns.map(
        ({ name, type }) => `${name} ${type}${keyColumns.includes(name) ? ' not null' : ''}`,
      );
      if (key) definitions.push(`primary key (${key})`);
      await server.run(`drop table if exists ${schema}.${table}`);
      await server.run(`create table ${schema}.${table} (${definitions.join(', ')})`);
      const file = path.join(work, `${table}.csv`);
      const list = columns.map(({ name }) => `"${name}"`).join(', ');
      await reader.run(
        `copy (select ${list} from read_parquet('${path.join(folder, table)}.parquet')) to '${file}' (format csv, header false, nullstr 'NULL')`,
      );
      await server.copy(file, table);
      rmSync(file);
      await server.analyze(table);
      if (!(await isLoaded(server, table, rows))) throw new Error(`${schema}.${table} has not ${rows} rows`);
    }
  } finally {
    reader.closeSync();
    duckdb.closeSync();
    rmSync(work, { recursive: true, force: true });
    await server.end();
  }
}

const [url, folder, schema, ...tables] = process.argv.slice(2);
if (tables.length === 0) {
  console.error('usage: load-parquet.mjs <postgres://… | mysql://…> <folder> <schema> <table>[:<key column>,…] ...');
  process.exit(2);
}
await main(url, folder, schema, ...tables);
