import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeValues, NO_CONSTRAINTS, singleValues } from '@ergane/protocol';
import { Int64 } from 'apache-arrow';
import { wireConstraints } from '../src/invoke/wire-constraints.ts';

const keys = (count: number) => Array.from({ length: count }, (_, index) => BigInt(index * 7));
const scanOf = (count: number, valueBlocks: boolean) => ({
  constraints: { ...NO_CONSTRAINTS, summary: { k: makeValues(new Int64(), keys(count)) } },
  valueBlocks,
});

test('a function that announced it gets a long list as one block of values', () => {
  const set = wireConstraints(scanOf(10_000, true)).summary['k'];
  assert.equal(set?.kind, 'EquatableValueSet');
  assert.deepEqual(set && singleValues(set), keys(10_000));
});

test('another function gets ranges, and the range that holds them where there are too many for a message', () => {
  const few = scanOf(1000, false);
  assert.deepEqual(wireConstraints(few), few.constraints);
  const set = wireConstraints(scanOf(10_000, false)).summary['k'];
  assert.deepEqual(set?.kind === 'SortedRangeSet' && set.ranges, [
    { low: { value: 0n, bound: 'EXACTLY' }, high: { value: 69_993n, bound: 'EXACTLY' } },
  ]);
});
