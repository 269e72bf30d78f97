import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromValueBlock, makeRanges, makeValues, toValueBlock } from '@ergane/protocol';
import * as arrow from 'apache-arrow';
import fc from 'fast-check';

test('a list of values is the same set after the way through its short form', () => {
  const lists = fc.oneof(
    fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })).map((v) => makeValues(new arrow.Int64(), v)),
    fc.array(fc.integer({ min: -100, max: 100 })).map((v) => makeValues(new arrow.Int32(), v)),
    fc.array(fc.string({ unit: 'binary' })).map((v) => makeValues(new arrow.Utf8(), v)),
    fc.array(fc.double()).map((v) => makeValues(new arrow.Float64(), v)),
  );
  fc.assert(
    fc.property(lists, fc.boolean(), (list, nullAllowed) => {
      const set = { ...list, nullAllowed };
      assert.deepEqual(fromValueBlock(toValueBlock(set)), set);
    }),
  );
});

test('long lists alone take the short form, and ranges never', () => {
  const type = new arrow.Int64();
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => BigInt(index * 3));
  assert.equal(toValueBlock(makeValues(type, numbers(1000))).kind, 'EquatableValueSet');
  assert.equal(toValueBlock(makeValues(type, numbers(3))).kind, 'SortedRangeSet');
  const ranges = makeRanges(
    type,
    numbers(1000).map((value) => ({
      low: { value: value * 100n, bound: 'EXACTLY' },
      high: { value: value * 100n + 50n, bound: 'BELOW' },
    })),
  );
  assert.equal(toValueBlock(ranges), ranges);
});
