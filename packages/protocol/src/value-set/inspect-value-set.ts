import type { SortedRangeSet, Value, ValueSet } from '../constraints.ts';
import { comparatorOf } from './compare-values.ts';
import { listValues } from './combine-value-sets.ts';

/** Whether a value, or NULL, is in the set. */
export function valueSetContains(set: ValueSet, value: Value | null): boolean {
  if (value === null) return set.nullAllowed;
  switch (set.kind) {
    case 'AllOrNoneValueSet':
      return set.all;
    case 'EquatableValueSet': {
      const compare = comparatorOf(set.type);
      return set.values.some((listed) => compare(listed, value) === 0) === set.whiteList;
    }
    case 'SortedRangeSet':
      return rangesContain(set, value);
  }
}

/** Nothing is in the set, not even NULL. */
export function isNone(set: ValueSet): boolean {
  if (set.nullAllowed) return false;
  switch (set.kind) {
    case 'AllOrNoneValueSet':
      return !set.all;
    case 'EquatableValueSet':
      return set.whiteList && set.values.length === 0;
    case 'SortedRangeSet':
      return set.ranges.length === 0;
  }
}

/** Everything is in the set, NULL too: it restricts nothing. */
export function isAll(set: ValueSet): boolean {
  if (!set.nullAllowed) return false;
  switch (set.kind) {
    case 'AllOrNoneValueSet':
      return set.all;
    case 'EquatableValueSet':
      return !set.whiteList && set.values.length === 0;
    case 'SortedRangeSet': {
      const [only] = set.ranges;
      return set.ranges.length === 1 && only?.low.value === undefined && only?.high.value === undefined;
    }
  }
}

/** The values of the set where it is a finite list (perhaps of none); whether NULL is in it too says `nullAllowed`. */
export function singleValues(set: ValueSet): readonly Value[] | undefined {
  switch (set.kind) {
    case 'AllOrNoneValueSet':
      return set.all ? undefined : [];
    case 'EquatableValueSet':
      return set.whiteList ? set.values : undefined;
    case 'SortedRangeSet':
      return listValues(set.type, set.ranges);
  }
}

/** Ranges are sorted and apart: the last one that does not begin after the value holds it, or none does. */
function rangesContain({ ranges, type }: SortedRangeSet, value: Value): boolean {
  const compare = comparatorOf(type);
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bound = ranges[middle]?.low;
    const order = bound?.value === undefined ? -1 : compare(bound.value, value);
    if (order < 0 || (order === 0 && bound?.bound === 'EXACTLY')) low = middle + 1;
    else high = middle;
  }
  const end = ranges[low - 1]?.high;
  if (end === undefined) return false;
  if (end.value === undefined) return true;
  const order = compare(value, end.value);
  return order < 0 || (order === 0 && end.bound === 'EXACTLY');
}
