import { DataType } from 'apache-arrow';
import type { AllOrNoneValueSet, EquatableValueSet, Range, SortedRangeSet, Value, ValueSet } from '../constraints.ts';
import { coalesce, rangeOf, spanOf, UNBOUNDED_HIGH, UNBOUNDED_LOW } from './cut.ts';

interface NullOption {
  readonly nullAllowed?: boolean;
}

const EVERYTHING: readonly Range[] = [{ low: UNBOUNDED_LOW, high: UNBOUNDED_HIGH }];

/** The values in a list (`IN`). */
export function makeValues(type: DataType, values: Iterable<Value>, options: NullOption = {}): SortedRangeSet {
  const ranges = Array.from(values, (value): Range => {
    const marker = { value, bound: 'EXACTLY' } as const;
    return { low: marker, high: marker };
  });
  return makeRanges(type, ranges, options);
}

/**
 * The values in a list, or all but them. On the wire some bytes a value, where {@link makeValues} takes a kilobyte; AWS's JDBC
 * connectors do not understand it (section 10.3).
 */
export function makeEquatableValues(
  type: DataType,
  values: readonly Value[],
  options: NullOption & { readonly whiteList?: boolean } = {},
): EquatableValueSet {
  const { whiteList = true, nullAllowed = false } = options;
  return { kind: 'EquatableValueSet', type, values, whiteList, nullAllowed };
}

/** The values in any of some ranges, which are sorted and merged; an empty one is dropped. */
export function makeRanges(type: DataType, ranges: readonly Range[], options: NullOption = {}): SortedRangeSet {
  const coalesced = coalesce(ranges.map(spanOf), type).map(rangeOf);
  return { kind: 'SortedRangeSet', type, ranges: coalesced, nullAllowed: options.nullAllowed ?? false };
}

/** Everything, NULL too. */
export function allValues(type: DataType): ValueSet {
  return everything(type, true);
}

/** IS NOT NULL */
export function notNull(type: DataType): ValueSet {
  return everything(type, false);
}

/** IS NULL */
export function onlyNull(type: DataType): ValueSet {
  return nothing(type, true);
}

/** FALSE: not even NULL. */
export function noValues(type: DataType): ValueSet {
  return nothing(type, false);
}

/** Whether values of the type have an order here; lists, structs and maps have none. */
export function isOrderable(type: DataType): boolean {
  return !DataType.isList(type) && !DataType.isStruct(type) && !DataType.isMap(type) && !DataType.isFixedSizeList(type);
}

export function allOrNone(type: DataType, all: boolean, nullAllowed: boolean): AllOrNoneValueSet {
  return { kind: 'AllOrNoneValueSet', type, all, nullAllowed };
}

function everything(type: DataType, nullAllowed: boolean): ValueSet {
  if (!isOrderable(type)) return allOrNone(type, true, nullAllowed);
  return { kind: 'SortedRangeSet', type, ranges: EVERYTHING, nullAllowed };
}

function nothing(type: DataType, nullAllowed: boolean): ValueSet {
  if (!isOrderable(type)) return allOrNone(type, false, nullAllowed);
  return { kind: 'SortedRangeSet', type, ranges: [], nullAllowed };
}
