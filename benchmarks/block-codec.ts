// What the Arrow block codec and spill encryption cost, a batch of 65,536 rows x 16 columns like TPC-H's lineitem: against apache-arrow's
// own stream writer and reader, and against AES-GCM alone over the same bytes, all in one run.
// usage: node --conditions=source --import tsx benchmarks/block-codec.ts
import { decodeRecordBatch, encodeRecordBatch, encodeRecordBatchParts, makeBatch, makeColumn } from '@ergane/protocol';
import { decryptSpill, encryptSpill, encryptSpillParts, makeEncryptionKey } from '@ergane/protocol/spill';
import * as arrow from 'apache-arrow';
import { createCipheriv, createDecipheriv } from 'node:crypto';

const ROWS = 65_536;
const ROUNDS = 25;

const text = (width: number, spread: number) => {
  const offsets = new Int32Array(ROWS + 1);
  for (let row = 0; row < ROWS; row++) offsets[row + 1] = (offsets[row] ?? 0) + width + ((row * 7) % (spread + 1));
  const values = new Uint8Array(offsets[ROWS] ?? 0).map((_, at) => 97 + (at % 26));
  return makeColumn(new arrow.Utf8(), { length: ROWS, nullCount: 0, offsets, values });
};
const fixed = (type: arrow.DataType, width: number) => {
  const values = new Uint8Array(ROWS * width).map((_, at) => (at * 31) & 255);
  return makeColumn(type, { length: ROWS, nullCount: 0, values });
};
const nullable = (type: arrow.DataType, width: number) => {
  const validity = new Uint8Array(ROWS / 8).fill(0xfe);
  const values = new Uint8Array(ROWS * width).map((_, at) => (at * 31) & 255);
  return makeColumn(type, { length: ROWS, nullCount: ROWS / 8, validity, values });
};

const decimal = new arrow.Decimal(2, 15, 128);
const date = new arrow.Date_(arrow.DateUnit.DAY);
const columns = [
  fixed(new arrow.Int64(), 8),
  ...[1, 2, 3].map(() => fixed(new arrow.Int32(), 4)),
  ...[1, 2, 3, 4].map(() => fixed(decimal, 16)),
  ...[text(1, 0), text(1, 0), text(12, 8), text(3, 4), text(10, 33)],
  ...[fixed(date, 4), fixed(date, 4), nullable(date, 4)],
];
const schema = new arrow.Schema(columns.map((column, at) => new arrow.Field(`c${at}`, column.type, true)));
const batch = makeBatch(schema, ROWS, columns);

const key = makeEncryptionKey();
const message = encodeRecordBatch(batch, 'legacy');
const stream = arrow.RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true);
const encrypted = encryptSpill(message, key);

function bareEncrypt(bytes: Uint8Array): void {
  const cipher = createCipheriv('aes-256-gcm', key.key, key.nonce);
  cipher.update(bytes);
  cipher.final();
  cipher.getAuthTag();
}

function bareDecrypt(bytes: Uint8Array): void {
  const decipher = createDecipheriv('aes-256-gcm', key.key, key.nonce);
  decipher.setAuthTag(bytes.subarray(bytes.length - 16));
  decipher.update(bytes.subarray(0, bytes.length - 16));
  decipher.final();
}

/** Ours and what it is compared with. */
const CONTESTS: Readonly<
  Record<string, { readonly ours: () => unknown; readonly other: () => unknown; readonly than: string }>
> = {
  'encode, one buffer': {
    ours: () => encodeRecordBatch(batch, 'legacy'),
    other: () => arrow.RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true),
    than: "apache-arrow's RecordBatchStreamWriter",
  },
  'encode, in parts': {
    ours: () => encodeRecordBatchParts(batch, 'legacy'),
    other: () => arrow.RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true),
    than: "apache-arrow's RecordBatchStreamWriter",
  },
  'decode, checked': {
    ours: () => decodeRecordBatch(message, schema),
    other: () => arrow.tableFromIPC(stream),
    than: "apache-arrow's tableFromIPC",
  },
  encrypt: { ours: () => encryptSpill(message, key), other: () => bareEncrypt(message), than: 'AES-GCM in one call' },
  decrypt: {
    ours: () => decryptSpill(encrypted, key),
    other: () => bareDecrypt(encrypted),
    than: 'AES-GCM in one call',
  },
  'encode and encrypt': {
    ours: () => encryptSpillParts(encodeRecordBatchParts(batch, 'legacy'), key),
    other: () => bareEncrypt(message),
    than: 'AES-GCM in one call',
  },
  'decrypt and decode': {
    ours: () => decodeRecordBatch(decryptSpill(encrypted, key), schema),
    other: () => bareDecrypt(encrypted),
    than: 'AES-GCM in one call',
  },
};

const megabytes = message.length / 1e6;
console.log(`${ROWS} rows x ${columns.length} columns, ${megabytes.toFixed(1)} MB a batch, ${ROUNDS} rounds`);
for (const [name, { ours, other, than }] of Object.entries(CONTESTS)) {
  const times = { ours: [] as number[], other: [] as number[] };
  for (let round = 0; round < ROUNDS + 3; round++) {
    const [mine, theirs] = [elapsed(ours), elapsed(other)];
    if (round < 3) continue;
    times.ours.push(mine);
    times.other.push(theirs);
  }
  const ratio = median(times.other) / median(times.ours);
  console.log(
    `${name.padEnd(20)} ${figures(times.ours)}; ${than} ${figures(times.other)}; ${ratio.toFixed(2)} x as fast`,
  );
}

function elapsed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
function figures(values: readonly number[]): string {
  const least = Math.min(...values);
  return `min ${least.toFixed(2)} median ${median(values).toFixed(2)} ms (${(megabytes / median(values)).toFixed(1)} GB/s)`;
}
