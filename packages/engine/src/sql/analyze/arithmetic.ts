import { ErganeError } from '@ergane/protocol';
import type { Expression } from '../parse/syntax-tree.ts';
import type { TrinoType } from '../trino-type.ts';
import { asDecimal, commonSuperType, isInteger, isNumeric } from '../types/coercion.ts';
import { duckdbType } from '../types/physical-type.ts';
import { VARCHAR, printType } from '../types/type-text.ts';
import { coerceTo } from '../casts/cast.ts';
import { decimalResult, divideDecimals, moduloDecimals } from '../emit/decimal.ts';
import { decimalConstant, integerLiteral, decimalLiteral, doubleLiteral } from '../emit/literals.ts';
import { failAt, failSql, nullOf, type Typed } from '../emit/typed.ts';
import { analyze } from './expression.ts';
import type { ExpressionContext } from './context.ts';
import { instantArithmetic } from './interval.ts';

type Arithmetic = Extract<Expression, { kind: 'arithmetic' }>;

/** `+ - * / %` with Trino's result types: integers stay integers, decimals decimals, overflow and zero divisors are errors. */
export function arithmetic(node: Arithmetic, left: Typed, right: Typed): Typed {
  const { operator } = node;
  const instant = instantArithmetic(operator, left, right);
  if (instant) return instant;
  const common = commonSuperType(left.type, right.type);
  if (!common || !isNumeric(common)) {
    throw failAt(
      'TYPE_MISMATCH',
      node.at,
      `Cannot apply operator: ${printType(left.type)} ${operator} ${printType(right.type)}`,
    );
  }
  if (common.kind === 'decimal') return decimalArithmetic(node, left, right);
  const a = coerceTo(left, common).sql;
  const b = coerceTo(right, common).sql;
  const type = duckdbType(common);
  if (!isInteger(common)) return { type: common, sql: floatingSql(operator, a, b) };
  if (operator === '/' || operator === '%') {
    const sql = `CAST(${a} ${operator === '/' ? '//' : '%'} ${b} AS ${type})`;
    const divisor = right.literal && 'unscaled' in right.literal ? right.literal.unscaled : undefined;
    if (divisor !== undefined && divisor !== 0n && divisor !== -1n) return { type: common, sql };
    const fail = failSql('DIVISION_BY_ZERO', 'Division by zero', type);
    const isNull = left.type.kind === 'unknown' ? 'true' : left.literal ? 'false' : `${a} IS NULL`;
    const minus = operator === '%' ? ` WHEN ${b} = -1 THEN CAST(0 AS ${type})` : '';
    return {
      type: common,
      sql: `(CASE WHEN ${b} = 0 AND NOT (${isNull}) THEN ${fail} WHEN ${isNull} THEN NULL${minus} ELSE ${sql} END)`,
    };
  }
  return { type: common, sql: `CAST(${a} ${operator} ${b} AS ${type})` };
}

function floatingSql(operator: string, a: string, b: string): string {
  if (operator === '/') return `ergane_div(${a}, ${b})`;
  if (operator === '%') return `ergane_mod(${a}, ${b})`;
  return `(${a} ${operator} ${b})`;
}

/** NULL beside a decimal is one of a single digit. */
const exactOf = (type: TrinoType) =>
  type.kind === 'unknown' ? ({ kind: 'decimal', precision: 1, scale: 0 } as const) : asDecimal(type);

function decimalArithmetic(node: Arithmetic, left: Typed, right: Typed): Typed {
  const a = exactOf(left.type);
  const b = exactOf(right.type);
  if (!a || !b) {
    throw failAt(
      'TYPE_MISMATCH',
      node.at,
      `Cannot apply operator: ${printType(left.type)} ${node.operator} ${printType(right.type)}`,
    );
  }
  const type = decimalResult(node.operator, a, b);
  if (type.scale > 38) {
    throw failAt(
      'INVALID_FUNCTION_ARGUMENT',
      node.at,
      `DECIMAL scale must be in range [0, precision (38)]: ${type.scale}`,
    );
  }
  const x = { sql: coerceTo(left, a).sql, precision: a.precision, scale: a.scale };
  const y = { sql: coerceTo(right, b).sql, precision: b.precision, scale: b.scale };
  if (node.operator === '/') return { type, sql: divideDecimals(x, y, type, 'fail') };
  if (node.operator === '%') return { type, sql: moduloDecimals(x, y, type) };
  if (node.operator === '*') {
    // DuckDB multiplies two short decimals in 64 bits: the product of more digits needs the wide form
    const wide = a.precision <= 18 && b.precision <= 18 && a.precision + b.precision > 18;
    const factor = wide ? `CAST(${x.sql} AS DECIMAL(19,${a.scale}))` : x.sql;
    return { type, sql: `CAST(${factor} * ${y.sql} AS ${duckdbType(type)})` };
  }
  const folded = foldSum(node.operator, left, right, type);
  if (folded) return folded;
  return {
    type,
    sql: `CAST(${coerceTo(left, type).sql} ${node.operator} ${coerceTo(right, type).sql} AS ${duckdbType(type)})`,
  };
}

/** Sums of literals are literals, so that `0.06 - 0.01` reaches the plan as a constant of any decimal type. */
function foldSum(operator: '+' | '-', left: Typed, right: Typed, type: TrinoType): Typed | undefined {
  if (!left.literal || !right.literal || !('unscaled' in left.literal) || !('unscaled' in right.literal))
    return undefined;
  if (type.kind !== 'decimal') return undefined;
  const { scale } = type;
  const a = left.literal.unscaled * 10n ** BigInt(scale - left.literal.scale);
  const b = right.literal.unscaled * 10n ** BigInt(scale - right.literal.scale);
  const sum = operator === '+' ? a + b : a - b;
  return (sum < 0n ? -sum : sum) < 10n ** BigInt(type.precision) ? decimalConstant(sum, type) : undefined;
}

export function negate(node: Extract<Expression, { kind: 'negate' }>, context: ExpressionContext): Typed {
  const { operand } = node;
  if (operand.kind === 'integer') return integerLiteral(-BigInt(operand.text), node.at, `-${operand.text}`);
  if (operand.kind === 'decimal') return decimalLiteral(`-${operand.text}`, node.at);
  if (operand.kind === 'double') return doubleLiteral(-Number(operand.text));
  const value = analyze(operand, context);
  const isInterval = value.type.kind === 'interval day to second' || value.type.kind === 'interval year to month';
  if (value.type.kind === 'unknown') return value;
  if (!isNumeric(value.type) && !isInterval) {
    throw failAt('TYPE_MISMATCH', node.at, `Cannot negate ${printType(value.type)}`);
  }
  return { type: value.type, sql: `CAST(-${value.sql} AS ${duckdbType(value.type)})` };
}

/** `||` of texts, binaries and arrays. */
export function concatenate(node: Extract<Expression, { kind: 'concat' }>, context: ExpressionContext): Typed {
  const left = analyze(node.left, context);
  const right = analyze(node.right, context);
  const fail = () =>
    failAt(
      'FUNCTION_NOT_FOUND',
      node.at,
      `Unexpected parameters (${printType(left.type)}, ${printType(right.type)}) for function concat`,
    );
  const array = arrayConcat(left, right);
  if (array) return array;
  const joined = joinText(left, right);
  if (joined) return joined;
  const isText = (type: TrinoType) => type.kind === 'varchar' || type.kind === 'char' || type.kind === 'unknown';
  if (isText(left.type) && isText(right.type)) {
    return { type: VARCHAR, sql: `(${coerceTo(left, VARCHAR).sql} || ${coerceTo(right, VARCHAR).sql})` };
  }
  const common = commonSuperType(left.type, right.type);
  if (common?.kind !== 'varbinary') throw fail();
  return { type: common, sql: `(${coerceTo(left, common).sql} || ${coerceTo(right, common).sql})` };
}

/** Texts of which one is char(n) give a char; of a NULL Trino makes the NULL array that the text could be put into. */
export function joinText(left: Typed, right: Typed): Typed | undefined {
  const [a, b] = [left.type, right.type];
  if (a.kind === 'unknown' || b.kind === 'unknown') {
    const other = a.kind === 'unknown' ? b : a;
    if (other.kind !== 'varchar') return undefined;
    return nullOf({ kind: 'array', element: other });
  }
  if (a.kind !== 'char' && b.kind !== 'char') return undefined;
  const length = (type: TrinoType) => (type.kind === 'char' || type.kind === 'varchar' ? type.length : undefined);
  const [m, n] = [length(a), length(b)];
  if (m === undefined || n === undefined) return undefined;
  const type: TrinoType = { kind: 'char', length: Math.min(65_536, m + n) };
  return { type, sql: `rtrim(rpad(${left.sql}, ${m}, ' ') || ${right.sql}, ' ')` };
}

/** array || array, array || element, element || array; a NULL array gives NULL. */
function arrayConcat(left: Typed, right: Typed): Typed | undefined {
  if (left.type.kind !== 'array' && right.type.kind !== 'array') return undefined;
  if (left.type.kind === 'unknown' || right.type.kind === 'unknown') {
    throw new ErganeError(
      'AMBIGUOUS_FUNCTION_CALL',
      'Could not choose a best candidate operator: NULL may be an array or an element. Explicit type casts must be added',
    );
  }
  const both = commonSuperType(left.type, right.type);
  const join = (type: TrinoType, a: string, b: string, nulls: readonly string[]): Typed => ({
    type,
    sql: `(CASE WHEN ${nulls.map((each) => `${each} IS NULL`).join(' OR ')} THEN NULL ELSE list_concat(${a}, ${b}) END)`,
  });
  if (both?.kind === 'array') {
    const a = coerceTo(left, both).sql;
    const b = coerceTo(right, both).sql;
    return join(both, a, b, [a, b]);
  }
  const [array, element] = left.type.kind === 'array' ? [left, right] : [right, left];
  if (array.type.kind !== 'array') return undefined;
  const item = commonSuperType(array.type.element, element.type);
  if (!item) return undefined;
  const type: TrinoType = { kind: 'array', element: item };
  const list = coerceTo(array, type).sql;
  const single = `[${coerceTo(element, item).sql}]`;
  const nulls = [list, coerceTo(element, item).sql];
  return array === left ? join(type, list, single, nulls) : join(type, single, list, nulls);
}
