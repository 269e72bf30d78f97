#!/usr/bin/env node
// The 22 queries of TPC-H with the validation parameters, as a JSON array: from DuckDB's tpch extension.
import { loadTpchExtension } from './load-tpch.mjs';

const { DuckDBInstance } = await import('@duckdb/node-api');
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await loadTpchExtension(connection);
const reader = await connection.runAndReadAll('select query from tpch_queries() order by query_nr');
process.stdout.write(JSON.stringify(reader.getRows().map(([query]) => query)));
