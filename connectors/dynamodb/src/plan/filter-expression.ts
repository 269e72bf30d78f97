import { isAll, singleValues, valueSetContains } from '@ergane/protocol';
import type { Constraints, Range, Value, ValueSet } from '@ergane/protocol';
import { DataType } from 'apache-arrow';
import type { TableNotes } from '../schema/table-notes.ts';
import { attributeOf } from '../schema/table-notes.ts';
import type { Placeholders } from './expression.ts';
import { LONGEST_EXPRESSION } from './expression.ts';
import { comparableType, isFilter, toWireValue } from './wire-values.ts';

export interface FilterQuestion {
  readonly summary: Constraints['summary'];
  readonly notes: TableNotes;
  /** attributes that DynamoDB allows in no filter of this request */
  readonly keyAttributes: readonly string[];
  readonly placeholders: Placeholders;
}

export interface Filter {
  /** undefined: there is nothing to filter */
  readonly expression: string | undefined;
  readonly columns: readonly string[];
}

/** AWS: operands of one IN. */
const MAX_IN = 100;
const MAX_RANGES = 20;
/** AWS: operators and functions of one expression. */
const MAX_OPERATORS = 300;
const OPERATOR = /[<>=]+|\b(?:AND|OR|NOT|IN)\b|attribute_\w+/g;
/** What joins two conditions, `() AND `. */
const JOINT = 7;

/**
 * A filter that keeps at least every item whose row meets the constraints. An attribute of another type than the column's (a number in a
 * varchar column) is kept too, because SQL compares what the column shows of it; the SDK's check decides.
 */
export function makeFilter({ summary, notes, keyAttributes, placeholders }: FilterQuestion): Filter {
  const columns: string[] = [];
  const parts: string[] = [];
  let length = 0;
  let operators = 0;
  for (const [column, set] of Object.entries(summary)) {
    const attribute = attributeOf(notes, column);
    if (!isFilter(set) || isAll(set) || keyAttributes.includes(attribute)) continue;
    const room = LONGEST_EXPRESSION - length - JOINT;
    const part = placeholders.attempt(() => {
      const condition = makeCondition(placeholders.name(attribute), set, placeholders);
      const fits = condition !== undefined && condition.length <= room;
      return fits && operators + countOperators(condition) <= MAX_OPERATORS ? condition : undefined;
    });
    if (part === undefined) continue;
    columns.push(column);
    parts.push(part);
    length += part.length + JOINT;
    operators += countOperators(part);
  }
  return { expression: parts.length === 0 ? undefined : parts.map((part) => `(${part})`).join(' AND '), columns };
}

/** Of a condition and the AND that joins it. */
function countOperators(condition: string): number {
  return (condition.match(OPERATOR)?.length ?? 0) + 1;
}

function makeCondition(name: string, set: ValueSet, placeholders: Placeholders): string | undefined {
  if (isOnlyNull(set)) return `attribute_not_exists(${name}) OR attribute_type(${name}, ${nullType(placeholders)})`;
  if (isNotNull(set)) return `attribute_exists(${name})`;
  const wireType = comparableType(set.type);
  if (wireType === undefined) return undefined;
  const comparison = compareSet(name, set, placeholders);
  if (comparison === undefined) return undefined;
  const otherType = `NOT attribute_type(${name}, ${placeholders.value({ S: wireType })})`;
  return set.nullAllowed
    ? `${comparison} OR ${otherType}`
    : `${comparison} OR (attribute_exists(${name}) AND ${otherType})`;
}

function nullType(placeholders: Placeholders): string {
  return placeholders.value({ S: 'NULL' });
}

function isOnlyNull(set: ValueSet): boolean {
  return set.nullAllowed && singleValues(set)?.length === 0;
}

function isNotNull(set: ValueSet): boolean {
  if (set.nullAllowed) return false;
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

function compareSet(name: string, set: ValueSet, placeholders: Placeholders): string | undefined {
  const values = DataType.isBool(set.type)
    ? [false, true].filter((value) => valueSetContains(set, value))
    : singleValues(set);
  if (values !== undefined && values.length <= MAX_IN) return compareList(name, { set, values, placeholders });
  if (set.kind === 'EquatableValueSet') {
    if (set.whiteList || set.values.length > MAX_IN) return undefined;
    const listed = compareList(name, { set, values: set.values, placeholders });
    return listed === undefined ? undefined : `NOT (${listed})`;
  }
  if (set.kind !== 'SortedRangeSet') return undefined;
  const ranges = set.ranges.length > MAX_RANGES ? cover(set.ranges) : set.ranges;
  const parts = ranges.map((range) => compareRange(name, set.type, { range, placeholders }));
  return parts.every((part) => part !== undefined) ? parts.join(' OR ') : undefined;
}

interface ListOfValues {
  readonly set: ValueSet;
  readonly values: readonly Value[];
  readonly placeholders: Placeholders;
}

function compareList(name: string, { set, values, placeholders }: ListOfValues): string | undefined {
  const wire = values.map((value) => toWireValue(set.type, value)).filter((value) => value !== undefined);
  const [first, ...others] = wire;
  if (first === undefined) return undefined;
  if (others.length === 0) return `${name} = ${placeholders.value(first)}`;
  return `${name} IN (${wire.map((value) => placeholders.value(value)).join(', ')})`;
}

function cover(ranges: readonly Range[]): readonly Range[] {
  const [first] = ranges;
  const last = ranges.at(-1);
  return first === undefined || last === undefined ? [] : [{ low: first.low, high: last.high }];
}

function compareRange(
  name: string,
  type: DataType,
  { range: { low, high }, placeholders }: { readonly range: Range; readonly placeholders: Placeholders },
): string | undefined {
  const lowValue = low.value === undefined ? undefined : toWireValue(type, low.value);
  const highValue = high.value === undefined ? undefined : toWireValue(type, high.value);
  if (low.value !== undefined && lowValue === undefined) return undefined;
  if (high.value !== undefined && highValue === undefined) return undefined;
  const parts: string[] = [];
  if (lowValue !== undefined && highValue !== undefined && JSON.stringify(lowValue) === JSON.stringify(highValue))
    return `${name} = ${placeholders.value(lowValue)}`;
  if (lowValue !== undefined)
    parts.push(`${name} ${low.bound === 'EXACTLY' ? '>=' : '>'} ${placeholders.value(lowValue)}`);
  if (highValue !== undefined)
    parts.push(`${name} ${high.bound === 'EXACTLY' ? '<=' : '<'} ${placeholders.value(highValue)}`);
  return parts.length === 0 ? undefined : `(${parts.join(' AND ')})`;
}
