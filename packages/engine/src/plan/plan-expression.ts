import type { JsonObject } from './duckdb-plan.ts';
import { isObject, list, object, text } from './duckdb-plan.ts';

/** A constant as DuckDB's plan holds it. Whole numbers, dates (days), timestamps (microseconds) are bigint; decimals are unscaled. */
export interface PlanConstant {
  readonly kind: 'constant';
  readonly type: DuckdbTypeId;
  readonly value: bigint | number | string | boolean | Uint8Array | null;
}
export interface DuckdbTypeId {
  readonly id: string;
  readonly width: number;
  readonly scale: number;
}
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'IS DISTINCT FROM' | 'IS NOT DISTINCT FROM';

/** A bound expression of the plan. `column` is a position in the output of the operator below. */
export type PlanExpression =
  | { readonly kind: 'column'; readonly index: number; readonly type: DuckdbTypeId }
  | PlanConstant
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: PlanExpression;
      readonly right: PlanExpression;
    }
  | { readonly kind: 'and' | 'or'; readonly children: readonly PlanExpression[] }
  | { readonly kind: 'not' | 'is null' | 'is not null'; readonly child: PlanExpression }
  | { readonly kind: 'in' | 'not in'; readonly child: PlanExpression; readonly list: readonly PlanExpression[] }
  | {
      readonly kind: 'function';
      readonly name: string;
      readonly type: DuckdbTypeId;
      readonly arguments: readonly PlanExpression[];
    }
  | { readonly kind: 'cast'; readonly child: PlanExpression; readonly type: DuckdbTypeId }
  | { readonly kind: 'other' };

const OTHER: PlanExpression = { kind: 'other' };

const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = {
  COMPARE_EQUAL: '=',
  COMPARE_NOTEQUAL: '<>',
  COMPARE_LESSTHAN: '<',
  COMPARE_LESSTHANOREQUALTO: '<=',
  COMPARE_GREATERTHAN: '>',
  COMPARE_GREATERTHANOREQUALTO: '>=',
  COMPARE_DISTINCT_FROM: 'IS DISTINCT FROM',
  COMPARE_NOT_DISTINCT_FROM: 'IS NOT DISTINCT FROM',
};

export function comparisonOf(type: string): ComparisonOperator | undefined {
  return COMPARISONS[type];
}

export function readExpression(json: JsonObject): PlanExpression {
  const type = text(json, 'type');
  switch (text(json, 'expression_class')) {
    case 'BOUND_REF':
      return { kind: 'column', index: Number(json['index'] ?? 0), type: readType(object(json, 'return_type')) };
    case 'BOUND_CONSTANT':
      return readConstant(object(json, 'value'));
    case 'BOUND_COMPARISON': {
      const operator = COMPARISONS[type];
      if (!operator) return OTHER;
      return { kind: 'comparison', operator, left: child(json, 'left'), right: child(json, 'right') };
    }
    case 'BOUND_BETWEEN':
      return readBetween(json);
    case 'BOUND_CONJUNCTION':
      return { kind: type === 'CONJUNCTION_OR' ? 'or' : 'and', children: children(json) };
    case 'BOUND_OPERATOR':
      return readOperator(type, children(json));
    case 'BOUND_FUNCTION':
      return {
        kind: 'function',
        name: text(json, 'name'),
        type: readType(object(json, 'return_type')),
        arguments: children(json),
      };
    case 'BOUND_CAST':
      return json['try_cast'] === true
        ? OTHER
        : { kind: 'cast', child: child(json, 'child'), type: readType(object(json, 'return_type')) };
    default:
      return OTHER;
  }
}

const INTEGERS = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT']);

/**
 * The column that an expression stands for: itself, or cast to a number type that holds every value of it (or fails), so that two values
 * are equal or ordered after the cast just as before.
 */
export function plainColumn(
  expression: PlanExpression,
): { readonly index: number; readonly type: DuckdbTypeId } | undefined {
  if (expression.kind === 'column') return expression;
  if (expression.kind !== 'cast') return undefined;
  const inner = plainColumn(expression.child);
  return inner && isExactCast(inner.type, expression.type) ? inner : undefined;
}

function isExactCast(from: DuckdbTypeId, to: DuckdbTypeId): boolean {
  const fromScale = INTEGERS.has(from.id) ? 0 : from.id === 'DECIMAL' ? from.scale : undefined;
  const toScale = INTEGERS.has(to.id) ? 0 : to.id === 'DECIMAL' ? to.scale : undefined;
  return fromScale !== undefined && toScale !== undefined && toScale >= fromScale;
}

function child(json: JsonObject, name: string): PlanExpression {
  return readExpression(object(json, name));
}

function children(json: JsonObject): PlanExpression[] {
  return list(json, 'children').map((item) => (isObject(item) ? readExpression(item) : OTHER));
}

function readBetween(json: JsonObject): PlanExpression {
  const input = child(json, 'input');
  const compare = (operator: ComparisonOperator, bound: string): PlanExpression => ({
    kind: 'comparison',
    operator,
    left: input,
    right: child(json, bound),
  });
  return {
    kind: 'and',
    children: [
      compare(json['lower_inclusive'] === true ? '>=' : '>', 'lower'),
      compare(json['upper_inclusive'] === true ? '<=' : '<', 'upper'),
    ],
  };
}

function readOperator(type: string, [first = OTHER, ...rest]: readonly PlanExpression[]): PlanExpression {
  switch (type) {
    case 'OPERATOR_NOT':
      return { kind: 'not', child: first };
    case 'OPERATOR_IS_NULL':
      return { kind: 'is null', child: first };
    case 'OPERATOR_IS_NOT_NULL':
      return { kind: 'is not null', child: first };
    case 'COMPARE_IN':
      return { kind: 'in', child: first, list: rest };
    case 'COMPARE_NOT_IN':
      return { kind: 'not in', child: first, list: rest };
    default:
      return OTHER;
  }
}

function readType(json: JsonObject): DuckdbTypeId {
  const info = object(json, 'type_info');
  return { id: text(json, 'id'), width: Number(info['width'] ?? 0), scale: Number(info['scale'] ?? 0) };
}

const WHOLE = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'DECIMAL', 'DATE', 'TIMESTAMP']);

/** A value as the plan has it: its type, whether it is NULL, and itself. */
export function readConstant(json: JsonObject): PlanExpression {
  const type = readType(object(json, 'type'));
  if (json['is_null'] === true) return { kind: 'constant', type, value: null };
  const value = json['value'];
  if (WHOLE.has(type.id)) {
    const whole = readWhole(value);
    return whole === undefined ? OTHER : { kind: 'constant', type, value: whole };
  }
  if (type.id === 'BLOB' && typeof value === 'string') return { kind: 'constant', type, value: blobOf(value) };
  if (type.id === 'VARCHAR' && typeof value === 'string') return { kind: 'constant', type, value };
  if (type.id === 'BOOLEAN' && typeof value === 'boolean') return { kind: 'constant', type, value };
  if (type.id === 'DOUBLE' || type.id === 'FLOAT') {
    const number = typeof value === 'string' ? Number(value) : value;
    // NaN stays with the engine: sources do not agree on what it equals
    return typeof number === 'number' && !Number.isNaN(number) ? { kind: 'constant', type, value: number } : OTHER;
  }
  return OTHER;
}

/** A number, its digits as text, or a 128-bit integer in two halves. */
function readWhole(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value === 'string') return /^-?\d+$/.test(value) ? BigInt(value) : undefined;
  if (!isObject(value)) return undefined;
  const upper = readWhole(value['upper']);
  const lower = readWhole(value['lower']);
  return upper === undefined || lower === undefined ? undefined : (upper << 64n) | lower;
}

/** DuckDB prints a blob's bytes as ASCII where it can, else as `\xHH`. */
function blobOf(printed: string): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < printed.length; at++) {
    if (printed[at] === '\\' && printed[at + 1] === 'x') {
      bytes.push(Number.parseInt(printed.slice(at + 2, at + 4), 16));
      at += 3;
    } else bytes.push(printed.charCodeAt(at));
  }
  return Uint8Array.from(bytes);
}
