import { DataType } from 'apache-arrow';
import type { ValueSet } from '../constraints.ts';
import { singleValues } from './inspect-value-set.ts';
import { isOrderable, makeEquatableValues, makeValues } from './make-value-set.ts';

/** Fewer values are not worth another form. */
const MANY = 16;

/**
 * A list of many values in the form that takes some bytes a value on the wire; other sets as they are. For callees that announce
 * `valueBlocks` (extensions.ts): AWS's connectors push such a set of a type with an order not down.
 */
export function toValueBlock(set: ValueSet): ValueSet {
  if (set.kind !== 'SortedRangeSet' || set.ranges.length < MANY || DataType.isFloat(set.type)) return set;
  const values = singleValues(set);
  return values === undefined ? set : makeEquatableValues(set.type, values, { nullAllowed: set.nullAllowed });
}

/** What {@link toValueBlock} was given: a list of values that have an order, as ranges. */
export function fromValueBlock(set: ValueSet): ValueSet {
  if (set.kind !== 'EquatableValueSet' || !set.whiteList) return set;
  if (!isOrderable(set.type) || DataType.isFloat(set.type)) return set;
  return makeValues(set.type, set.values, { nullAllowed: set.nullAllowed });
}
