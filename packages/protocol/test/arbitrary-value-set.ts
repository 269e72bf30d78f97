import {
  type AllOrNoneValueSet,
  makeRanges,
  type Marker,
  type Range,
  type Value,
  type ValueSet,
} from '@ergane/protocol';
import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import { anyValue, scalarType } from './arbitrary-batch.ts';

const unboundedLow: Marker = { value: undefined, bound: 'ABOVE' };
const unboundedHigh: Marker = { value: undefined, bound: 'BELOW' };

/** Ranges of any kind, also empty ones and ones that overlap. */
export function anyRange(value: fc.Arbitrary<Value>): fc.Arbitrary<Range> {
  const low = fc.record({ value, bound: fc.constantFrom<Marker['bound']>('EXACTLY', 'ABOVE') });
  const high = fc.record({ value, bound: fc.constantFrom<Marker['bound']>('EXACTLY', 'BELOW') });
  return fc.record({
    low: fc.oneof({ weight: 4, arbitrary: low }, fc.constant(unboundedLow)),
    high: fc.oneof({ weight: 4, arbitrary: high }, fc.constant(unboundedHigh)),
  });
}

/** Sets over one type, of every kind. */
export function anyValueSet(type: arrow.DataType, value: fc.Arbitrary<Value>): fc.Arbitrary<ValueSet> {
  const sorted = fc
    .tuple(fc.array(anyRange(value), { maxLength: 4 }), fc.boolean())
    .map(([ranges, nullAllowed]): ValueSet => makeRanges(type, ranges, { nullAllowed }));
  const equatable = fc
    .tuple(fc.array(value, { maxLength: 4 }), fc.boolean(), fc.boolean())
    .map(([values, whiteList, nullAllowed]): ValueSet => ({
      kind: 'EquatableValueSet',
      type,
      values,
      whiteList,
      nullAllowed,
    }));
  return fc.oneof(sorted, equatable, allOrNoneSet(type));
}

function allOrNoneSet(type: arrow.DataType): fc.Arbitrary<AllOrNoneValueSet> {
  return fc
    .tuple(fc.boolean(), fc.boolean())
    .map(([all, nullAllowed]) => ({ kind: 'AllOrNoneValueSet', type, all, nullAllowed }));
}

/** A set of some scalar type, or one that says all or none of a list. */
export const someValueSet: fc.Arbitrary<ValueSet> = fc.oneof(
  { weight: 5, arbitrary: scalarType.chain((type) => anyValueSet(type, anyValue(type))) },
  { weight: 1, arbitrary: allOrNoneSet(new arrow.List(new arrow.Field('', new arrow.Null(), true))) },
);
