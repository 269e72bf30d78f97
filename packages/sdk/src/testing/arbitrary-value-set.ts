import {
  allValues,
  compareValues,
  complementValueSet,
  isOrderable,
  makeRanges,
  makeValues,
  notNull,
  noValues,
  onlyNull,
} from '@ergane/protocol';
import type { Range, Value, ValueSet } from '@ergane/protocol';
import type { DataType } from 'apache-arrow';
import fc from 'fast-check';

/** Value sets of every kind over a type, from values that the column has. */
export function arbitraryValueSet(type: DataType, samples: readonly Value[]): fc.Arbitrary<ValueSet> {
  const fixed = fc.constantFrom(allValues(type), noValues(type), onlyNull(type), notNull(type));
  if (samples.length === 0 || !isOrderable(type)) return fixed;
  const value = fc.constantFrom(...samples);
  const nullAllowed = fc.boolean();
  const list = fc
    .tuple(fc.array(value, { minLength: 1, maxLength: 6 }), nullAllowed)
    .map(([values, allowed]) => makeValues(type, values, { nullAllowed: allowed }));
  const ranges = fc
    .tuple(fc.array(arbitraryRange(type, value), { minLength: 1, maxLength: 4 }), nullAllowed)
    .map(([some, allowed]) => makeRanges(type, some, { nullAllowed: allowed }));
  return fc.oneof(
    { weight: 1, arbitrary: fixed },
    { weight: 3, arbitrary: list },
    { weight: 4, arbitrary: ranges },
    { weight: 1, arbitrary: list.map((set) => complementValueSet(set)) },
  );
}

function arbitraryRange(type: DataType, value: fc.Arbitrary<Value>): fc.Arbitrary<Range> {
  return fc
    .tuple(fc.option(value), fc.option(value), fc.boolean(), fc.boolean())
    .map(([one, other, lowOpen, highOpen]) => {
      const swap = one !== null && other !== null && compareValues(type, one, other) > 0;
      const [low, high] = swap ? [other, one] : [one, other];
      const single = low !== null && high !== null && compareValues(type, low, high) === 0;
      return {
        low:
          low === null
            ? { value: undefined, bound: 'ABOVE' }
            : { value: low, bound: lowOpen && !single ? 'ABOVE' : 'EXACTLY' },
        high:
          high === null
            ? { value: undefined, bound: 'BELOW' }
            : { value: high, bound: highOpen && !single ? 'BELOW' : 'EXACTLY' },
      };
    });
}
