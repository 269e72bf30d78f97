import type { DataType } from 'apache-arrow';
import type { Marker, Range, Value } from '../constraints.ts';
import { comparatorOf } from './compare-values.ts';

/** A place between values: right before (`after` 0) or right after (1) a value, or an end of all. A range is what lies between two. */
export type Cut = { readonly value: Value; readonly after: 0 | 1 } | 'start' | 'end';

/** What lies between `low` and `high`; `low` is before `high`. */
export interface Span {
  readonly low: Cut;
  readonly high: Cut;
}

export const UNBOUNDED_LOW: Marker = { value: undefined, bound: 'ABOVE' };
export const UNBOUNDED_HIGH: Marker = { value: undefined, bound: 'BELOW' };

export function spanOf({ low, high }: Range): Span {
  return {
    low: low.value === undefined ? 'start' : { value: low.value, after: low.bound === 'ABOVE' ? 1 : 0 },
    high: high.value === undefined ? 'end' : { value: high.value, after: high.bound === 'BELOW' ? 0 : 1 },
  };
}

export function rangeOf({ low, high }: Span): Range {
  return {
    low: typeof low === 'string' ? UNBOUNDED_LOW : { value: low.value, bound: low.after === 1 ? 'ABOVE' : 'EXACTLY' },
    high:
      typeof high === 'string' ? UNBOUNDED_HIGH : { value: high.value, bound: high.after === 1 ? 'EXACTLY' : 'BELOW' },
  };
}

/** The order of cuts of a type. */
export function cutOrder(type: DataType): (a: Cut, b: Cut) => number {
  const compare = comparatorOf(type);
  return (a, b) => {
    if (a === b) return 0;
    if (a === 'start' || b === 'end') return -1;
    if (a === 'end' || b === 'start') return 1;
    const order = compare(a.value, b.value);
    return order === 0 ? a.after - b.after : order;
  };
}

/** Sorted, not empty, and neither overlapping nor touching. */
export function coalesce(spans: readonly Span[], type: DataType): Span[] {
  const order = cutOrder(type);
  const sorted = spans.filter(({ low, high }) => order(low, high) < 0).sort((a, b) => order(a.low, b.low));
  const merged: Span[] = [];
  for (const span of sorted) {
    const last = merged.at(-1);
    if (last === undefined || order(last.high, span.low) < 0) merged.push(span);
    else if (order(last.high, span.high) < 0) merged[merged.length - 1] = { low: last.low, high: span.high };
  }
  return merged;
}

/** What both of two coalesced lists hold. */
export function intersectSpans(a: readonly Span[], b: readonly Span[], type: DataType): Span[] {
  const order = cutOrder(type);
  const both: Span[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const left = a[i];
    const right = b[j];
    if (left === undefined || right === undefined) break;
    const low = order(left.low, right.low) < 0 ? right.low : left.low;
    const leftEndsFirst = order(left.high, right.high) < 0;
    const high = leftEndsFirst ? left.high : right.high;
    if (order(low, high) < 0) both.push({ low, high });
    if (leftEndsFirst) i++;
    else j++;
  }
  return both;
}

/** What lies between the spans of a coalesced list. */
export function complementSpans(spans: readonly Span[]): Span[] {
  const gaps: Span[] = [];
  let low: Cut = 'start';
  for (const span of spans) {
    if (span.low !== 'start') gaps.push({ low, high: span.low });
    low = span.high;
  }
  if (low !== 'end') gaps.push({ low, high: 'end' });
  return gaps;
}
