import type { Range, ValueSet } from '@ergane/protocol';
import { singleValues } from '@ergane/protocol';
import type { SortCondition } from './read-plan.ts';
import { canBeKey, toWireValue } from './wire-values.ts';

/** More ranges than this are asked as one that covers them; the SDK's check leaves out what is between. */
const MAX_RANGES = 20;

/**
 * The conditions on a sort key that together hold every value of the set, without overlap; undefined: none can be said. No condition:
 * no item can match.
 */
export function makeSortConditions(attribute: string, set: ValueSet): readonly SortCondition[] | undefined {
  const values = singleValues(set);
  if (values !== undefined) {
    const wire = values.map((value) => toWireValue(set.type, value)).filter((value) => value !== undefined);
    return wire
      .filter((value) => canBeKey(value, 'RANGE'))
      .map((value) => ({ attribute, operator: '=', values: [value] }));
  }
  if (set.kind !== 'SortedRangeSet') return undefined;
  const conditions = coverRanges(set.ranges).map((range) => toCondition(attribute, set, range));
  return conditions.every((condition) => condition !== undefined) ? conditions : undefined;
}

function coverRanges(ranges: readonly Range[]): readonly Range[] {
  const [first] = ranges;
  const last = ranges.at(-1);
  if (first === undefined || last === undefined || ranges.length <= MAX_RANGES) return ranges;
  return [{ low: first.low, high: last.high }];
}

function toCondition(attribute: string, { type }: ValueSet, { low, high }: Range): SortCondition | undefined {
  const lowValue = low.value === undefined ? undefined : toWireValue(type, low.value);
  const highValue = high.value === undefined ? undefined : toWireValue(type, high.value);
  const isBad = (value: typeof lowValue, marker: typeof low): boolean =>
    marker.value !== undefined && (value === undefined || !canBeKey(value, 'RANGE'));
  if (isBad(lowValue, low) || isBad(highValue, high)) return undefined;
  // BETWEEN takes both ends in: where the range leaves one out, the SDK's check does
  if (lowValue !== undefined && highValue !== undefined)
    return JSON.stringify(lowValue) === JSON.stringify(highValue)
      ? { attribute, operator: '=', values: [lowValue] }
      : { attribute, operator: 'BETWEEN', values: [lowValue, highValue] };
  if (lowValue !== undefined) return { attribute, operator: low.bound === 'EXACTLY' ? '>=' : '>', values: [lowValue] };
  if (highValue !== undefined)
    return { attribute, operator: high.bound === 'EXACTLY' ? '<=' : '<', values: [highValue] };
  return undefined;
}
