import { isPackedTimestamp, makeRanges } from '@ergane/protocol';
import type { Marker, Value, ValueSet } from '@ergane/protocol';
import type { DataType } from 'apache-arrow';
import { allBut } from './compare-set.ts';
import type { ColumnFilter, TypeOf } from './filter-to-value-set.ts';
import type { ComparisonOperator, PlanConstant, PlanExpression } from './plan-expression.ts';

/**
 * A comparison of a TIMESTAMP WITH TIME ZONE, which the plan has as the wire's packed integer (protocol reference, section 2.5: instant *
 * 4096 + zone), as a set of instants. Undefined: the filter is none, or says nothing.
 */
export function zonedComparison(
  operator: ComparisonOperator,
  { left, right }: { readonly left: PlanExpression; readonly right: PlanExpression },
  typeOf: TypeOf,
): ColumnFilter | undefined {
  if (right.kind !== 'constant' || typeof right.value !== 'bigint' || right.type.id !== 'BIGINT') return undefined;
  const instant = instantColumn(left);
  const column = left.kind === 'column' ? left.index : instant;
  const type = column === undefined ? undefined : typeOf(column);
  if (column === undefined || type === undefined || !isPackedTimestamp(type)) return undefined;
  if (right.value >= LAST || right.value < -LAST) return undefined;
  const found =
    instant === undefined
      ? packedSet(type, operator, right.value)
      : { set: instantSet(type, operator, right.value), exact: true };
  return found && { column, ...found };
}

/** so that a bound beside it is an integer of 64 bits too */
const LAST = 2n ** 62n;

/** `column >> 12` */
function instantColumn(expression: PlanExpression): number | undefined {
  if (expression.kind !== 'function' || expression.name !== '>>') return undefined;
  const [column, bits] = expression.arguments;
  return column?.kind === 'column' && isTwelve(bits) ? column.index : undefined;
}

function isTwelve(expression: PlanExpression | undefined): expression is PlanConstant {
  return expression?.kind === 'constant' && expression.value === 12n;
}

function instantSet(type: DataType, operator: ComparisonOperator, ms: bigint): ValueSet {
  const same = makeRanges(type, [{ low: from(ms), high: before(ms + 1n) }]);
  switch (operator) {
    case '=':
    case 'IS NOT DISTINCT FROM':
      return same;
    case '<>':
      return allBut(same);
    case 'IS DISTINCT FROM':
      return allBut(same, { orNull: true });
    case '<':
      return makeRanges(type, [{ low: ALL_BEFORE, high: before(ms) }]);
    case '<=':
      return makeRanges(type, [{ low: ALL_BEFORE, high: before(ms + 1n) }]);
    case '>':
      return makeRanges(type, [{ low: from(ms + 1n), high: ALL_AFTER }]);
    case '>=':
      return makeRanges(type, [{ low: from(ms), high: ALL_AFTER }]);
  }
}

/** A bound on the packed integer is one on the instant where it stands between two instants; else the set has a little more. */
function packedSet(
  type: DataType,
  operator: ComparisonOperator,
  packed: bigint,
): { readonly set: ValueSet; readonly exact: boolean } | undefined {
  const ms = packed >> 12n;
  const exact = (packed & 0xfffn) === 0n;
  switch (operator) {
    case '>=':
      return { set: instantSet(type, '>=', ms), exact };
    case '<':
      return { set: instantSet(type, exact ? '<' : '<=', ms), exact };
    case '>':
      return { set: instantSet(type, '>=', ms), exact: false };
    case '<=':
      return { set: instantSet(type, '<=', ms), exact: false };
    case '=':
    case 'IS NOT DISTINCT FROM':
      return { set: instantSet(type, '=', ms), exact: false };
    case '<>':
    case 'IS DISTINCT FROM':
      return undefined;
  }
}

const ALL_BEFORE: Marker = { value: undefined, bound: 'ABOVE' };
const ALL_AFTER: Marker = { value: undefined, bound: 'BELOW' };
/** -14:00: to Java, which orders values of one instant by their local time, no zone of today comes before it */
const FIRST_ZONE = 1n;
/** 1900-01-01: local times of before may lie further from UTC */
const ZONES_SINCE = -2_208_988_800_000n;

/** From an instant on, whatever the zones. */
function from(ms: bigint): Marker {
  return ms < ZONES_SINCE ? { value: pack(ms - 1n), bound: 'ABOVE' } : { value: pack(ms), bound: 'EXACTLY' };
}

function before(ms: bigint): Marker {
  return { value: pack(ms), bound: 'BELOW' };
}

function pack(ms: bigint): Value {
  return (ms << 12n) | FIRST_ZONE;
}
