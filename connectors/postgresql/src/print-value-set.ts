import type { Range, SortedRangeSet, ValueSet } from '@ergane/protocol';
import type { PlannedColumn } from './planned-column.ts';
import { printIsNotNull, printIsNull } from './planned-column.ts';
import { printComparison, printMembership } from './print-comparison.ts';
import type { Constant } from './print-comparison.ts';
import type { Bind } from './print-value.ts';

/** `everything` needs no condition. */
export type Condition = { readonly sql: string } | 'everything';

const NOTHING: Condition = { sql: 'false' };

/** The rows whose value is in the set, exactly; undefined: it cannot be said, so the caller must filter. */
export function printValueSet(column: PlannedColumn, set: ValueSet, bind: Bind): Condition | undefined {
  // arrays are never filtered by value sets (protocol reference, section 3.6)
  if (column.type.comparison === 'none') return undefined;
  switch (set.kind) {
    case 'AllOrNoneValueSet':
      // Java writes NOT NULL as this set without values (protocol reference, section 3.2)
      if (!set.all && !set.nullAllowed) return undefined;
      return withNull(column, set.all ? 'everything' : NOTHING, set.nullAllowed);
    case 'EquatableValueSet': {
      const constants = set.values.map((value) => ({ value, type: set.type }));
      if (constants.length === 0) return withNull(column, set.whiteList ? NOTHING : 'everything', set.nullAllowed);
      const member = printMembership(column, constants, bind);
      if (member === undefined) return undefined;
      return withNull(column, { sql: set.whiteList ? member : `not (${member})` }, set.nullAllowed);
    }
    case 'SortedRangeSet': {
      const values = printRanges(column, set, bind);
      return values && withNull(column, values, set.nullAllowed);
    }
  }
}

/** `values` is true for the values in the set and NULL for NULL. */
function withNull(column: PlannedColumn, values: Condition, nullAllowed: boolean): Condition {
  if (values === 'everything') return nullAllowed ? 'everything' : { sql: printIsNotNull(column) };
  if (!nullAllowed) return values;
  return values === NOTHING ? { sql: printIsNull(column) } : { sql: `(${values.sql} or ${printIsNull(column)})` };
}

function printRanges(column: PlannedColumn, { ranges, type }: SortedRangeSet, bind: Bind): Condition | undefined {
  if (ranges.length === 0) return NOTHING;
  const excluded = findExcluded(ranges);
  if (excluded !== undefined) {
    if (excluded.length === 0) return 'everything';
    const member = printMembership(
      column,
      excluded.map((value) => ({ value, type })),
      bind,
    );
    return member === undefined ? undefined : { sql: `not (${member})` };
  }
  const single = ranges.flatMap((range) => findSingle(range, type));
  const parts = ranges
    .filter((range) => findSingle(range, type).length === 0)
    .map((range) => printRange(column, range, { type, bind }));
  if (single.length > 0) parts.unshift(printMembership(column, single, bind));
  if (!parts.every((part) => part !== undefined)) return undefined;
  return { sql: parts.length === 1 ? parts.join('') : `(${parts.join(' or ')})` };
}

/** The values that are left out of a set that has all others. */
function findExcluded(ranges: readonly Range[]): readonly Constant['value'][] | undefined {
  if (ranges[0]?.low.value !== undefined || ranges.at(-1)?.high.value !== undefined) return undefined;
  const excluded: Constant['value'][] = [];
  for (const [index, { high }] of ranges.slice(0, -1).entries()) {
    const low = ranges[index + 1]?.low;
    if (high.value === undefined || high.bound !== 'BELOW' || low?.bound !== 'ABOVE') return undefined;
    if (!isSame(high.value, low.value)) return undefined;
    excluded.push(high.value);
  }
  return excluded;
}

function findSingle({ low, high }: Range, type: Constant['type']): readonly Constant[] {
  if (low.bound !== 'EXACTLY' || high.bound !== 'EXACTLY' || low.value === undefined) return [];
  return isSame(low.value, high.value) ? [{ value: low.value, type }] : [];
}

function isSame(a: Constant['value'] | undefined, b: Constant['value'] | undefined): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return Object.is(a, b);
}

function printRange(
  column: PlannedColumn,
  { low, high }: Range,
  { type, bind }: { readonly type: Constant['type']; readonly bind: Bind },
): string | undefined {
  const bounds: (string | undefined)[] = [];
  if (low.value !== undefined)
    bounds.push(printComparison(column, low.bound === 'EXACTLY' ? '>=' : '>', { value: low.value, type }, bind));
  if (high.value !== undefined)
    bounds.push(printComparison(column, high.bound === 'EXACTLY' ? '<=' : '<', { value: high.value, type }, bind));
  if (!bounds.every((bound) => bound !== undefined)) return undefined;
  return bounds.length === 1 ? bounds.join('') : `(${bounds.join(' and ')})`;
}
