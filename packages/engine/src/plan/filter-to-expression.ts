import { batchOfValues, isPackedTimestamp, valueSchema } from '@ergane/protocol';
import type { FederationExpression, Value } from '@ergane/protocol';
import {
  Bool,
  DataType,
  Date_,
  DateUnit,
  Decimal,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  Utf8,
} from 'apache-arrow';
import type { Field } from 'apache-arrow';
import type { ComparisonOperator, DuckdbTypeId, PlanConstant, PlanExpression } from './plan-expression.ts';

/** What stands behind the plan's column numbers, and which functions the connector takes. */
export interface ExpressionTarget {
  fieldOf(column: number): Field | undefined;
  /** Trino's names, such as `$equal` */
  readonly functions: ReadonlySet<string>;
}

/**
 * A filter as the protocol's expression (section 3.3), where the connector declared every function in it; undefined otherwise. The
 * engine repeats the filter in any case.
 */
export function filterToExpression(filter: PlanExpression, target: ExpressionTarget): FederationExpression | undefined {
  switch (filter.kind) {
    case 'column': {
      const variable = variableOf(filter.index, target);
      // the plan has packed timestamps as integers: what it does with them is nothing that a source could do
      return variable && isPackedTimestamp(variable.type) ? undefined : variable;
    }
    case 'constant':
      return constant(filter);
    case 'comparison':
      return call(COMPARISON_NAMES[filter.operator], BOOL, [filter.left, filter.right], target);
    case 'and':
      return call('$and', BOOL, filter.children, target);
    case 'or':
      return call('$or', BOOL, filter.children, target);
    case 'not':
      return call('$not', BOOL, [filter.child], target);
    case 'is null':
      return isNull(filter.child, target);
    case 'is not null':
      return call('$not', BOOL, [{ kind: 'is null', child: filter.child }], target);
    case 'in':
      return inList(filter, target);
    case 'not in':
      return call('$not', BOOL, [{ ...filter, kind: 'in' }], target);
    case 'function':
      return functionCall(filter, target);
    case 'cast':
    case 'other':
      return undefined;
  }
}

const BOOL = new Bool();

function variableOf(column: number, target: ExpressionTarget): FederationExpression | undefined {
  const field = target.fieldOf(column);
  return field && { kind: 'VariableExpression', columnName: field.name, type: field.type };
}

function isNull(child: PlanExpression, target: ExpressionTarget): FederationExpression | undefined {
  if (child.kind !== 'column') return call('$is_null', BOOL, [child], target);
  const variable = target.functions.has('$is_null') ? variableOf(child.index, target) : undefined;
  return variable && { kind: 'FunctionCallExpression', type: BOOL, functionName: '$is_null', arguments: [variable] };
}

const COMPARISON_NAMES: Readonly<Record<ComparisonOperator, string>> = {
  '=': '$equal',
  '<>': '$not_equal',
  '<': '$less_than',
  '<=': '$less_than_or_equal',
  '>': '$greater_than',
  '>=': '$greater_than_or_equal',
  'IS DISTINCT FROM': '$is_distinct_from',
  'IS NOT DISTINCT FROM': '',
};

const ARITHMETIC: Readonly<Record<string, string>> = { '+': '$add', '-': '$subtract', '*': '$multiply' };

function call(
  functionName: string,
  type: DataType,
  given: readonly PlanExpression[],
  target: ExpressionTarget,
): FederationExpression | undefined {
  if (!target.functions.has(functionName)) return undefined;
  const args: FederationExpression[] = [];
  for (const argument of given) {
    const translated = filterToExpression(argument, target);
    if (!translated) return undefined;
    args.push(translated);
  }
  return { kind: 'FunctionCallExpression', type, functionName, arguments: args };
}

function inList(
  filter: { readonly child: PlanExpression; readonly list: readonly PlanExpression[] },
  target: ExpressionTarget,
): FederationExpression | undefined {
  const input = filterToExpression(filter.child, target);
  if (!input || !target.functions.has('$in') || !target.functions.has('$array')) return undefined;
  const items = filter.list.map((item) => (item.kind === 'constant' ? constant(item) : undefined));
  const known = items.filter((item) => item !== undefined);
  if (known.length !== items.length) return undefined;
  const array: FederationExpression = {
    kind: 'FunctionCallExpression',
    type: input.type,
    functionName: '$array',
    arguments: known,
  };
  return { kind: 'FunctionCallExpression', type: BOOL, functionName: '$in', arguments: [input, array] };
}

function functionCall(
  {
    name,
    type,
    arguments: given,
  }: { readonly name: string; readonly type: DuckdbTypeId; readonly arguments: readonly PlanExpression[] },
  target: ExpressionTarget,
): FederationExpression | undefined {
  const [input, pattern] = given;
  if (input && pattern?.kind === 'constant' && typeof pattern.value === 'string' && given.length === 2) {
    const like = likePattern(name, pattern.value);
    if (like !== undefined) return call('$like_pattern', BOOL, [input, { ...pattern, value: like }], target);
  }
  const functionName = ARITHMETIC[name];
  const result = arrowType(type);
  return functionName && result && given.length === 2 ? call(functionName, result, given, target) : undefined;
}

/** DuckDB rewrites simple LIKEs; the pattern that they stand for, unless it would need an escape, which the protocol has not. */
function likePattern(name: string, operand: string): string | undefined {
  if (operand.includes('\\')) return undefined;
  if (name === '~~') return operand;
  if (/[%_]/.test(operand)) return undefined;
  switch (name) {
    case 'prefix':
      return `${operand}%`;
    case 'suffix':
      return `%${operand}`;
    case 'contains':
      return `%${operand}%`;
    default:
      return undefined;
  }
}

function constant({ type: duckdbType, value }: PlanConstant): FederationExpression | undefined {
  const type = arrowType(duckdbType);
  const wire = type && value !== null ? wireValue(type, value) : undefined;
  if (!type || wire === undefined) return undefined;
  const schema = valueSchema(type);
  return { kind: 'ConstantExpression', type, valueBlock: { schema, batch: batchOfValues(schema, [wire]) } };
}

function wireValue(type: DataType, value: NonNullable<PlanConstant['value']>): Value | undefined {
  if (typeof value !== 'bigint') return value;
  if (DataType.isDate(type) && type.unit === DateUnit.MILLISECOND)
    return value % 1000n === 0n ? value / 1000n : undefined;
  if (DataType.isDecimal(type) || (DataType.isInt(type) && type.bitWidth === 64)) return value;
  return Number(value);
}

function arrowType({ id, width, scale }: DuckdbTypeId): DataType | undefined {
  switch (id) {
    case 'TINYINT':
      return new Int8();
    case 'SMALLINT':
      return new Int16();
    case 'INTEGER':
      return new Int32();
    case 'BIGINT':
      return new Int64();
    case 'FLOAT':
      return new Float32();
    case 'DOUBLE':
      return new Float64();
    case 'DECIMAL':
      return new Decimal(scale, width, 128);
    case 'VARCHAR':
      return new Utf8();
    case 'BOOLEAN':
      return BOOL;
    case 'DATE':
      return new Date_(DateUnit.DAY);
    case 'TIMESTAMP':
      return new Date_(DateUnit.MILLISECOND);
    default:
      return undefined;
  }
}
