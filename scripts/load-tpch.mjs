#!/usr/bin/env node
// TPC-H tables for tests and benchmarks: standard column names, money as decimal(12,2), primary keys and no other index.
//   node scripts/load-tpch.mjs <postgres://… | mysql://…> [scale = 1] [name = tpch_sf<scale>]
// They go into a schema (PostgreSQL) or database (MySQL, MariaDB) of that name, unless they are there already. The rows are made once
// by DuckDB's tpch extension and kept in the cache folder.
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fetchDuckdbExtension } from './duckdb-extension.mjs';
import { cacheFolder, run, say } from './servers/base.mjs';

/** Column types that both dialects know, the primary key at the end. */
const TABLES = {
  region: 'r_regionkey bigint, r_name varchar(25), r_comment varchar(152) / r_regionkey',
  nation: 'n_nationkey bigint, n_name varchar(25), n_regionkey bigint, n_comment varchar(152) / n_nationkey',
  supplier:
    's_suppkey bigint, s_name varchar(25), s_address varchar(40), s_nationkey bigint, s_phone varchar(15), s_acctbal decimal(12,2), s_comment varchar(101) / s_suppkey',
  part: 'p_partkey bigint, p_name varchar(55), p_mfgr varchar(25), p_brand varchar(10), p_type varchar(25), p_size integer, p_container varchar(10), p_retailprice decimal(12,2), p_comment varchar(23) / p_partkey',
  partsupp:
    'ps_partkey bigint, ps_suppkey bigint, ps_availqty integer, ps_supplycost decimal(12,2), ps_comment varchar(199) / ps_partkey, ps_suppkey',
  customer:
    'c_custkey bigint, c_name varchar(25), c_address varchar(40), c_nationkey bigint, c_phone varchar(15), c_acctbal decimal(12,2), c_mktsegment varchar(10), c_comment varchar(117) / c_custkey',
  orders:
    'o_orderkey bigint, o_custkey bigint, o_orderstatus varchar(1), o_totalprice decimal(12,2), o_orderdate date, o_orderpriority varchar(15), o_clerk varchar(15), o_shippriority integer, o_comment varchar(79) / o_orderkey',
  // last: where it has rows, all of them are there
  lineitem:
    'l_orderkey bigint, l_partkey bigint, l_suppkey bigint, l_linenumber integer, l_quantity decimal(12,2), l_extendedprice decimal(12,2), l_discount decimal(12,2), l_tax decimal(12,2), l_returnflag varchar(1), l_linestatus varchar(1), l_shipdate date, l_commitdate date, l_receiptdate date, l_shipinstruct varchar(25), l_shipmode varchar(10), l_comment varchar(44) / l_orderkey, l_linenumber',
};

export const tpchTables = Object.keys(TABLES);

/** Names and SQL types, in order. */
export function tpchColumns(table) {
  const [columns] = TABLES[table].split(' / ');
  return columns.split(/, (?=[a-z])/).map((column) => {
    const [name, type] = column.split(' ');
    return { name, type };
  });
}

function printCreateTable(table, name) {
  const [, key] = TABLES[table].split(' / ');
  const all = tpchColumns(table).map((column) => `${column.name} ${column.type} not null`);
  return `create table ${name}.${table} (${all.join(', ')}, primary key (${key}))`;
}

/** The folder with one `<table>.tbl` (fields divided by `|`) a table. */
export async function makeTpchFiles(scale) {
  const folder = path.join(cacheFolder, `tpch-sf${scale}`);
  if (existsSync(folder)) return folder;
  say(`making TPC-H scale ${scale} ...`);
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const making = `${folder}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  const instance = await DuckDBInstance.create(path.join(making, 'duckdb'));
  const connection = await instance.connect();
  await loadTpchExtension(connection);
  await connection.run(`call dbgen(sf = ${Number(scale)})`);
  for (const table of tpchTables)
    await connection.run(`copy ${table} to '${making}/${table}.tbl' (delimiter '|', header false, quote '')`);
  connection.closeSync();
  instance.closeSync();
  rmSync(path.join(making, 'duckdb'), { force: true });
  if (existsSync(folder)) rmSync(making, { recursive: true });
  else renameSync(making, folder);
  return folder;
}

/** From DuckDB's own site, else from the PyPI wheel that carries the same signed file. */
export async function loadTpchExtension(connection) {
  try {
    await connection.run('install tpch; load tpch');
  } catch (error) {
    say(`DuckDB's extension site does not give tpch (${error.message.split('\n')[0]}): taking it from PyPI`);
    await connection.run(`load '${fetchDuckdbExtension('tpch')}'`);
  }
}

/** Loads the eight tables, unless they are there. Answers the name of their schema or database. */
export async function loadTpch(url, { scale = 1, name = `tpch_sf${String(scale).replace('.', '_')}` } = {}) {
  const load = new URL(url).protocol.startsWith('postgres') ? loadPostgresql : loadMysql;
  await load(String(url), { name, findFiles: () => makeTpchFiles(scale) });
  return name;
}

async function loadPostgresql(url, { name, findFiles }) {
  const { default: pg } = await import('pg');
  const { from } = await import('pg-copy-streams');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(20240042)');
    const found = await client.query('select to_regclass($1) as lineitem', [`${name}.lineitem`]);
    if (found.rows[0].lineitem !== null) return;
    const folder = await findFiles();
    // tables made in the same transaction are filled without a write-ahead log
    await client.query(`begin; drop schema if exists ${name} cascade; create schema ${name}`);
    for (const table of tpchTables) {
      await client.query(printCreateTable(table, name));
      const sink = client.query(from(`copy ${name}.${table} from stdin (delimiter '|', freeze)`));
      await pipeline(createReadStream(`${folder}/${table}.tbl`), sink);
    }
    await client.query('commit');
    for (const table of tpchTables) await client.query(`vacuum (freeze, analyze) ${name}.${table}`);
  } finally {
    await client.end();
  }
}

async function loadMysql(url, { name, findFiles }) {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({ uri: url });
  try {
    await connection.query("select get_lock('ergane_tpch', 3600)");
    if (await hasRows(connection, name)) return;
    const folder = await findFiles();
    await connection.query(`drop database if exists ${name}`);
    await connection.query(`create database ${name} character set utf8mb4 collate utf8mb4_bin`);
    await connection.query('set global local_infile = 1');
    await connection.query('set unique_checks = 0, foreign_key_checks = 0');
    for (const table of tpchTables) {
      await connection.query(printCreateTable(table, name));
      await connection.query({
        sql: `load data local infile '${table}.tbl' into table ${name}.${table} fields terminated by '|' escaped by ''`,
        infileStreamFactory: () => createReadStream(`${folder}/${table}.tbl`),
      });
    }
    await connection.query(`analyze table ${tpchTables.map((table) => `${name}.${table}`).join(', ')}`);
  } finally {
    await connection.end();
  }
}

async function hasRows(connection, name) {
  try {
    const [rows] = await connection.query(`select 1 from ${name}.lineitem limit 1`);
    return rows.length > 0;
  } catch (error) {
    if (['ER_NO_SUCH_TABLE', 'ER_BAD_DB_ERROR'].includes(error.code)) return false;
    throw error;
  }
}

if (process.argv[1]?.endsWith('load-tpch.mjs')) {
  const [url, scale = '1', name] = process.argv.slice(2);
  if (!url) {
    say('usage: load-tpch.mjs <postgres://… | mysql://…> [scale = 1] [name]');
    process.exit(2);
  }
  const from = Date.now();
  const loaded = await loadTpch(url, { scale, ...(name && { name }) });
  say(`${loaded} is there, ${((Date.now() - from) / 1000).toFixed(1)} s`);
}
