import type { DataType } from 'apache-arrow';
import type { EquatableValueSet, Range, SortedRangeSet, Value, ValueSet } from '../constraints.ts';
import { ErganeError } from '../errors.ts';
import { comparatorOf } from './compare-values.ts';
import { coalesce, complementSpans, intersectSpans, rangeOf, type Span, spanOf } from './cut.ts';
import { allOrNone, allValues, isOrderable, makeValues, noValues } from './make-value-set.ts';

/** What is in either set (`OR`). Both are of one type; sets of different kinds make a SortedRangeSet. */
export function unionValueSets(a: ValueSet, b: ValueSet): ValueSet {
  assertSameType(a.type, b.type);
  const nullAllowed = a.nullAllowed || b.nullAllowed;
  if (a.kind === 'AllOrNoneValueSet' && b.kind === 'AllOrNoneValueSet')
    return allOrNone(a.type, a.all || b.all, nullAllowed);
  if (a.kind === 'EquatableValueSet' && b.kind === 'EquatableValueSet')
    return fromSpans(a, coalesce([...spansOf(a), ...spansOf(b)], a.type), nullAllowed);
  return sorted(a.type, coalesce([...spansOf(a), ...spansOf(b)], a.type), nullAllowed);
}

/** What is in both sets (`AND`). */
export function intersectValueSets(a: ValueSet, b: ValueSet): ValueSet {
  assertSameType(a.type, b.type);
  const nullAllowed = a.nullAllowed && b.nullAllowed;
  if (a.kind === 'AllOrNoneValueSet' && b.kind === 'AllOrNoneValueSet')
    return allOrNone(a.type, a.all && b.all, nullAllowed);
  const both = intersectSpans(spansOf(a), spansOf(b), a.type);
  if (a.kind === 'EquatableValueSet' && b.kind === 'EquatableValueSet') return fromSpans(a, both, nullAllowed);
  return sorted(a.type, both, nullAllowed);
}

/** What is not in the set, NULL included: the set difference from everything. SQL's NOT keeps no NULL: intersect with `notNull`. */
export function complementValueSet(set: ValueSet): ValueSet {
  switch (set.kind) {
    case 'AllOrNoneValueSet':
      return allOrNone(set.type, !set.all, !set.nullAllowed);
    case 'EquatableValueSet':
      return { ...set, whiteList: !set.whiteList, nullAllowed: !set.nullAllowed };
    case 'SortedRangeSet':
      return sorted(set.type, complementSpans(set.ranges.map(spanOf)), !set.nullAllowed);
  }
}

/** The same set as ranges; only sets over nested types have none. */
export function toSortedRangeSet(set: ValueSet): SortedRangeSet {
  return set.kind === 'SortedRangeSet' ? set : sorted(set.type, spansOf(set), set.nullAllowed);
}

function spansOf(set: ValueSet): Span[] {
  if (set.kind === 'SortedRangeSet') return set.ranges.map(spanOf);
  if (set.kind === 'EquatableValueSet') {
    const listed = makeValues(set.type, set.values).ranges.map(spanOf);
    return set.whiteList ? listed : complementSpans(listed);
  }
  if (!isOrderable(set.type))
    throw new ErganeError('INTERNAL', `values of ${String(set.type)} have no order, so no ranges`);
  const same = set.all ? allValues(set.type) : noValues(set.type);
  return same.kind === 'SortedRangeSet' ? same.ranges.map(spanOf) : [];
}

/** Unions and intersections of equatable sets list values, or what is between lists values. */
function fromSpans({ type }: EquatableValueSet, spans: readonly Span[], nullAllowed: boolean): ValueSet {
  const listed = listValues(type, spans.map(rangeOf));
  if (listed !== undefined) return { kind: 'EquatableValueSet', type, values: listed, whiteList: true, nullAllowed };
  const excluded = listValues(type, complementSpans(spans).map(rangeOf));
  if (excluded !== undefined)
    return { kind: 'EquatableValueSet', type, values: excluded, whiteList: false, nullAllowed };
  return sorted(type, spans, nullAllowed);
}

/** The values of ranges that hold one value each; undefined if one holds more. */
export function listValues(type: DataType, ranges: readonly Range[]): readonly Value[] | undefined {
  const compare = comparatorOf(type);
  const values: Value[] = [];
  for (const { low, high } of ranges) {
    const single =
      low.value !== undefined &&
      high.value !== undefined &&
      low.bound === 'EXACTLY' &&
      high.bound === 'EXACTLY' &&
      compare(low.value, high.value) === 0;
    if (!single || low.value === undefined) return undefined;
    values.push(low.value);
  }
  return values;
}

function sorted(type: DataType, spans: readonly Span[], nullAllowed: boolean): SortedRangeSet {
  return { kind: 'SortedRangeSet', type, ranges: spans.map(rangeOf), nullAllowed };
}

/** Types that the protocol names alike are alike; it does not name the elements of nested ones (section 2.6). */
function assertSameType(a: DataType, b: DataType): void {
  const same = isOrderable(a) ? String(a) === String(b) : a.typeId === b.typeId;
  if (!same) throw new ErganeError('INTERNAL', `value sets of ${String(a)} and ${String(b)} cannot be combined`);
}
