// What the SDK's read path costs: a connector gives batches like TPC-H's lineitem (65,536 rows, 16 columns, about 10 MB), which become
// encrypted spilled blocks in a folder; beside it the bare encryption and the bare writing of the same bytes, and the same read with a
// constraint that is re-checked, and in clear.
// Run: node --conditions=source --import tsx benchmarks/sdk-read.ts [batches] [rounds]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { encodeRecordBatch, makeRanges } from '@ergane/protocol';
import type { Constraints } from '@ergane/protocol';
import { encryptSpill, makeEncryptionKey } from '@ergane/protocol/spill';
import { defineConnector, makeBatchWriter } from '@ergane/sdk';
import type { BatchWriter } from '@ergane/sdk';
import { inProcessInvoker } from '@ergane/sdk/in-process';
import { makeFunctionClient } from '@ergane/sdk/testing';
import { openStore } from '@ergane/storage';
import { DateDay, Decimal, Field, Int32, Int64, Schema, Utf8 } from 'apache-arrow';
import type { DataType } from 'apache-arrow';

setFlagsFromString('--no-incremental-marking'); // as the runtime does

const [batches = 40, rounds = 3] = process.argv.slice(2).map(Number);
const ROWS = 65_536;
const SIZE = { rows: ROWS, bytes: 16 * 1024 * 1024 };
const TYPES: Readonly<Record<string, DataType>> = {
  orderkey: new Int64(),
  partkey: new Int32(),
  suppkey: new Int32(),
  linenumber: new Int32(),
  quantity: new Decimal(2, 12),
  extendedprice: new Decimal(2, 12),
  discount: new Decimal(2, 12),
  tax: new Decimal(2, 12),
  returnflag: new Utf8(),
  linestatus: new Utf8(),
  shipdate: new DateDay(),
  commitdate: new DateDay(),
  receiptdate: new DateDay(),
  shipinstruct: new Utf8(),
  shipmode: new Utf8(),
  comment: new Utf8(),
};
const schema = new Schema(Object.entries(TYPES).map(([name, type]) => new Field(name, type, true)));
const TEXTS = ['A', 'O', 'DELIVER IN PERSON', 'REG AIR', 'carefully final requests sleep'].map((text) =>
  Buffer.from(text),
);

/** As a decoder does it: straight into the buffers. */
function fill(writer: BatchWriter, batch: number): void {
  for (let row = 0; row < ROWS; row++) {
    for (const [index, column] of writer.columns.entries())
      if (column.kind === 'int32') column.values[row] = row + index;
      else if (column.kind === 'int64') {
        column.words[2 * row] = row;
        column.words[2 * row + 1] = batch;
      } else if (column.kind === 'decimal') column.words[4 * row] = row * index;
      else if (column.kind === 'utf8') {
        const text = TEXTS[(row + index) % TEXTS.length] ?? Buffer.alloc(0);
        column.setBytes(row, text, 0, text.length);
      }
    writer.endRow();
  }
}

const connector = defineConnector({
  name: 'bench',
  listSchemas: () => Promise.resolve(['s']),
  listTables: () => Promise.resolve({ tables: [] }),
  describeTable: (_context, tableName) => Promise.resolve({ tableName, schema }),
  async *read(_context, { split }) {
    const writer = makeBatchWriter(schema, SIZE);
    const given = split['fill'] === undefined ? prepared() : undefined;
    for (let index = 0; index < batches; index++) {
      if (given !== undefined) {
        yield { batch: given };
        continue;
      }
      fill(writer, index);
      const batch = writer.finish();
      yield { batch, release: () => writer.recycle(batch) };
    }
  },
});

function prepared() {
  const writer = makeBatchWriter(schema, SIZE);
  fill(writer, 0);
  return writer.finish();
}

const folder = await mkdtemp(path.join(tmpdir(), 'ergane-bench-'));
const store = openStore(folder);
const message = encodeRecordBatch(prepared(), 'legacy');
const bytes = message.length * batches;

async function clear(): Promise<void> {
  await rm(path.join(folder, 'spill'), { recursive: true, force: true });
}

async function read(
  properties: Record<string, string>,
  constraints: Partial<Constraints> = {},
  environment = {},
): Promise<void> {
  const invoker = inProcessInvoker({
    bench: { connector, environment: { ergane_spill_store: folder, ...environment } },
  });
  const client = makeFunctionClient({
    invoker,
    functionName: 'bench',
    store,
    bucket: 'spill',
    announce: ['blockNonces'],
  });
  const table = await client.getTable({ schemaName: 's', tableName: 't' });
  const [split] = await client.splits(table);
  if (split === undefined) throw new Error('no split');
  const summary = constraints.summary;
  await client.send({
    type: 'ReadRecordsRequest',
    identity: client.identity,
    queryId: 'q',
    catalogName: 'bench',
    tableName: table.tableName,
    schema: table.schema,
    split: { ...split, properties },
    constraints: {
      summary: summary ?? {},
      expression: [],
      orderByClause: [],
      limit: -1,
      queryPassthroughArguments: {},
      queryPlan: null,
    },
    maxBlockSize: 16_000_000n,
    maxInlineBlockSize: 4_000_000n,
  });
}

const half = {
  summary: {
    partkey: makeRanges(new Int32(), [
      { low: { value: 0, bound: 'EXACTLY' }, high: { value: ROWS / 2, bound: 'BELOW' } },
    ]),
  },
};
const all = {
  summary: {
    partkey: makeRanges(new Int32(), [
      { low: { value: 0, bound: 'EXACTLY' }, high: { value: undefined, bound: 'BELOW' } },
    ]),
  },
};

const RUNS: Readonly<Record<string, () => Promise<void>>> = {
  'bare write of the blocks': async () => {
    for (let index = 0; index < batches; index++) await store.put('spill', `bare.${index}`, message);
  },
  'bare encryption of the blocks': async () => {
    const key = makeEncryptionKey();
    for (let index = 0; index < batches; index++) encryptSpill(message, key);
    await Promise.resolve();
  },
  'bare encryption and write': async () => {
    const key = makeEncryptionKey();
    for (let index = 0; index < batches; index++) await store.put('spill', `both.${index}`, encryptSpill(message, key));
  },
  'filling the columns alone': async () => {
    const writer = makeBatchWriter(schema, SIZE);
    for (let index = 0; index < batches; index++) {
      fill(writer, index);
      writer.recycle(writer.finish());
    }
    await Promise.resolve();
  },
  'SDK read, ready batches, encrypted': () => read({}),
  'SDK read, ready batches, in clear': () => read({}, {}, { disable_spill_encryption: 'true' }),
  'SDK read, a constraint that all rows meet': () => read({}, all),
  'SDK read, a constraint that half of the rows meet': () => read({}, half),
  'SDK read, columns filled, encrypted': () => read({ fill: '1' }),
};

console.log(`${batches} batches of ${ROWS} rows, ${(message.length / 1e6).toFixed(1)} MB each`);
for (const [name, run] of Object.entries(RUNS)) {
  const times: number[] = [];
  const cpus: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await clear();
    const cpu = process.cpuUsage();
    const from = performance.now();
    await run();
    times.push((performance.now() - from) / 1e3);
    const { user, system } = process.cpuUsage(cpu);
    cpus.push((user + system) / 1e6);
  }
  const best = Math.min(...times);
  const median = times.sort((left, right) => left - right)[Math.floor(times.length / 2)] ?? best;
  const rate = (seconds: number) => `${(bytes / seconds / 1e9).toFixed(2)} GB/s`;
  console.log(
    `${name.padEnd(52)} best ${rate(best)}, median ${rate(median)}, ${((batches * ROWS) / best / 1e6).toFixed(1)} M rows/s, CPU ${Math.min(...cpus).toFixed(2)} s`,
  );
}
await rm(folder, { recursive: true, force: true });
