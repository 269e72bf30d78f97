import assert from 'node:assert/strict';
import test from 'node:test';
import { ErganeError } from '@ergane/protocol';
import {
  Binary,
  Bool,
  DateDay,
  DateMillisecond,
  Decimal,
  Field,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  List,
  MapRow,
  Map_,
  RecordBatchReader,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  StructRow,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';
import type { DataType, RecordBatch } from 'apache-arrow';
import fc from 'fast-check';
import { makeBatchWriter, Utf8Column } from '../src/columns/index.ts';

const field = (name: string, type: DataType) => new Field(name, type, true);
const pair = new Struct([field('x', new Int32()), field('y', new Utf8())]);
const entries = new Field(
  'entries',
  new Struct([new Field('key', new Utf8(), false), field('value', new Int64())]),
  false,
);

/** How each type is written, and how apache-arrow's own reader then shows it. */
const KINDS: readonly { type: DataType; values: fc.Arbitrary<unknown>; show?: (value: never) => unknown }[] = [
  { type: new Bool(), values: fc.boolean() },
  { type: new Int8(), values: fc.integer({ min: -128, max: 127 }) },
  { type: new Int16(), values: fc.integer({ min: -32768, max: 32767 }) },
  { type: new Int32(), values: fc.integer() },
  { type: new Int64(), values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  { type: new Float32(), values: fc.float() },
  { type: new Float64(), values: fc.double() },
  { type: new Decimal(7, 38), values: fc.bigInt({ min: 1n - 10n ** 38n, max: 10n ** 38n - 1n }) },
  { type: new Utf8(), values: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { type: new Binary(), values: fc.uint8Array({ maxLength: 40 }), show: (value: Uint8Array) => [...value] },
  {
    type: new DateDay(),
    values: fc.integer({ min: -700_000, max: 2_900_000 }),
    show: (days: number) => days * 86_400_000,
  },
  { type: new DateMillisecond(), values: fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }), show: Number },
  { type: new TimestampMillisecond('UTC'), values: fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }), show: Number },
  { type: new List(field('', new Utf8())), values: fc.array(fc.option(fc.string()), { maxLength: 5 }) },
  {
    type: new List(field('', new List(field('', new Int32())))),
    values: fc.array(fc.option(fc.array(fc.option(fc.integer()), { maxLength: 3 })), { maxLength: 4 }),
  },
  {
    type: pair,
    values: fc.record({ x: fc.option(fc.integer()), y: fc.option(fc.string()) }, { noNullPrototype: true }),
  },
  {
    type: new List(field('', pair)),
    values: fc.array(fc.option(fc.record({ x: fc.integer(), y: fc.string() }, { noNullPrototype: true })), {
      maxLength: 4,
    }),
  },
  {
    type: new Map_(entries),
    values: fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.option(fc.bigInt({ min: -5n, max: 2n ** 62n }))), {
      maxLength: 4,
    }),
    show: (value: [string, bigint | null][]) => new Map(value),
  },
];

/** A value of apache-arrow as plain JavaScript. */
function plain(value: unknown): unknown {
  if (value instanceof Uint32Array)
    return BigInt.asIntN(
      128,
      value.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n),
    );
  if (value instanceof Uint8Array) return [...value];
  if (value instanceof Object && 'toArray' in value && 'type' in value)
    return [...(value as unknown as Iterable<unknown>)].map(plain);
  if (value instanceof StructRow) return Object.fromEntries([...value].map(([name, cell]) => [name, plain(cell)]));
  if (value instanceof MapRow) return new Map([...value].map(([key, cell]) => [key, plain(cell)]));
  return value;
}

/** Through apache-arrow's own stream format, which reads nothing of ours but the buffers. */
function reread(batch: RecordBatch): RecordBatch {
  const writer = new RecordBatchStreamWriter();
  writer.write(batch);
  writer.finish();
  const [read] = [...RecordBatchReader.from(writer.toUint8Array(true))];
  assert.ok(read);
  return read;
}

test('every type survives a writer, batch after batch, with recycled buffers, as apache-arrow reads it', () => {
  const column = fc.constantFrom(...KINDS).chain(({ type, values, show }) =>
    fc.record({
      type: fc.constant(type),
      show: fc.constant(show),
      cells: fc.array(fc.option(values), { maxLength: 60 }),
    }),
  );
  fc.assert(
    fc.property(column, fc.integer({ min: 1, max: 20 }), fc.boolean(), ({ type, show, cells }, rows, recycle) => {
      const writer = makeBatchWriter(new Schema([field('c', type)]), { rows });
      const seen: unknown[] = [];
      const flush = () => {
        const batch = writer.finish();
        if (batch.numRows > 0) for (const row of reread(batch)) seen.push(plain(row['c']));
        if (recycle) writer.recycle(batch);
      };
      for (const cell of cells) {
        writer.appendRow([cell]);
        if (writer.isFull) flush();
      }
      flush();
      const expected = cells.map((cell) => (cell === null || show === undefined ? cell : show(cell as never)));
      assert.deepEqual(seen, expected);
    }),
    { numRuns: 1500, includeErrorInReport: true },
  );
});

test('the validity bitmap is there only when a row is null, and buffers are views, not copies', () => {
  const writer = makeBatchWriter(new Schema([field('a', new Int32()), field('b', new Utf8())]));
  const buffer = writer.columns[0]?.kind === 'int32' ? writer.columns[0].values.buffer : undefined;
  writer.appendRow([1, 'x']);
  writer.appendRow([2, null]);
  const [a, b] = writer.finish().data.children;
  assert.equal(a?.values.buffer, buffer);
  assert.equal(a?.nullBitmap.length, 0);
  assert.equal(b?.nullCount, 1);
  assert.equal(b?.nullBitmap.length, 1);
});

test('a row that is written twice, as when a chunk cut it, is written once', () => {
  const schema = new Schema([
    field('a', new Utf8()),
    field('b', new List(field('', new Int32()))),
    field('c', new Bool()),
  ]);
  const writer = makeBatchWriter(schema);
  writer.appendRow(['first', [1, 2], true]);
  for (let attempt = 0; attempt < 2; attempt++) {
    writer.columns[0]?.appendValue('second');
    writer.columns[1]?.appendValue([3]);
    writer.columns[2]?.appendNull();
  }
  writer.endRow();
  writer.columns[0]?.appendNull();
  const batch = reread(writer.finish());
  assert.equal(batch.numRows, 2);
  assert.equal(batch.getChildAt(0)?.nullCount, 0);
  assert.deepEqual(
    [...batch].map((row) => [row['a'], plain(row['b']), row['c']]),
    [
      ['first', [1, 2], true],
      ['second', [3], null],
    ],
  );
});

test('direct writes of a decoder: words of bigints and decimals, bytes with reserve', () => {
  const writer = makeBatchWriter(
    new Schema([field('i', new Int64()), field('d', new Decimal(2, 20)), field('s', new Utf8())]),
  );
  const [i, d, s] = writer.columns;
  assert.ok(i?.kind === 'int64' && d?.kind === 'decimal' && s?.kind === 'utf8');
  const text = Buffer.from('é'.repeat(500_000));
  for (let row = 0; row < 3; row++) {
    i.words[2 * row] = -2;
    i.words[2 * row + 1] = -1;
    d.words.fill(-1, 4 * row, 4 * row + 4);
    s.reserve(text.length);
    const end = (s.offsets[row] ?? 0) + text.copy(s.bytes, s.offsets[row]);
    s.offsets[row + 1] = end;
    writer.endRow();
  }
  assert.equal(writer.byteLength, 3 * 8 + 3 * 16 + 4 * 4 + 3_000_000);
  const rows = [...reread(writer.finish())].map((row) => [row['i'], plain(row['d']), row['s'] === text.toString()]);
  assert.deepEqual(
    rows,
    Array.from({ length: 3 }, () => [-2n, -1n, true]),
  );
});

test('a batch is full by rows, and after the row that goes above its bytes', () => {
  const writer = makeBatchWriter(new Schema([field('s', new Utf8())]), { bytes: 100_000 });
  let rows = 0;
  for (; !writer.isFull; rows++) writer.appendRow(['x'.repeat(1000)]);
  assert.ok(rows > 50 && rows <= 200, String(rows));
  assert.equal(writer.finish().numRows, rows);
  const wide = makeBatchWriter(
    new Schema(Array.from({ length: 10_000 }, (_, index) => field(`c${index}`, new Int64()))),
  );
  assert.ok(wide.capacity < 1000, String(wide.capacity));
  const huge = makeBatchWriter(new Schema([field('s', new Utf8())]));
  huge.appendRow([Buffer.alloc(100_000_000, 'y')]);
  assert.ok(huge.isFull);
  assert.equal(reread(huge.finish()).get(0)?.['s'].length, 100_000_000);
  huge.appendRow(['small']);
  assert.equal(huge.isFull, false);
  assert.ok(huge.columns[0] instanceof Utf8Column && huge.columns[0].bytes.length < 20_000_000);
});

test('batches grow from 1,024 to 65,536 rows, with recycled buffers and without', () => {
  for (const recycle of [true, false]) {
    const schema = new Schema([
      field('n', new Int32()),
      field('big', new Int64()),
      field('s', new Utf8()),
      field('p', pair),
    ]);
    const writer = makeBatchWriter(schema);
    const sizes: number[] = [];
    let row = 0;
    while (sizes.length < 5) {
      writer.appendRow([row, BigInt(row), `text ${row}`, row % 3 === 0 ? null : { x: row, y: 'y' }]);
      row++;
      if (!writer.isFull) continue;
      const batch = writer.finish();
      sizes.push(batch.numRows);
      const last = reread(batch).get(batch.numRows - 1);
      assert.deepEqual([last?.['n'], last?.['big'], last?.['s']], [row - 1, BigInt(row - 1), `text ${row - 1}`]);
      if (recycle) writer.recycle(batch);
    }
    assert.deepEqual(sizes, [1024, 8192, 65_536, 65_536, 65_536]);
  }
});

test('no columns: rows are counted', () => {
  const writer = makeBatchWriter(new Schema([]));
  for (let row = 0; row < 7; row++) writer.appendRow([]);
  assert.equal(writer.finish().numRows, 7);
});

test('a value that the type cannot hold is refused with its column, never changed', () => {
  const refuses = (type: DataType, ...values: unknown[]) => {
    for (const value of values) {
      const writer = makeBatchWriter(new Schema([field('amount', type)]));
      assert.throws(
        () => writer.appendRow([value]),
        (error) =>
          error instanceof ErganeError && error.code === 'SOURCE_DATA_INVALID' && error.message.includes('"amount"'),
      );
    }
  };
  refuses(new Int8(), 128, 1.5, '1', NaN);
  refuses(new Int32(), 2 ** 31, 1n);
  refuses(new Int64(), 2n ** 63n, 1.5, 2 ** 60);
  refuses(new Decimal(2, 5), 100_000n, -100_000n, 1, '1.00');
  refuses(new Bool(), 1, 'true');
  refuses(new Utf8(), 1, {});
  refuses(new Binary(), 'text', [1]);
  refuses(new List(field('', new Int32())), 'text', 1, ['x']);
  refuses(pair, 1, 'x');
  refuses(new Map_(entries), 1, [[null, 1n]], [['key']]);
  refuses(new DateDay(), new Date(NaN));
});

test('a row too many is an error, not a loss', () => {
  const writer = makeBatchWriter(new Schema([field('a', new Int32())]), { rows: 2 });
  writer.appendRow([1]);
  writer.appendRow([2]);
  assert.throws(() => writer.appendRow([3]), /isFull/);
});
