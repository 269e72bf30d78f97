import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBAppender, DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { ResultColumn } from '@ergane/engine';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeUnique, type Format, type Printable } from './format.ts';
import { appendedType, makeDuckdbValue, parquetType } from './parquet-value.ts';

/** Rows between two hand-overs of the appender's memory. */
const FLUSH_ROWS = 20_000;

/**
 * A Parquet file, written by DuckDB in a temporary folder, because its end says where its parts are. Types are Parquet's own where they
 * hold every value (docs/cli.md); other values are their text.
 */
export const printParquet: Format = async function* (result) {
  if (result.columns.length === 0) return;
  const folder = await mkdtemp(path.join(tmpdir(), 'ergane-parquet-'));
  try {
    const file = path.join(folder, 'result.parquet');
    await writeParquet(result, folder, file);
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) yield chunk as Buffer; // no encoding is set
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

async function writeParquet(result: Printable, folder: string, file: string): Promise<void> {
  const instance = await DuckDBInstance.create(path.join(folder, 'rows.duckdb'), {
    memory_limit: '512MB',
    threads: '2',
  });
  const connection = await instance.connect();
  try {
    const columns = result.columns.map(({ type }, index) => `c${index} ${appendedType(type)}`);
    await connection.run(`create table result (${columns.join(', ')})`);
    await appendRows(connection, result);
    await connection.run(
      `copy (${selectTyped(result.columns)}) to '${file.replaceAll("'", "''")}' (format parquet, compression zstd)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function selectTyped(columns: readonly ResultColumn[]): string {
  const names = makeUnique(columns.map(({ name }) => name));
  const casts = columns.map(
    ({ type }, index) => `cast(c${index} as ${parquetType(type)}) as "${(names[index] ?? '').replaceAll('"', '""')}"`,
  );
  return `select ${casts.join(', ')} from result`;
}

async function appendRows(connection: DuckDBConnection, { columns, batches }: Printable): Promise<void> {
  const appender = await connection.createAppender('result');
  try {
    const duckdbTypes = columns.map((_, index) => appender.columnType(index));
    let waiting = 0;
    for await (const rows of batches) {
      for (const row of rows) {
        for (const [index, { type }] of columns.entries())
          append(appender, duckdbTypes[index], makeDuckdbValue(row[index] ?? null, type));
        appender.endRow();
      }
      waiting += rows.length;
      if (waiting >= FLUSH_ROWS) {
        appender.flushSync();
        waiting = 0;
      }
    }
  } finally {
    appender.closeSync();
  }
}

function append(appender: DuckDBAppender, type: DuckDBType | undefined, value: DuckDBValue): void {
  if (value === null) appender.appendNull();
  else if (typeof value === 'string') appender.appendVarchar(value);
  else appender.appendValue(value, type);
}
