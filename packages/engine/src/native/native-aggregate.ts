import { isObject, list, text } from '../plan/duckdb-plan.ts';
import type { JsonObject } from '../plan/duckdb-plan.ts';
import { readExpression } from '../plan/plan-expression.ts';
import type { PlanExpression } from '../plan/plan-expression.ts';
import { nativeCondition, nativeValue } from './native-expression.ts';
import type { NativeScope } from './native-expression.ts';
import { groupable, isNumber, stay } from './native-value.ts';
import type { NativeValue } from './native-value.ts';

/** Digits of a number of rows: a sum of so many values must still have 38 digits. */
const ROW_DIGITS = 12;

/** An aggregate of DuckDB's plan that the source computes to the same value. Throws NotNative. */
export function nativeAggregate(json: JsonObject, scope: NativeScope): NativeValue {
  if (text(json, 'expression_class') !== 'BOUND_AGGREGATE') return stay('this aggregate');
  if (isObject(json['order_bys']) && list(json['order_bys'], 'orders').length > 0)
    return stay('an aggregate with ORDER BY');
  const filter = isObject(json['filter']) ? nativeCondition(readExpression(json['filter']), scope) : undefined;
  const [argument] = list(json, 'children').filter(isObject).map(readExpression);
  const call: Call = { scope, filter, isDistinct: text(json, 'aggregate_type') === 'DISTINCT' };
  const name = text(json, 'name');
  switch (name) {
    case 'count_star':
      return count(filter === undefined ? '*' : `CASE WHEN ${filter} THEN 1 END`);
    case 'count':
      return argument ? countOf(argument, call) : stay('count of nothing');
    case 'sum':
    case 'sum_no_overflow':
      return argument ? sumOf(nativeValue(argument, scope), call) : stay('sum of nothing');
    case 'min':
    case 'max':
      return argument ? extreme(name, nativeValue(argument, scope), call) : stay(`${name} of nothing`);
    default:
      return stay(`the aggregate ${name}`);
  }
}

interface Call {
  readonly scope: NativeScope;
  readonly filter: string | undefined;
  readonly isDistinct: boolean;
}

function count(argument: string): NativeValue {
  return { sql: `COUNT(${argument})`, kind: 'integer', whole: 19, scale: 0 };
}

/** Whether a value is NULL can be said of any column. */
function countOf(argument: PlanExpression, call: Call): NativeValue {
  const column = argument.kind === 'column' ? call.scope.columns[argument.index] : undefined;
  const isKnown = column?.kind === 'opaque' && column.sql !== '' && !call.isDistinct;
  const value = isKnown ? column : nativeValue(argument, call.scope);
  const sql = call.isDistinct ? groupable(value).sql : value.sql;
  return count(`${call.isDistinct ? 'DISTINCT ' : ''}${filtered(sql, call)}`);
}

function sumOf(value: NativeValue, call: Call): NativeValue {
  const { whole, scale } = value;
  if (!isNumber(value)) return stay(`sum of ${value.kind}`);
  if (whole + scale + ROW_DIGITS > 38) return stay(`a sum of numbers of ${whole + scale} digits may need more than 38`);
  const sql = `SUM(${call.isDistinct ? 'DISTINCT ' : ''}${filtered(value.sql, call)})`;
  const mayOverflow = value.kind === 'integer' && whole >= 19;
  return { sql, kind: 'decimal', whole: 38 - scale, scale, ...(mayOverflow && { mayOverflow }) };
}

function extreme(name: 'min' | 'max', value: NativeValue, call: Call): NativeValue {
  if (value.kind === 'boolean') return stay(`${name} of boolean`);
  const { kind, whole, scale, isLong } = value;
  return {
    ...(isLong === true && { isLong }),
    sql: `${name.toUpperCase()}(${filtered(value.sql, call)})`,
    kind,
    whole,
    scale,
  };
}

/** FILTER, which not every source knows: what is left out is NULL. */
function filtered(sql: string, { filter }: Call): string {
  return filter === undefined ? sql : `CASE WHEN ${filter} THEN ${sql} END`;
}
