import type { SqlDialect } from '@ergane/protocol';
import type { DuckdbTypeId, PlanConstant, PlanExpression } from '../plan/plan-expression.ts';
import { printFilter } from '../plan/print-filter.ts';
import { digitsOf, isNumber, printNumber, stay, textLiteral } from './native-value.ts';
import type { NativeValue } from './native-value.ts';

/** What an expression's columns are, and how the source writes. */
export interface NativeScope {
  readonly columns: readonly NativeValue[];
  readonly dialect: SqlDialect;
}

type Of<Kind extends PlanExpression['kind']> = Extract<PlanExpression, { readonly kind: Kind }>;

/** A condition that holds for the same rows at the source. Throws NotNative. */
export function nativeCondition(expression: PlanExpression, scope: NativeScope): string {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const parts = expression.children.map((child) => nativeCondition(child, scope));
      return `(${parts.join(expression.kind === 'and' ? ' AND ' : ' OR ')})`;
    }
    case 'not':
      return `(NOT ${nativeCondition(expression.child, scope)})`;
    case 'is null':
      return `(${announced(expression.child, scope).sql} IS NULL)`;
    case 'is not null':
      return `(${announced(expression.child, scope).sql} IS NOT NULL)`;
    case 'comparison':
      return comparison(expression, scope);
    case 'in':
    case 'not in':
      return inList(expression, scope);
    case 'column': {
      const value = nativeValue(expression, scope);
      return value.kind === 'boolean' ? value.sql : stay(`a condition of type ${value.kind}`);
    }
    case 'constant':
      return expression.value === true
        ? '(1 = 1)'
        : expression.value === false
          ? '(1 = 0)'
          : stay('NULL as a condition');
    case 'function':
      return textMatch(expression, scope);
    case 'cast':
    case 'other':
      return stay(printFilter(expression, (index) => `#${index}`));
  }
}

/** A value that is the same at the source. Throws NotNative. */
export function nativeValue(expression: PlanExpression, scope: NativeScope): NativeValue {
  const value = anyValue(expression, scope);
  return value.kind === 'opaque' ? stay('a column of a type that is not exact at the source') : value;
}

/** Whether it is NULL can be said of a value of any type. */
function announced(expression: PlanExpression, scope: NativeScope): NativeValue {
  const value = anyValue(expression, scope);
  return value.sql === '' ? stay('a column that the source did not announce') : value;
}

function anyValue(expression: PlanExpression, scope: NativeScope): NativeValue {
  switch (expression.kind) {
    case 'column':
      return scope.columns[expression.index] ?? stay('a column that the source did not announce');
    case 'constant':
      return constant(expression, scope.dialect);
    case 'cast':
      return cast(expression, scope);
    case 'function':
      return arithmetic(expression, scope);
    case 'and':
    case 'or':
    case 'not':
    case 'is null':
    case 'is not null':
    case 'comparison':
    case 'in':
    case 'not in':
    case 'other':
      return stay(printFilter(expression, (index) => `#${index}`));
  }
}

const OPERATORS = new Set(['=', '<>', '<', '<=', '>', '>=']);

function comparison({ operator, left, right }: Of<'comparison'>, scope: NativeScope): string {
  if (!OPERATORS.has(operator)) stay(operator);
  const a = nativeValue(left, scope);
  const b = nativeValue(right, scope);
  checkComparable(a, b);
  const exact = `${a.sql} ${operator} ${b.sql}`;
  if (operator !== '=') return `(${exact})`;
  const hint = indexHint(a, right, scope.dialect) ?? indexHint(b, left, scope.dialect);
  const isConstant = left.kind === 'constant' || right.kind === 'constant';
  const same = a.kind === 'text' && isConstant ? (right.kind === 'constant' ? isText(a, b) : isText(b, a)) : exact;
  return hint === undefined ? `(${same})` : `(${hint} AND ${same})`;
}

/**
 * Equality with a constant text. MySQL (8.0.15) puts what `=`, or IN with one value, makes constant into the other conditions on the same
 * cast, and then finds no row: not so with BETWEEN.
 */
function isText(value: NativeValue, constant: NativeValue): string {
  return `${value.sql} BETWEEN ${constant.sql} AND ${constant.sql}`;
}

function checkComparable(a: NativeValue, b: NativeValue): void {
  if (a.kind !== b.kind && !(isNumber(a) && isNumber(b))) stay(`a comparison of ${a.kind} with ${b.kind}`);
}

/** Where the column has an index in its own collation, equality in it finds the rows first. */
function indexHint({ indexed }: NativeValue, other: PlanExpression, dialect: SqlDialect): string | undefined {
  if (indexed === undefined || other.kind !== 'constant' || typeof other.value !== 'string') return undefined;
  return `${indexed} IN (${textLiteral(other.value, dialect.indexedLiteral)})`;
}

function inList({ kind, child, list }: Of<'in' | 'not in'>, scope: NativeScope): string {
  const value = nativeValue(child, scope);
  const items = list.map((item) => {
    const found = nativeValue(item, scope);
    checkComparable(value, found);
    return found;
  });
  const [only, ...more] = items;
  if (only && more.length === 0 && value.kind === 'text')
    return kind === 'in' ? `(${isText(value, only)})` : `(NOT (${isText(value, only)}))`;
  return `(${value.sql} ${kind === 'in' ? 'IN' : 'NOT IN'} (${items.map(({ sql }) => sql).join(', ')}))`;
}

const MATCHES: Readonly<Record<string, (text: string) => string>> = {
  prefix: (text) => `${text}%`,
  suffix: (text) => `%${text}`,
  contains: (text) => `%${text}%`,
};

/** What DuckDB makes of `LIKE 'text%'`. On bytes `_` would be one byte, so it is not among them. */
function textMatch({ name, arguments: parts }: Of<'function'>, scope: NativeScope): string {
  const [subject, pattern] = parts;
  const match = MATCHES[name];
  if (!match || !subject || pattern?.kind !== 'constant' || typeof pattern.value !== 'string')
    return stay(`the function ${name}`);
  const value = nativeValue(subject, scope);
  if (value.kind !== 'text') return stay(`${name} of ${value.kind}`);
  const escaped = match(pattern.value.replaceAll(/[\\%_]/g, '\\$&'));
  return `(${value.sql} LIKE ${textLiteral(escaped, scope.dialect.textLiteral)})`;
}

const DAY_MS = 86_400_000;
/** years from 1 to 9999, which all sources write alike */
const FIRST_DAY = -719_162n;
const LAST_DAY = 2_932_896n;

function constant({ type, value }: PlanConstant, dialect: SqlDialect): NativeValue {
  const plain = { whole: 0, scale: 0, isConstant: true };
  const digits = digitsOf(type);
  if (digits && typeof value === 'bigint') {
    const whole = Math.max(1, String(value < 0n ? -value : value).length - digits.scale);
    const kind = type.id === 'DECIMAL' ? 'decimal' : 'integer';
    return { sql: printNumber(value, digits.scale), kind, whole, scale: digits.scale, isConstant: true };
  }
  if (typeof value === 'string') return { ...plain, sql: textLiteral(value, dialect.textLiteral), kind: 'text' };
  if (type.id === 'DATE' && typeof value === 'bigint' && value >= FIRST_DAY && value <= LAST_DAY) {
    const text = new Date(Number(value) * DAY_MS).toISOString().slice(0, 10);
    return { ...plain, sql: `DATE '${text}'`, kind: 'date' };
  }
  if (type.id === 'TIMESTAMP' && typeof value === 'bigint') return timestamp(value);
  return stay(`a constant of type ${type.id}`);
}

/** `micros` since 1970 */
function timestamp(micros: bigint): NativeValue {
  const day = micros / 86_400_000_000n;
  if (day <= FIRST_DAY || day >= LAST_DAY) stay('a time before the year 1 or after 9999');
  const millis = micros / 1000n - (micros % 1000n < 0n ? 1n : 0n);
  const [date = '', time = ''] = new Date(Number(millis)).toISOString().replace('Z', '').split('T');
  const rest = String(micros - millis * 1000n).padStart(3, '0');
  const sql = `TIMESTAMP '${date} ${time}${rest}'`;
  return { sql, kind: 'timestamp', whole: 0, scale: 0, isConstant: true };
}

/** A cast of one exact number type to another that holds every value is no change. */
function cast({ child, type }: Of<'cast'>, scope: NativeScope): NativeValue {
  const value = nativeValue(child, scope);
  const digits = digitsOf(type);
  if (!digits || !isNumber(value) || digits.scale < value.scale || digits.whole < value.whole)
    return stay(`CAST(… AS ${type.id})`);
  return { ...value, kind: type.id === 'DECIMAL' ? 'decimal' : 'integer' };
}

/** Sums, differences and products of decimals are exact as long as their digits fit. Whole numbers overflow in their own ways. */
function arithmetic({ name, type, arguments: parts }: Of<'function'>, scope: NativeScope): NativeValue {
  const [left, right] = parts;
  if (!left || !right || type.id !== 'DECIMAL' || !['+', '-', '*'].includes(name)) return stay(`the function ${name}`);
  const a = nativeValue(left, scope);
  const b = nativeValue(right, scope);
  if (!isNumber(a) || !isNumber(b)) return stay(`${name} of ${a.kind} and ${b.kind}`);
  const product = name === '*';
  const whole = product ? a.whole + b.whole : Math.max(a.whole, b.whole) + 1;
  const scale = product ? a.scale + b.scale : Math.max(a.scale, b.scale);
  return fits(whole, scale, type)
    ? { sql: `(${a.sql} ${name} ${b.sql})`, kind: 'decimal', whole, scale }
    : stay(`${name} of more than 38 digits`);
}

function fits(whole: number, scale: number, type: DuckdbTypeId): boolean {
  return whole + scale <= 38 && scale <= 30 && scale <= type.scale;
}
