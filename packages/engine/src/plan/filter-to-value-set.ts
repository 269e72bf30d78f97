import {
  allValues,
  intersectValueSets,
  isOrderable,
  makeRanges,
  makeValues,
  noValues,
  notNull,
  onlyNull,
  unionValueSets,
} from '@ergane/protocol';
import type { Value, ValueSet } from '@ergane/protocol';
import { DataType } from 'apache-arrow';
import { columnValue } from './column-value.ts';
import { allBut, compareSet, rangeTo, zeroSet, zeros } from './compare-set.ts';
import { zonedComparison } from './zoned-comparison.ts';
import type { ComparisonOperator, PlanExpression } from './plan-expression.ts';

/** What a filter leaves of one column. `exact`: the set holds no value more than the filter lets pass. */
export interface ColumnFilter {
  readonly column: number;
  readonly set: ValueSet;
  readonly exact: boolean;
}
/** Type of the column at a position of the scan's output. */
export type TypeOf = (column: number) => DataType | undefined;

/** A filter on one column as a value set; undefined where it is on several columns or on what is no plain column. */
export function filterToValueSet(filter: PlanExpression, typeOf: TypeOf): ColumnFilter | undefined {
  switch (filter.kind) {
    case 'comparison':
      return comparison(filter.operator, filter, typeOf);
    case 'column':
      return booleanColumn(filter.index, true, typeOf);
    case 'is null':
      return wholeColumn(filter.child, typeOf, onlyNull);
    case 'is not null':
      return wholeColumn(filter.child, typeOf, notNull);
    case 'not':
      return negation(filter.child, typeOf);
    case 'in':
      return listed(filter, typeOf);
    case 'not in': {
      const inList = listed(filter, typeOf);
      return inList?.exact ? outside(inList, typeOf) : undefined;
    }
    case 'and':
      return combined(filter.children, typeOf, intersectValueSets);
    case 'or':
      return combined(filter.children, typeOf, unionValueSets);
    case 'function':
      return prefix(filter, typeOf);
    case 'constant':
    case 'cast':
    case 'other':
      return undefined;
  }
}

function comparison(
  operator: ComparisonOperator,
  { left, right }: { readonly left: PlanExpression; readonly right: PlanExpression },
  typeOf: TypeOf,
): ColumnFilter | undefined {
  if (left.kind === 'constant' && right.kind !== 'constant')
    return comparison(FLIPPED[operator], { left: right, right: left }, typeOf);
  const zoned = zonedComparison(operator, { left, right }, typeOf);
  if (zoned) return zoned;
  if (left.kind !== 'column' || right.kind !== 'constant') return undefined;
  const type = typeOf(left.index);
  if (!type || !isOrderable(type)) return undefined;
  if (right.value === null) return nullComparison(operator, left.index, type);
  const found = columnValue(type, right);
  if (!found) return undefined;
  const set =
    found.kind === 'between'
      ? betweenSet(type, operator, found.below)
      : found.value === 0 && DataType.isFloat(type)
        ? zeroSet(type, operator)
        : compareSet(type, operator, found.value);
  return set && { column: left.index, set, exact: true };
}

const FLIPPED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  'IS DISTINCT FROM': 'IS DISTINCT FROM',
  'IS NOT DISTINCT FROM': 'IS NOT DISTINCT FROM',
};

function nullComparison(operator: ComparisonOperator, column: number, type: DataType): ColumnFilter | undefined {
  if (operator === 'IS DISTINCT FROM') return { column, set: notNull(type), exact: true };
  if (operator === 'IS NOT DISTINCT FROM') return { column, set: onlyNull(type), exact: true };
  return { column, set: noValues(type), exact: true };
}

/** The constant lies between two values of the column, such as half a millisecond. */
function betweenSet(type: DataType, operator: ComparisonOperator, below: Value): ValueSet | undefined {
  switch (operator) {
    case '=':
    case 'IS NOT DISTINCT FROM':
      return noValues(type);
    case '<>':
      return notNull(type);
    case 'IS DISTINCT FROM':
      return allValues(type);
    case '<':
    case '<=':
      return makeRanges(type, [rangeTo('<=', below)]);
    case '>':
    case '>=':
      return makeRanges(type, [rangeTo('>', below)]);
  }
}

function booleanColumn(column: number, value: boolean, typeOf: TypeOf): ColumnFilter | undefined {
  const type = typeOf(column);
  return type && DataType.isBool(type) ? { column, set: makeValues(type, [value]), exact: true } : undefined;
}

function wholeColumn(
  child: PlanExpression,
  typeOf: TypeOf,
  make: (type: DataType) => ValueSet,
): ColumnFilter | undefined {
  const type = child.kind === 'column' ? typeOf(child.index) : undefined;
  return type && child.kind === 'column' ? { column: child.index, set: make(type), exact: true } : undefined;
}

function negation(child: PlanExpression, typeOf: TypeOf): ColumnFilter | undefined {
  if (child.kind === 'column') return booleanColumn(child.index, false, typeOf);
  if (child.kind === 'is not null') return wholeColumn(child.child, typeOf, onlyNull);
  if (child.kind === 'is null') return wholeColumn(child.child, typeOf, notNull);
  if (mentionsNull(child)) return undefined;
  const inside = filterToValueSet(child, typeOf);
  return inside?.exact ? outside(inside, typeOf) : undefined;
}

function mentionsNull(expression: PlanExpression): boolean {
  if (expression.kind === 'and' || expression.kind === 'or') return expression.children.some(mentionsNull);
  if (expression.kind === 'comparison')
    return expression.operator.startsWith('IS ') || hasNull([expression.right, expression.left]);
  if (expression.kind === 'in' || expression.kind === 'not in') return hasNull(expression.list);
  return true;
}

function hasNull(expressions: readonly PlanExpression[]): boolean {
  return expressions.some((expression) => expression.kind === 'constant' && expression.value === null);
}

/** All but the set, and not NULL: what is compared with NULL is not true. */
function outside({ column, set }: ColumnFilter, typeOf: TypeOf): ColumnFilter | undefined {
  const type = typeOf(column);
  return type && { column, set: allBut(set), exact: true };
}

function listed(
  {
    kind,
    child,
    list,
  }: { readonly kind: 'in' | 'not in'; readonly child: PlanExpression; readonly list: readonly PlanExpression[] },
  typeOf: TypeOf,
): ColumnFilter | undefined {
  if (child.kind !== 'column') return undefined;
  const type = typeOf(child.index);
  if (!type || !isOrderable(type)) return undefined;
  const values: Value[] = [];
  for (const item of list) {
    if (item.kind !== 'constant') return undefined;
    if (item.value === null) {
      // `x NOT IN (…, NULL)` is never true; `x IN (…, NULL)` is as without it.
      if (kind === 'not in') return { column: child.index, set: allValues(type), exact: false };
      continue;
    }
    const found = columnValue(type, item);
    if (!found) return undefined;
    if (found.kind === 'exact') values.push(found.value);
  }
  const set =
    DataType.isFloat(type) && values.includes(0)
      ? unionValueSets(makeValues(type, values), zeros(type))
      : makeValues(type, values);
  return { column: child.index, set, exact: true };
}

function combined(
  children: readonly PlanExpression[],
  typeOf: TypeOf,
  combine: (a: ValueSet, b: ValueSet) => ValueSet,
): ColumnFilter | undefined {
  let result: ColumnFilter | undefined;
  for (const child of children) {
    const next = filterToValueSet(child, typeOf);
    if (!next || (result && next.column !== result.column)) return undefined;
    result = result
      ? { column: next.column, set: combine(result.set, next.set), exact: result.exact && next.exact }
      : next;
  }
  return result;
}

/** `x LIKE 'abc%'` (DuckDB's `prefix`): at least what lies from 'abc' up to 'abd'. */
function prefix(
  { name, arguments: given }: { readonly name: string; readonly arguments: readonly PlanExpression[] },
  typeOf: TypeOf,
): ColumnFilter | undefined {
  const [input, start] = given;
  if (!['prefix', 'starts_with', '^@'].includes(name) || input?.kind !== 'column' || start?.kind !== 'constant')
    return undefined;
  const type = typeOf(input.index);
  const low = start.value;
  if (!type || !DataType.isUtf8(type) || typeof low !== 'string' || low === '' || /[^\u0001-\ud7fe]/.test(low))
    return undefined;
  const high = low.slice(0, -1) + String.fromCharCode(low.charCodeAt(low.length - 1) + 1);
  const range = { low: { value: low, bound: 'EXACTLY' }, high: { value: high, bound: 'BELOW' } } as const;
  return { column: input.index, set: makeRanges(type, [range]), exact: false };
}
