import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  allValues,
  compareValues,
  complementValueSet,
  intersectValueSets,
  isAll,
  isNone,
  makeEquatableValues,
  makeRanges,
  makeValues,
  noValues,
  notNull,
  onlyNull,
  packTimestampTz,
  type Range,
  singleValues,
  unionValueSets,
  type Value,
  type ValueSet,
  valueSetContains,
} from '@ergane/protocol';
import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import { anyRange, anyValueSet } from './arbitrary-value-set.ts';

/** Few values of each type, so that bounds meet; the probes are all of them. */
const DOMAINS: readonly [arrow.DataType, readonly Value[]][] = [
  [new arrow.Int32(), [-2, -1, 0, 1, 2, 3]],
  [new arrow.Int64(), [-(2n ** 63n), -1n, 0n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n]],
  [new arrow.Float64(), [-Infinity, -1.5, -0, 0, 1e-300, Infinity, NaN]],
  [new arrow.Utf8(), ['', 'A', 'a', 'ab', 'é', '\uffff', '\u{1f600}']],
  [new arrow.Binary(), [[], [0], [0, 1], [127], [128], [255]].map((bytes) => new Uint8Array(bytes))],
  [new arrow.Bool(), [false, true]],
  [new arrow.Decimal(2, 10, 128), [-100n, 0n, 1n, 100n]],
  [
    new arrow.Timestamp(arrow.TimeUnit.MILLISECOND, 'UTC'),
    [
      packTimestampTz(0n, 'UTC'),
      packTimestampTz(0n, '+01:00'),
      packTimestampTz(1n, 'UTC'),
      packTimestampTz(-1n, '-14:00'),
    ],
  ],
];

const domain = fc.constantFrom(...DOMAINS);
const twoSets = domain.chain(([type, values]) => {
  const set = anyValueSet(type, fc.constantFrom(...values));
  return fc.record({ a: set, b: set, probe: fc.constantFrom<Value | null>(...values, null) });
});

test('union, intersection and complement agree with membership', () => {
  fc.assert(
    fc.property(twoSets, ({ a, b, probe }) => {
      const [inA, inB] = [valueSetContains(a, probe), valueSetContains(b, probe)];
      assert.equal(valueSetContains(unionValueSets(a, b), probe), inA || inB, 'union');
      assert.equal(valueSetContains(intersectValueSets(a, b), probe), inA && inB, 'intersection');
      assert.equal(valueSetContains(complementValueSet(a), probe), !inA, 'complement');
    }),
    { numRuns: 3000 },
  );
});

test('membership in ranges agrees with comparing each', () => {
  const ranges = domain.chain(([type, values]) => {
    const value = fc.constantFrom(...values);
    return fc.record({ type: fc.constant(type), ranges: fc.array(anyRange(value), { maxLength: 5 }), probe: value });
  });
  fc.assert(
    fc.property(ranges, ({ type, ranges, probe }) => {
      const naive = ranges.some((range) => isWithin(type, range, probe));
      assert.equal(valueSetContains(makeRanges(type, ranges), probe), naive);
    }),
    { numRuns: 2000 },
  );
});

test('ranges are sorted, apart and not empty', () => {
  fc.assert(
    fc.property(twoSets, ({ a, b }) => {
      for (const set of [a, unionValueSets(a, b), intersectValueSets(a, b), complementValueSet(a)])
        if (set.kind === 'SortedRangeSet') assertNormal(set);
    }),
  );
});

test('complement twice is the same; nothing and everything are told', () => {
  fc.assert(
    fc.property(twoSets, ({ a }) => {
      assert.deepEqual(complementValueSet(complementValueSet(a)), a);
      assert.ok(isAll(unionValueSets(a, complementValueSet(a))));
      assert.ok(isNone(intersectValueSets(a, complementValueSet(a))));
    }),
  );
});

test('the order of values is total, and NaN, -0, zones and surrogates have their place', () => {
  fc.assert(
    fc.property(
      domain.chain(([type, values]) =>
        fc.tuple(fc.constant(type), fc.tuple(...[1, 2, 3].map(() => fc.constantFrom(...values)))),
      ),
      ([type, [a, b, c]]) => {
        if (a === undefined || b === undefined || c === undefined) return;
        assert.equal(compareValues(type, a, b), -compareValues(type, b, a) + 0);
        if (compareValues(type, a, b) <= 0 && compareValues(type, b, c) <= 0) assert.ok(compareValues(type, a, c) <= 0);
      },
    ),
  );
  assert.equal(compareValues(new arrow.Float64(), 0, -0), 0);
  assert.equal(compareValues(new arrow.Float64(), NaN, Infinity), 1);
  assert.equal(compareValues(new arrow.Utf8(), '\u{1f600}', '\uffff'), 1);
  assert.throws(() => compareValues(new arrow.Int64(), 1n, 'x'), { code: 'INTERNAL' });
});

test('builders', () => {
  const type = new arrow.Int32();
  assert.deepEqual(singleValues(makeValues(type, [3, 1, 3, 2])), [1, 2, 3]);
  assert.deepEqual(singleValues(makeEquatableValues(type, [3, 1])), [3, 1]);
  assert.ok(valueSetContains(makeEquatableValues(type, [3], { whiteList: false }), 4));
  assert.equal(singleValues(notNull(type)), undefined);
  assert.deepEqual(singleValues(onlyNull(type)), []);
  assert.ok(isAll(allValues(type)) && !isAll(notNull(type)) && isNone(noValues(type)) && !isNone(onlyNull(type)));
  const list = new arrow.List(new arrow.Field('', type, true));
  const kinds = [allValues(list), notNull(list), onlyNull(list), noValues(list)].map((set) => [
    set.kind,
    valueSetContains(set, null),
    isNone(set),
    isAll(set),
  ]);
  assert.deepEqual(kinds, [
    ['AllOrNoneValueSet', true, false, true],
    ['AllOrNoneValueSet', false, false, false],
    ['AllOrNoneValueSet', true, false, false],
    ['AllOrNoneValueSet', false, true, false],
  ]);
  assert.throws(() => unionValueSets(makeValues(type, [1]), makeValues(new arrow.Int64(), [1n])), { code: 'INTERNAL' });
});

function isWithin(type: arrow.DataType, { low, high }: Range, probe: Value): boolean {
  const above = low.value === undefined ? 1 : compareValues(type, probe, low.value);
  const below = high.value === undefined ? -1 : compareValues(type, probe, high.value);
  return (
    (above > 0 || (above === 0 && low.bound === 'EXACTLY')) && (below < 0 || (below === 0 && high.bound === 'EXACTLY'))
  );
}

function assertNormal({ type, ranges }: Extract<ValueSet, { kind: 'SortedRangeSet' }>): void {
  ranges.forEach(({ low, high }, index) => {
    if (low.value !== undefined && high.value !== undefined) {
      const order = compareValues(type, low.value, high.value);
      assert.ok(order < 0 || (order === 0 && low.bound === 'EXACTLY' && high.bound === 'EXACTLY'));
    }
    const next = ranges[index + 1]?.low;
    if (next === undefined) return;
    assert.ok(high.value !== undefined && next.value !== undefined);
    const gap = compareValues(type, high.value, next.value);
    assert.ok(gap < 0 || (gap === 0 && high.bound === 'BELOW' && next.bound === 'ABOVE'));
  });
}
