import type { ComparisonOperator, Expression, Position } from '../parse/syntax-tree.ts';
import { commonSuperType } from '../types/coercion.ts';
import { duckdbType } from '../types/physical-type.ts';
import { isOrderable } from '../types/orderable.ts';
import { BOOLEAN, printType } from '../types/type-text.ts';
import { coerceTo } from '../casts/cast.ts';
import { distinctSql, equalSql, hasIdentity, comparesNatively, orderSql } from '../emit/compare.ts';
import { decimalConstant } from '../emit/literals.ts';
import { failAt, type Typed } from '../emit/typed.ts';
import { analyze } from './expression.ts';
import type { ExpressionContext } from './context.ts';

/** Two values in the type that they are compared in. A literal takes the column's own type where that loses nothing. */
function comparable(left: Typed, right: Typed, fail: () => Error): readonly [Typed, Typed] {
  const common = commonSuperType(left.type, right.type);
  if (!common) throw fail();
  const bare = bareColumn(left, right) ?? bareColumn(right, left)?.toReversed();
  if (bare?.[0] && bare[1]) return [bare[0], bare[1]];
  return [coerceTo(left, common), coerceTo(right, common)];
}

/** `decimal(12,2) column = 24.5`: the literal as a decimal(12,2), so that no cast stands on the column. */
function bareColumn(column: Typed, literal: Typed): readonly Typed[] | undefined {
  if (column.type.kind !== 'decimal' || column.literal || !literal.literal || !('unscaled' in literal.literal))
    return undefined;
  const { unscaled, scale } = literal.literal;
  const { type } = column;
  if (scale > type.scale) {
    const unit = 10n ** BigInt(scale - type.scale);
    if (unscaled % unit !== 0n) return undefined;
    return fits(unscaled / unit, type.precision) ? [column, decimalConstant(unscaled / unit, type)] : undefined;
  }
  const exact = unscaled * 10n ** BigInt(type.scale - scale);
  return fits(exact, type.precision) ? [column, decimalConstant(exact, type)] : undefined;
}

const fits = (unscaled: bigint, precision: number) => (unscaled < 0n ? -unscaled : unscaled) < 10n ** BigInt(precision);

const isNumber = (value: Typed) =>
  value.type.kind === 'double' && value.literal !== undefined && 'double' in value.literal;
const MIRRORED = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** A packed timestamp compared with a constant instant: bounds on the bare column, whatever the zones. */
function zonedComparison(operator: ComparisonOperator, a: Typed, b: Typed): string | undefined {
  if (a.type.kind !== 'timestamp with time zone') return undefined;
  if (a.literal && 'picos' in a.literal && !b.literal) return zonedComparison(MIRRORED[operator], b, a);
  if (!b.literal || !('picos' in b.literal) || a.literal) return undefined;
  const instant = a.type.precision <= 3 ? b.literal.picos / 1_000_000_000n : b.literal.picos;
  const bound = (value: bigint) => `CAST(${value * 4096n} AS ${duckdbType(a.type)})`;
  const from = `${a.sql} >= ${bound(instant)}`;
  const below = `${a.sql} < ${bound(instant + 1n)}`;
  switch (operator) {
    case '=':
      return `(${from} AND ${below})`;
    case '<>':
      return `(NOT (${from} AND ${below}))`;
    case '<':
      return `(${a.sql} < ${bound(instant)})`;
    case '<=':
      return `(${below})`;
    case '>':
      return `(${a.sql} >= ${bound(instant + 1n)})`;
    case '>=':
      return `(${from})`;
  }
}

export function comparison(operator: ComparisonOperator, left: Typed, right: Typed, at: Position): Typed {
  const shown = operator === '>' ? '<' : operator === '>=' ? '<=' : operator === '<>' ? '=' : operator;
  const [a, b] = comparable(left, right, () =>
    failAt('TYPE_MISMATCH', at, `Cannot apply operator: ${printType(left.type)} ${shown} ${printType(right.type)}`),
  );
  if (a.type.kind === 'unknown') return { type: BOOLEAN, sql: 'CAST(NULL AS BOOLEAN)' };
  const zoned = zonedComparison(operator, a, b);
  if (zoned !== undefined) return { type: BOOLEAN, sql: zoned };
  if (isNumber(a) || isNumber(b)) {
    // a number is not NaN: what equals it, or is less, is none either
    if (operator === '=' || (operator.startsWith('<') && isNumber(b)) || (operator.startsWith('>') && isNumber(a))) {
      return { type: BOOLEAN, sql: `(${a.sql} ${operator} ${b.sql})` };
    }
  }
  if (operator === '=') return { type: BOOLEAN, sql: equalSql(a.type, a.sql, b.sql) };
  if (operator === '<>') {
    const sql = comparesNatively(a.type) ? `(${a.sql} <> ${b.sql})` : `(NOT ${equalSql(a.type, a.sql, b.sql)})`;
    return { type: BOOLEAN, sql };
  }
  if (!isOrderable(a.type)) {
    throw failAt(
      'TYPE_MISMATCH',
      at,
      `Cannot apply operator: ${printType(left.type)} ${shown} ${printType(right.type)}`,
    );
  }
  return { type: BOOLEAN, sql: orderSql(a.type, operator, a.sql, b.sql) };
}

export function between(node: Extract<Expression, { kind: 'between' }>, context: ExpressionContext): Typed {
  const value = analyze(node.operand, context);
  const lower = analyze(node.lower, context);
  const upper = analyze(node.upper, context);
  const both = commonSuperType(value.type, lower.type);
  if (!both || !commonSuperType(both, upper.type)) {
    throw failAt(
      'TYPE_MISMATCH',
      node.at,
      `Cannot check if ${printType(value.type)} is BETWEEN ${printType(lower.type)} and ${printType(upper.type)}`,
    );
  }
  const least = comparison('>=', value, lower, node.at);
  const most = comparison('<=', value, upper, node.at);
  return { type: BOOLEAN, sql: `(${least.sql} AND ${most.sql})` };
}

export function inList(node: Extract<Expression, { kind: 'in list' }>, context: ExpressionContext): Typed {
  const value = analyze(node.operand, context);
  const items = node.items.map((item) => analyze(item, context));
  const fail = () =>
    failAt('TYPE_MISMATCH', node.at, `IN value and list items must be the same type or coercible to a common type`);
  const common = items.reduce<Typed['type'] | undefined>(
    (type, item) => type && commonSuperType(type, item.type),
    value.type,
  );
  if (!common) throw fail();
  const pairs = items.map((item) => comparable(value, item, fail));
  const isPlain = comparesNatively(common) && pairs.every(([left]) => left.sql === pairs[0]?.[0].sql);
  if (isPlain && pairs[0]) {
    // of constants Trino computes every one before it compares: what fails fails although another is equal
    const list = pairs.map(([, right]) => right.sql).join(', ');
    if (value.literal && list.includes('ergane_fail('))
      return { type: BOOLEAN, sql: `(CASE WHEN len([${list}]) > 0 THEN ${pairs[0][0].sql} IN (${list}) END)` };
    return { type: BOOLEAN, sql: `(${pairs[0][0].sql} IN (${pairs.map(([, right]) => right.sql).join(', ')}))` };
  }
  return { type: BOOLEAN, sql: `(${items.map((item) => comparison('=', value, item, node.at).sql).join(' OR ')})` };
}

export function distinctFrom(node: Extract<Expression, { kind: 'distinct from' }>, context: ExpressionContext): Typed {
  const left = analyze(node.left, context);
  const right = analyze(node.right, context);
  const common = commonSuperType(left.type, right.type);
  if (!common) {
    throw failAt(
      'TYPE_MISMATCH',
      node.at,
      `Cannot check if ${printType(left.type)} is identical to ${printType(right.type)}`,
    );
  }
  const a = coerceTo(left, common).sql;
  const b = coerceTo(right, common).sql;
  return { type: BOOLEAN, sql: hasIdentity(common) ? distinctSql(common, a, b) : `(${a} IS DISTINCT FROM ${b})` };
}
