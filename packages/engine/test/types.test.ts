import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnOfValues, makeBatch, makeColumn, packTimestampTz } from '@ergane/protocol';
import type { Value } from '@ergane/protocol';
import {
  Binary,
  Bool,
  Date_,
  DateUnit,
  Decimal,
  Field,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  List,
  Map_,
  Schema,
  Struct,
  TimeUnit,
  Timestamp,
  Utf8,
} from 'apache-arrow';
import type { Data, DataType } from 'apache-arrow';
import type { ResultValue } from '../src/result/query-result.ts';
import { makeFakeSource, tableOf } from './fake-source.ts';
import type { FakeTable } from './fake-source.ts';
import { makeTestParts, makeTestPlace, rowsOf } from './test-engine.ts';

interface TypeCase {
  readonly name: string;
  readonly type: DataType;
  readonly values: readonly (Value | null)[];
  readonly expected: readonly ResultValue[];
  readonly typeName: string;
}

const same = (name: string, type: DataType, typeName: string, values: readonly (Value | null)[]): TypeCase => ({
  name,
  type,
  typeName,
  values,
  expected: values,
});
const days = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 86_400_000;
const millis = (text: string): bigint => BigInt(Date.parse(text));

const CASES: readonly TypeCase[] = [
  same('boolean', new Bool(), 'boolean', [true, false, null, true, true, false, null, null, true]),
  same('tinyint', new Int8(), 'tinyint', [-128, 127, 0, null]),
  same('smallint', new Int16(), 'smallint', [-32768, 32767, 0, null]),
  same('integer', new Int32(), 'integer', [-2147483648, 2147483647, 0, null]),
  same('bigint', new Int64(), 'bigint', [-9223372036854775808n, 9223372036854775807n, 0n, null]),
  same('real', new Float32(), 'real', [1.5, -0.25, 3.4028234663852886e38, Infinity, null]),
  same('double', new Float64(), 'double', [5e-324, 1.7976931348623157e308, -Infinity, null]),
  ...[
    [4, 2, 9999n, '99.99', '-99.99'],
    [9, 0, 999999999n, '999999999', '-999999999'],
    [15, 2, 999999999999999n, '9999999999999.99', '-9999999999999.99'],
    [18, 18, 999999999999999999n, '0.999999999999999999', '-0.999999999999999999'],
    [19, 0, 9999999999999999999n, '9999999999999999999', '-9999999999999999999'],
    [38, 10, 10n ** 38n - 1n, '9999999999999999999999999999.9999999999', '-9999999999999999999999999999.9999999999'],
  ].map(([precision, scale, value, text, minus]): TypeCase => ({
    name: `decimal${String(precision)}`,
    type: new Decimal(Number(scale), Number(precision), 128),
    typeName: `decimal(${String(precision)},${String(scale)})`,
    values: [BigInt(value ?? 0), -BigInt(value ?? 0), null],
    expected: [String(text), String(minus), null],
  })),
  same('varchar', new Utf8(), 'varchar', [
    ...Array.from({ length: 20 }, (_, length) => 'abcdefghijklmnopqrst'.slice(0, length)),
    null,
    'Größe 列 😀',
    'ends inside of a block 😀😀😀😀',
    '\0\u0001 control',
  ]),
  {
    name: 'date',
    type: new Date_(DateUnit.DAY),
    typeName: 'date',
    values: [days('1970-01-01'), days('0001-01-01'), days('9999-12-31'), null],
    expected: ['1970-01-01', '0001-01-01', '9999-12-31', null],
  },
  {
    name: 'timestamp',
    type: new Date_(DateUnit.MILLISECOND),
    typeName: 'timestamp(3)',
    values: [
      '1969-12-31T23:59:59.999Z',
      '2021-03-28T02:30:00.001Z',
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59.999Z',
    ].map(millis),
    expected: [
      '1969-12-31 23:59:59.999',
      '2021-03-28 02:30:00.001',
      '0001-01-01 00:00:00.000',
      '9999-12-31 23:59:59.999',
    ],
  },
  {
    name: 'zoned',
    type: new Timestamp(TimeUnit.MILLISECOND, 'UTC'),
    typeName: 'timestamp(3) with time zone',
    values: [
      packTimestampTz(millis('2021-01-01T00:00:00.123Z'), 'UTC'),
      packTimestampTz(millis('1960-01-01T00:00:00Z'), '-05:00'),
      null,
    ],
    expected: ['2021-01-01 00:00:00.123 UTC', '1959-12-31 19:00:00.000 -05:00', null],
  },
  {
    name: 'varbinary',
    type: new Binary(),
    typeName: 'varbinary',
    values: [Uint8Array.of(), Uint8Array.of(0, 255), new Uint8Array(30).fill(200), null],
    expected: [Uint8Array.of(), Uint8Array.of(0, 255), new Uint8Array(30).fill(200), null],
  },
];

/** Bytes come back as Buffers. */
const plain = (value: ResultValue | undefined): unknown =>
  value instanceof Uint8Array ? [...value] : Array.isArray(value) ? value.map(plain) : value;

test('every type with least, greatest, NULL and empty values, in blocks of every alignment', async (context) => {
  await using place = await makeTestPlace();
  const tables = Object.fromEntries(CASES.map(({ name, type, values }) => [name, many(type, values)]));
  const source = makeFakeSource({ store: place.store, tables });
  await using parts = makeTestParts(place, source);
  for (const { name, expected, typeName } of CASES)
    await context.test(name, async () => {
      const rows = await rowsOf(parts, `SELECT v, typeof(v), n FROM ${name} ORDER BY n`);
      assert.equal(rows.length, REPEATS * expected.length);
      assert.equal(rows[0]?.[1], typeName);
      rows.forEach((row, index) => {
        assert.deepEqual(plain(row[0]), plain(expected[index % expected.length]), `row ${index}`);
      });
    });
});

const REPEATS = 500;

/** The values again and again, in one block that DuckDB takes in several pieces. */
function many(type: DataType, values: readonly (Value | null)[]): FakeTable {
  const all = Array.from({ length: REPEATS }, () => values).flat();
  const schema = new Schema([new Field('v', type, true), new Field('n', new Int32(), true)]);
  return {
    schema,
    splits: 1,
    *batches() {
      yield makeBatch(schema, all.length, [
        columnOfValues(type, all),
        columnOfValues(
          new Int32(),
          all.map((_, n) => n),
        ),
      ]);
    },
  };
}

test('arrays, maps and rows, nested, with NULL at every level, across pieces', async () => {
  const element = new Field('', new Utf8(), true);
  const list = new List(element);
  const struct = new Struct([new Field('A', new Int32(), true), new Field('tags', list, true)]);
  const entries = new Struct([new Field('key', new Utf8(), false), new Field('value', struct, true)]);
  const map = new Map_(new Field('entries', entries, false));
  const count = 5000;
  // row n: array of n % 4 elements, NULL every seventh; map with one entry every second row
  const lengths = Array.from({ length: count }, (_, n) => (n % 7 === 0 ? 0 : n % 4));
  const texts = lengths.flatMap((length, n) =>
    Array.from({ length }, (_, at) => (at === 2 ? null : `element ${at} of row ${n}`)),
  );
  const lists = nested(list, { lengths, valid: (n) => n % 7 !== 0, child: columnOfValues(new Utf8(), texts) });
  const mapLengths = Array.from({ length: count }, (_, n) => n % 2);
  const keys = mapLengths.flatMap((length, n) => (length === 1 ? [`k${n}`] : []));
  const structLists = nested(list, {
    lengths: keys.map(() => 1),
    valid: () => true,
    child: columnOfValues(new Utf8(), keys),
  });
  const values = makeColumn(struct, {
    length: keys.length,
    nullCount: 0,
    children: [
      columnOfValues(
        new Int32(),
        keys.map((_, index) => (index % 3 === 0 ? null : index)),
      ),
      structLists,
    ],
  });
  const pairs = makeColumn(entries, {
    length: keys.length,
    nullCount: 0,
    children: [columnOfValues(new Utf8(), keys), values],
  });
  const maps = nested(map, { lengths: mapLengths, valid: () => true, child: pairs });
  const schema = new Schema([new Field('n', new Int32(), true), new Field('l', list, true), new Field('m', map, true)]);
  const table: FakeTable = {
    schema,
    splits: 1,
    *batches() {
      yield makeBatch(schema, count, [
        columnOfValues(
          new Int32(),
          lengths.map((_, n) => n),
        ),
        lists,
        maps,
      ]);
    },
  };
  await using place = await makeTestPlace();
  await using parts = makeTestParts(place, makeFakeSource({ store: place.store, tables: { t: table } }));
  const rows = await rowsOf(parts, 'SELECT n, l, m FROM t ORDER BY n');
  assert.equal(rows.length, count);
  let pair = 0;
  rows.forEach(([, l, m], n) => {
    const expected = Array.from({ length: n % 4 }, (_, at) => (at === 2 ? null : `element ${at} of row ${n}`));
    assert.deepEqual(l, n % 7 === 0 ? null : expected);
    const index = pair;
    if (n % 2 === 1) pair++;
    assert.deepEqual(m, n % 2 === 0 ? [] : [[`k${n}`, [index % 3 === 0 ? null : index, [`k${n}`]]]]);
  });
});

function nested(
  type: List | Map_,
  {
    lengths,
    valid,
    child,
  }: { readonly lengths: readonly number[]; readonly valid: (row: number) => boolean; readonly child: Data },
): Data {
  const offsets = new Int32Array(lengths.length + 1);
  const validity = new Uint8Array((lengths.length + 7) >> 3);
  let nullCount = 0;
  lengths.forEach((length, row) => {
    offsets[row + 1] = (offsets[row] ?? 0) + length;
    if (valid(row)) validity[row >> 3] = (validity[row >> 3] ?? 0) | (1 << (row & 7));
    else nullCount++;
  });
  return makeColumn(type, { length: lengths.length, nullCount, validity, offsets, children: [child] });
}

test('a decimal with more digits than its type is an error, not another number', async () => {
  await using place = await makeTestPlace();
  const table = tableOf({ v: new Decimal(0, 4, 128) }, [[1n], [70_000n]]);
  await using parts = makeTestParts(place, makeFakeSource({ store: place.store, tables: { t: table } }));
  await assert.rejects(rowsOf(parts, 'SELECT v FROM t'), /c\.s\.t, column v: a decimal value has more digits .*70000/);
});

test('a timestamp that DuckDB cannot hold is an error', async () => {
  await using place = await makeTestPlace();
  const table = tableOf({ v: new Date_(DateUnit.MILLISECOND) }, [[9_223_372_036_854_775_807n]]);
  await using parts = makeTestParts(place, makeFakeSource({ store: place.store, tables: { t: table } }));
  await assert.rejects(rowsOf(parts, 'SELECT v FROM t'), /column v: a timestamp is out of range/);
});
