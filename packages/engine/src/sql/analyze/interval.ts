import type { ArithmeticOperator, Expression, IntervalField } from '../parse/syntax-tree.ts';
import type { TrinoType } from '../trino-type.ts';
import { duckdbType } from '../types/physical-type.ts';
import { coerceTo } from '../casts/cast.ts';
import { BIGINT, DOUBLE } from '../types/type-text.ts';
import { commonSuperType, isInteger, isNumeric } from '../types/coercion.ts';
import { failAt, failSql, type Typed } from '../emit/typed.ts';

const DAY_TIME: TrinoType = { kind: 'interval day to second' };
const YEAR_MONTH: TrinoType = { kind: 'interval year to month' };
const ORDER: readonly IntervalField[] = ['year', 'month', 'day', 'hour', 'minute', 'second'];
const MILLIS: Readonly<Record<string, number>> = { day: 86_400_000, hour: 3_600_000, minute: 60_000, second: 1000 };

/** `INTERVAL '3' DAY`, `INTERVAL '1-2' YEAR TO MONTH`, `INTERVAL '3 04:05:06.789' DAY TO SECOND`. */
export function intervalLiteral(node: Extract<Expression, { kind: 'interval' }>): Typed {
  const { from, to = from } = node;
  const wrong = () => failAt('INVALID_LITERAL', node.at, `'${node.text}' is not a valid INTERVAL literal`);
  const isYear = from === 'year' || from === 'month';
  const fields = ORDER.slice(ORDER.indexOf(from), ORDER.indexOf(to) + 1);
  if (fields.length === 0 || isYear !== (to === 'year' || to === 'month')) throw wrong();
  const text = node.text.trim();
  const negative = text.startsWith('-') !== node.negative;
  const parts = text.replace(/^[+-]/, '').split(/[\s:-]+/);
  if (parts.length > fields.length || parts.some((part) => !/^\d+(?:\.\d+)?$/.test(part))) throw wrong();
  const amounts = fields.map((field, index) => ({ field, amount: parts[index] ?? '0' }));
  if (amounts.some(({ field, amount }) => amount.includes('.') && field !== 'second')) throw wrong();
  if (isYear) {
    const months = amounts.reduce((sum, { field, amount }) => sum + Number(amount) * (field === 'year' ? 12 : 1), 0);
    return { type: YEAR_MONTH, sql: `CAST(${negative ? -months : months} AS INTEGER)` };
  }
  const millis = amounts.reduce((sum, { field, amount }) => sum + Math.trunc(Number(amount) * (MILLIS[field] ?? 0)), 0);
  return { type: DAY_TIME, sql: `CAST(${negative ? -millis : millis} AS BIGINT)` };
}

/** Sums, differences and products in which a date, time, timestamp or interval takes part; undefined for others. */
export function instantArithmetic(operator: ArithmeticOperator, left: Typed, right: Typed): Typed | undefined {
  const a = left.type.kind;
  const b = right.type.kind;
  const isInterval = (kind: string) => kind === DAY_TIME.kind || kind === YEAR_MONTH.kind;
  if (isInterval(a) && a === b && (operator === '+' || operator === '-')) {
    return { type: left.type, sql: `(${left.sql} ${operator} ${right.sql})` };
  }
  if (isInterval(a) && isNumeric(right.type) && (operator === '*' || operator === '/'))
    return scale(operator, left, right);
  if (isNumeric(left.type) && isInterval(b) && operator === '*') return scale(operator, right, left);
  if (operator === '+' && isInterval(a)) return shift('+', right, left);
  if ((operator === '+' || operator === '-') && isInterval(b)) return shift(operator, left, right);
  if (operator === '-') return difference(left, right);
  return undefined;
}

function scale(operator: '*' | '/', interval: Typed, factor: Typed): Typed {
  const type = duckdbType(interval.type);
  if (isInteger(factor.type) && operator === '*') {
    return { type: interval.type, sql: `CAST(${interval.sql} * ${coerceTo(factor, BIGINT).sql} AS ${type})` };
  }
  const number = coerceTo(factor, DOUBLE).sql;
  const fail = failSql('INVALID_FUNCTION_ARGUMENT', 'Cannot divide an interval by zero', 'DOUBLE');
  const amount = `CAST(${interval.sql} AS DOUBLE)`;
  const product =
    operator === '*'
      ? `${amount} * ${number}`
      : `(CASE WHEN ${number} = 0 OR isnan(${number}) THEN ${fail} ELSE ${amount} / ${number} END)`;
  return { type: interval.type, sql: `CAST(ergane_java_long(${product}) AS ${type})` };
}

/** An interval of days and seconds has milliseconds: the sum has them too. */
function withMillis(instant: Typed): Typed {
  const { type } = instant;
  const isPrecise =
    type.kind === 'time' ||
    type.kind === 'time with time zone' ||
    type.kind === 'timestamp' ||
    type.kind === 'timestamp with time zone';
  return isPrecise && type.precision < 3 ? coerceTo(instant, { ...type, precision: 3 }) : instant;
}

/** An instant moved by an interval. */
function shift(operator: '+' | '-', instant: Typed, interval: Typed): Typed | undefined {
  const amount = operator === '-' ? `(-${interval.sql})` : interval.sql;
  const isMonths = interval.type.kind === 'interval year to month';
  const { type, sql } = isMonths ? instant : withMillis(instant);
  if (type.kind === 'date') {
    return {
      type,
      sql: isMonths ? `CAST(${sql} + to_months(${amount}) AS DATE)` : `ergane_date_plus_millis(${sql}, ${amount})`,
    };
  }
  if (type.kind === 'timestamp') {
    if (type.precision <= 6)
      return { type, sql: `(${sql} + ${isMonths ? `to_months(${amount})` : `to_milliseconds(${amount})`})` };
    return {
      type,
      sql: isMonths ? `ergane_picos_plus_months(${sql}, ${amount})` : `(${sql} + ${amount} * 1000000000::HUGEINT)`,
    };
  }
  if (type.kind === 'timestamp with time zone') {
    const physical = duckdbType(type);
    if (isMonths)
      return {
        type,
        sql: `CAST(ergane_zoned_plus_months(CAST(${sql} AS HUGEINT), ${amount}, ${type.precision}) AS ${physical})`,
      };
    const unit = type.precision <= 3 ? '4096' : '4096000000000::HUGEINT';
    return { type, sql: `(${sql} + ${amount} * ${unit})` };
  }
  if (type.kind === 'time') {
    if (isMonths) return undefined;
    return {
      type,
      sql: `CAST(ergane_floor_mod(${sql} + ${amount} * 1000000000::HUGEINT, 86400000000000000) AS BIGINT)`,
    };
  }
  if (type.kind === 'time with time zone') {
    if (isMonths) return undefined;
    return {
      type,
      sql: `(ergane_floor_mod(${sql} // 4096 + ${amount} * 1000000000::HUGEINT, 86400000000000000) * 4096 + ${sql} % 4096)`,
    };
  }

  return undefined;
}

/** The interval between two instants. */
function difference(left: Typed, right: Typed): Typed | undefined {
  const a = left.type;
  const b = right.type;
  if (a.kind === 'date' && b.kind === 'date') {
    return { type: DAY_TIME, sql: `(CAST(date_diff('day', ${right.sql}, ${left.sql}) AS BIGINT) * 86400000)` };
  }
  const instants = ['date', 'timestamp', 'timestamp with time zone', 'time', 'time with time zone'];
  if (!instants.includes(a.kind) || !instants.includes(b.kind) || !commonSuperType(a, b)) return undefined;
  const picos = (value: Typed): string | undefined => {
    const { type, sql } = value;
    if (type.kind === 'timestamp') return type.precision <= 6 ? `(epoch_us(${sql}) * 1000000::HUGEINT)` : sql;
    if (type.kind === 'timestamp with time zone')
      return type.precision <= 3
        ? `((${sql} >> 12) * 1000000000::HUGEINT)`
        : `(ergane_floor_div(${sql} >> 12, 1000000000) * 1000000000)`;
    if (type.kind === 'time') return sql;
    if (type.kind === 'time with time zone') return `ergane_timetz_key(${sql})`;
    return type.kind === 'date' ? `(epoch_us(CAST(${sql} AS TIMESTAMP)) * 1000000::HUGEINT)` : undefined;
  };
  const x = picos(left);
  const y = picos(right);
  if (x === undefined || y === undefined) return undefined;
  // the difference is rounded to milliseconds, half up
  return { type: DAY_TIME, sql: `CAST(ergane_floor_div(${x} - ${y} + 500000000, 1000000000) AS BIGINT)` };
}
