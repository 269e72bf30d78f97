import type { Marker, Value, ValueSet } from '@ergane/protocol';

/** A range of values; undefined is unbounded, `open` leaves the bound itself out. */
export interface Bound {
  readonly value: Value;
  readonly open: boolean;
}
export interface ValueRange {
  readonly low: Bound | undefined;
  readonly high: Bound | undefined;
}

/** What the values (not the nulls) of a set are: ranges in ascending order, or all but them. */
export interface ValueRanges {
  readonly ranges: readonly ValueRange[];
  readonly except: boolean;
}

const EVERYTHING: ValueRange = { low: undefined, high: undefined };

/** The values of a set as ranges in the order of `compare`; the lists of sets without ranges are sorted. */
export function rangesOf(set: ValueSet, compare: (left: Value, right: Value) => number): ValueRanges {
  switch (set.kind) {
    case 'AllOrNoneValueSet':
      return { ranges: set.all ? [EVERYTHING] : [], except: false };
    case 'EquatableValueSet': {
      const values = [...set.values].sort(compare);
      const distinct = values.filter((value, at) => {
        const before = values[at - 1];
        return before === undefined || compare(before, value) !== 0;
      });
      return { ranges: distinct.map(exactly), except: !set.whiteList };
    }
    case 'SortedRangeSet':
      return { ranges: set.ranges.map(({ low, high }) => ({ low: boundOf(low), high: boundOf(high) })), except: false };
  }
}

function exactly(value: Value): ValueRange {
  return { low: { value, open: false }, high: { value, open: false } };
}

function boundOf({ value, bound }: Marker): Bound | undefined {
  return value === undefined ? undefined : { value, open: bound !== 'EXACTLY' };
}
