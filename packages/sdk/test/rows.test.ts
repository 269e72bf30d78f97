import assert from 'node:assert/strict';
import test from 'node:test';
import { readValue, valueSetContains } from '@ergane/protocol';
import type { EquatableValueSet, Value, ValueSet } from '@ergane/protocol';
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
  Map_,
  Schema,
  Struct,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';
import type { DataType, RecordBatch } from 'apache-arrow';
import fc from 'fast-check';
import { makeBatchWriter } from '../src/index.ts';
import { compileFilter } from '../src/rows/filter-rows.ts';
import { gatherRows } from '../src/rows/gather-rows.ts';
import { firstRows, rangesOfMask } from '../src/rows/row-ranges.ts';
import { arbitraryValueSet } from '../src/testing/arbitrary-value-set.ts';
import { plainRows } from '../src/testing/index.ts';

const field = (name: string, type: DataType) => new Field(name, type, true);
const pair = new Struct([field('x', new Bool()), field('y', new Utf8())]);
const entries = new Field('entries', new Struct([new Field('key', new Utf8(), false), field('value', pair)]), false);

/** Few values of each type, so that predicates meet them, the edges among them. */
const COMPARABLE: readonly { readonly type: DataType; readonly values: readonly Value[] }[] = [
  { type: new Bool(), values: [true, false] },
  { type: new Int8(), values: [-128, -1, 0, 1, 127] },
  { type: new Int16(), values: [-32768, 0, 5, 32767] },
  { type: new Int32(), values: [-(2 ** 31), -1, 0, 1, 7, 2 ** 31 - 1] },
  { type: new Int64(), values: [-(2n ** 63n), -(2n ** 32n), -1n, 0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 63n - 1n] },
  { type: new Float32(), values: [-Infinity, -1.5, -0, 0, 1.5, Infinity, NaN] },
  { type: new Float64(), values: [-Infinity, -Number.MAX_VALUE, -0, 0, Number.MIN_VALUE, 1.5, Infinity, NaN] },
  {
    type: new Decimal(2, 38),
    values: [1n - 10n ** 38n, -(2n ** 64n), -1n, 0n, 1n, 2n ** 32n, 2n ** 64n, 10n ** 38n - 1n],
  },
  { type: new Utf8(), values: ['', 'a', 'a\u0000', 'aa', 'b', '\uffff', '😀', 'é'] },
  { type: new Binary(), values: [[], [0], [0, 0], [127], [128], [255, 255]].map((bytes) => Uint8Array.from(bytes)) },
  { type: new DateDay(), values: [-719_162, -1, 0, 1, 2_932_896] },
  { type: new DateMillisecond(), values: [-62_135_596_800_000n, -1n, 0n, 253_402_300_799_999n] },
  {
    type: new TimestampMillisecond('UTC'),
    values: [-5n << 12n, (-5n << 12n) | 7n, 0n, 7n, 1n << 12n, (1n << 12n) | 4095n],
  },
];

/** A batch of one column, sometimes a slice of a larger one. */
function arbitraryColumn(type: DataType, values: readonly unknown[]): fc.Arbitrary<RecordBatch> {
  const cells = fc.array(
    fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 5, arbitrary: fc.constantFrom(...values) }),
  );
  return fc.tuple(cells, fc.nat(20), fc.nat(20)).map(([list, skip, leave]) => {
    const writer = makeBatchWriter(new Schema([field('c', type)]), { rows: Math.max(1, list.length) });
    for (const cell of list) writer.appendRow([cell]);
    const batch = writer.finish();
    const from = Math.min(skip, batch.numRows);
    return skip % 2 === 0 ? batch : batch.slice(from, Math.max(from, batch.numRows - leave));
  });
}

function arbitraryEquatable(type: DataType, values: readonly Value[]): fc.Arbitrary<EquatableValueSet> {
  return fc.record({
    kind: fc.constant('EquatableValueSet' as const),
    type: fc.constant(type),
    values: fc.subarray([...values, ...values.slice(0, 1)]),
    whiteList: fc.boolean(),
    nullAllowed: fc.boolean(),
  });
}

test('compiled filters agree with valueSetContains: every type, every kind of set, nulls, slices', () => {
  const column = fc.constantFrom(...COMPARABLE).chain(({ type, values }) => {
    const sets: fc.Arbitrary<ValueSet> = fc.oneof(arbitraryValueSet(type, values), arbitraryEquatable(type, values));
    return fc.tuple(arbitraryColumn(type, values), fc.array(sets, { minLength: 1, maxLength: 2 }));
  });
  fc.assert(
    fc.property(column, ([batch, sets]) => {
      for (const set of sets) {
        const filter = compileFilter(batch.schema, { c: set });
        const found = plainRows(gatherRows(batch.schema, [{ batch, ranges: filter.select(batch) }]));
        const data = batch.data.children[0];
        const expected = plainRows(batch).filter((_, row) => data && valueSetContains(set, readValue(data, row)));
        assert.deepEqual(found, expected);
        assert.deepEqual(filter.unchecked, []);
      }
    }),
    { numRuns: 3000 },
  );
});

test('columns that are not there and types without an order are named as unchecked', () => {
  const schema = new Schema([field('list', new List(field('', new Int32()))), field('n', new Int32())]);
  const set = { type: new List(field('', new Int32())), nullAllowed: false };
  const filter = compileFilter(schema, {
    list: { kind: 'AllOrNoneValueSet', all: true, ...set },
    gone: { kind: 'SortedRangeSet', type: new Int32(), ranges: [], nullAllowed: true },
    n: { kind: 'AllOrNoneValueSet', type: new Int32(), all: true, nullAllowed: true },
  });
  assert.deepEqual(filter.unchecked, ['list', 'gone']);
});

const NESTED: readonly { readonly type: DataType; readonly values: readonly unknown[] }[] = [
  {
    type: pair,
    values: [
      { x: true, y: 'é' },
      { x: null, y: '' },
      { x: false, y: null },
    ],
  },
  { type: new List(field('', pair)), values: [[], [{ x: true, y: 'a' }], [null, { x: null, y: 'bb' }]] },
  { type: new List(field('', new List(field('', new Decimal(1, 9))))), values: [[], [[1n, null], []], [null, [2n]]] },
  {
    type: new Map_(entries),
    values: [
      [],
      [['k', { x: true, y: 'v' }]],
      [
        ['a', null],
        ['b', { x: false, y: '' }],
      ],
    ],
  },
];

test('gathered rows are the rows, of several batches and slices, nested types too', () => {
  const pieces = fc
    .constantFrom(...COMPARABLE, ...NESTED)
    .chain(({ type, values }) =>
      fc.array(
        fc.tuple(arbitraryColumn(type, values), fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), fc.nat(30)),
        { maxLength: 3 },
      ),
    );
  fc.assert(
    fc.property(pieces, (parts) => {
      const schema = parts[0]?.[0].schema ?? new Schema([]);
      const chosen = parts.map(([batch, bits, limit]) => {
        const mask = Uint8Array.from({ length: batch.numRows }, (_, row) => Number(bits[row % bits.length]));
        return { batch, ranges: firstRows(rangesOfMask(mask, batch.numRows), limit), mask, limit };
      });
      const expected = chosen.flatMap(({ batch, mask, limit }) =>
        plainRows(batch)
          .filter((_, row) => mask[row] === 1)
          .slice(0, limit),
      );
      assert.deepEqual(plainRows(gatherRows(schema, chosen)), expected);
    }),
    { numRuns: 2000 },
  );
});
