import { makeRanges, toValueBlock } from '@ergane/protocol';
import type { Constraints, ValueSet } from '@ergane/protocol';
import type { TableScan } from '../plan/table-scan.ts';

/** A value takes a kilobyte in the form that every function understands, and Lambda takes 6 MB. */
const MOST_RANGES = 1024;

/** A scan's constraints in the form in which they are sent: what would be too long for the function becomes the range that holds it. */
export function wireConstraints({
  constraints,
  valueBlocks,
}: Pick<TableScan, 'constraints' | 'valueBlocks'>): Constraints {
  const form = valueBlocks ? toValueBlock : inFewRanges;
  const summary = Object.entries(constraints.summary).map(([name, set]) => [name, form(set)] as const);
  return { ...constraints, summary: Object.fromEntries(summary) };
}

function inFewRanges(set: ValueSet): ValueSet {
  if (set.kind !== 'SortedRangeSet' || set.ranges.length <= MOST_RANGES) return set;
  const { type, ranges, nullAllowed } = set;
  const [first] = ranges;
  const last = ranges.at(-1);
  return first && last ? makeRanges(type, [{ low: first.low, high: last.high }], { nullAllowed }) : set;
}
