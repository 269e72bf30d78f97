import {
  complementValueSet,
  intersectValueSets,
  makeRanges,
  makeValues,
  notNull,
  onlyNull,
  unionValueSets,
} from '@ergane/protocol';
import type { Marker, Range, Value, ValueSet } from '@ergane/protocol';
import type { DataType } from 'apache-arrow';
import { isSafeBound } from './column-value.ts';
import type { ComparisonOperator } from './plan-expression.ts';

const UNBOUNDED_LOW: Marker = { value: undefined, bound: 'ABOVE' };
const UNBOUNDED_HIGH: Marker = { value: undefined, bound: 'BELOW' };

/** What compares so with a value; undefined: it cannot be said as a set. */
export function compareSet(type: DataType, operator: ComparisonOperator, value: Value): ValueSet | undefined {
  switch (operator) {
    case '=':
    case 'IS NOT DISTINCT FROM':
      return makeValues(type, [value]);
    case '<>':
      return allBut(makeValues(type, [value]));
    case 'IS DISTINCT FROM':
      return allBut(makeValues(type, [value]), { orNull: true });
    case '<':
    case '<=':
    case '>':
    case '>=':
      return isSafeBound(value) ? makeRanges(type, [rangeTo(operator, value)]) : undefined;
  }
}

/** What is not in the set; NULL only with `orNull`. */
export function allBut(set: ValueSet, { orNull = false }: { readonly orNull?: boolean } = {}): ValueSet {
  const others = complementValueSet(set);
  return orNull ? unionValueSets(others, onlyNull(set.type)) : intersectValueSets(others, notNull(set.type));
}

export function rangeTo(operator: '<' | '<=' | '>' | '>=', value: Value): Range {
  switch (operator) {
    case '<':
      return { low: UNBOUNDED_LOW, high: { value, bound: 'BELOW' } };
    case '<=':
      return { low: UNBOUNDED_LOW, high: { value, bound: 'EXACTLY' } };
    case '>':
      return { low: { value, bound: 'ABOVE' }, high: UNBOUNDED_HIGH };
    case '>=':
      return { low: { value, bound: 'EXACTLY' }, high: UNBOUNDED_HIGH };
  }
}

/** Both zeros: to SQL they are one value, to Java (AWS's connectors) -0 is less. */
export function zeros(type: DataType): ValueSet {
  return makeRanges(type, [{ low: { value: -0, bound: 'EXACTLY' }, high: { value: 0, bound: 'EXACTLY' } }]);
}

/** What compares so with zero, whichever it is. */
export function zeroSet(type: DataType, operator: ComparisonOperator): ValueSet {
  switch (operator) {
    case '=':
    case 'IS NOT DISTINCT FROM':
      return zeros(type);
    case '<>':
      return allBut(zeros(type));
    case 'IS DISTINCT FROM':
      return allBut(zeros(type), { orNull: true });
    case '<':
    case '>=':
      return makeRanges(type, [rangeTo(operator, -0)]);
    case '<=':
    case '>':
      return makeRanges(type, [rangeTo(operator, 0)]);
  }
}
