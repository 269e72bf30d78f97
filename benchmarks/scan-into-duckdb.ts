// How fast Arrow batches go into DuckDB through a worker thread: lineitem's shape, each of the 16 columns read by an aggregate.
// Run: node --conditions=source --import tsx benchmarks/scan-into-duckdb.ts [rows]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeRecordBatch, encodeRecordBatch, makeBatch, makeColumn } from '@ergane/protocol';
import { Date_, DateUnit, Decimal, Field, Int32, Int64, Schema, Utf8 } from 'apache-arrow';
import type { DataType } from 'apache-arrow';
import { DuckdbWorker } from '../packages/engine/src/duckdb/duckdb-worker.ts';
import { flattenBatch } from '../packages/engine/src/duckdb/flat-batch.ts';
import type { TrinoType } from '../packages/engine/src/sql/trino-type.ts';

const ROWS = Number(process.argv[2] ?? 6_000_000);
const BATCH = 65_536;
const WINDOW = 4;

const decimal = (): Decimal => new Decimal(2, 15, 128);
const COLUMNS: readonly (readonly [string, DataType, TrinoType, number])[] = [
  ['l_orderkey', new Int64(), { kind: 'bigint' }, 0],
  ['l_partkey', new Int64(), { kind: 'bigint' }, 0],
  ['l_suppkey', new Int64(), { kind: 'bigint' }, 0],
  ['l_linenumber', new Int32(), { kind: 'integer' }, 0],
  ['l_quantity', decimal(), { kind: 'decimal', precision: 15, scale: 2 }, 0],
  ['l_extendedprice', decimal(), { kind: 'decimal', precision: 15, scale: 2 }, 0],
  ['l_discount', decimal(), { kind: 'decimal', precision: 15, scale: 2 }, 0],
  ['l_tax', decimal(), { kind: 'decimal', precision: 15, scale: 2 }, 0],
  ['l_returnflag', new Utf8(), { kind: 'varchar' }, 1],
  ['l_linestatus', new Utf8(), { kind: 'varchar' }, 1],
  ['l_shipdate', new Date_(DateUnit.DAY), { kind: 'date' }, 0],
  ['l_commitdate', new Date_(DateUnit.DAY), { kind: 'date' }, 0],
  ['l_receiptdate', new Date_(DateUnit.DAY), { kind: 'date' }, 0],
  ['l_shipinstruct', new Utf8(), { kind: 'varchar' }, 12],
  ['l_shipmode', new Utf8(), { kind: 'varchar' }, 4],
  ['l_comment', new Utf8(), { kind: 'varchar' }, 27],
];
const schema = new Schema(COLUMNS.map(([name, type]) => new Field(name, type, true)));

/** One encoded batch; all are alike, because only their bytes' way is measured. */
function encodedBatch(): Uint8Array {
  const width: Record<string, number> = { bigint: 8, integer: 4, date: 4, decimal: 16 };
  const columns = COLUMNS.map(([, type, trino, average]) => {
    if (trino.kind !== 'varchar') {
      const values = new Uint8Array(BATCH * (width[trino.kind] ?? 8));
      for (let i = 0; i < BATCH; i++) values[i * (width[trino.kind] ?? 8)] = i & 127;
      return makeColumn(type, { length: BATCH, nullCount: 0, values });
    }
    const offsets = new Int32Array(BATCH + 1);
    for (let i = 0; i < BATCH; i++) offsets[i + 1] = (offsets[i] ?? 0) + average + (average > 1 ? (i % 7) - 3 : 0);
    return makeColumn(type, {
      length: BATCH,
      nullCount: 0,
      offsets,
      values: new Uint8Array(offsets[BATCH] ?? 0).fill(97),
    });
  });
  return encodeRecordBatch(makeBatch(schema, BATCH, columns), 'legacy');
}

const encoded = encodedBatch();
const temporaryDirectory = mkdtempSync(path.join(tmpdir(), 'ergane-bench-'));
const worker = new DuckdbWorker({
  threads: 2,
  memoryLimitMb: 1024,
  temporaryDirectory,
  allowedDirectories: [],
  setup: [],
});
await worker.ready;
const aggregates = COLUMNS.map(([name, , type]) =>
  type.kind === 'varchar'
    ? `max(${name})`
    : `sum(${name === 'l_shipdate' || type.kind === 'date' ? `epoch(${name})` : name})`,
);
const sql = `SELECT count(*), ${aggregates.join(', ')} FROM ergane_scan(0)`;

for (let round = 0; round < 4; round++) {
  await worker.plan({
    sql,
    tables: [{ id: 0, name: 'lineitem', columns: COLUMNS.map(([name, , type]) => ({ name, type })), rowCount: ROWS }],
  });
  const total = Math.ceil(ROWS / BATCH);
  const columns = COLUMNS.map((_, index) => index);
  let sent = 0;
  let taken = 0;
  const pump = (): void => {
    while (sent < total && sent - taken < WINDOW) {
      sent++;
      const bytes = new Uint8Array(encoded.byteLength);
      bytes.set(encoded);
      worker.send({ kind: 'batch', stream: 0, columns, batch: flattenBatch(decodeRecordBatch(bytes, schema), true) });
    }
    if (sent === total) {
      sent++;
      worker.send({ kind: 'end', stream: 0 });
    }
  };
  const started = performance.now();
  const cpu = process.cpuUsage();
  for await (const rows of worker.run(
    { sql, columns: [], keyColumns: [], streaming: false },
    { onOpen: pump, onConsumed: () => (taken++, pump()) },
  ))
    if (rows.length !== 1) throw new Error('one row expected');
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `${(total * BATCH) / 1e6} M rows x 16 columns: ${seconds.toFixed(2)} s, ${((user + system) / 1e6).toFixed(2)} s CPU, ` +
      `${((total * encoded.byteLength) / seconds / 1e9).toFixed(2)} GB/s, ${Math.round(process.memoryUsage.rss() / 1e6)} MB`,
  );
  await worker.release();
}
await worker.end();
rmSync(temporaryDirectory, { recursive: true, force: true });
