import { readValue } from '@ergane/protocol';
import type { ConstantExpression, FederationExpression, FunctionCallExpression, Value } from '@ergane/protocol';
import { DataType } from 'apache-arrow';
import { joinSql, quoteName, sql } from './sql-text.ts';
import type { Sql } from './sql-text.ts';
import type { ColumnsByName } from './column-names.ts';
import type { Comparison, TypedColumn } from './types.ts';
import { NO_VALUE, toParameter } from './value-parameter.ts';

const COMPARISONS: Readonly<Record<string, string>> = {
  $equal: '=',
  $not_equal: '<>',
  $less_than: '<',
  $less_than_or_equal: '<=',
  $greater_than: '>',
  $greater_than_or_equal: '>=',
};

/** Functions that are said in SQL with the same answer for every row, NULL included. Arithmetic is not: overflow and division differ. */
export const PUSHED_FUNCTIONS: readonly string[] = [
  '$and',
  '$or',
  '$not',
  '$is_null',
  ...Object.keys(COMPARISONS),
  '$is_distinct_from',
  '$in',
  '$array',
  '$like_pattern',
];

/** A condition of a query (section 3.3) in SQL; undefined: it cannot be said exactly, the engine must check it. */
export function expressionCondition(expression: FederationExpression, columns: ColumnsByName): Sql | undefined {
  if (expression.kind === 'VariableExpression') {
    const column = columns.get(expression.columnName);
    return column?.comparison === 'boolean' ? sql(`(${column.compare} <> 0)`) : undefined;
  }
  if (expression.kind === 'ConstantExpression') return booleanConstant(expression);
  const { functionName, arguments: operands } = expression;
  switch (functionName) {
    case '$and':
    case '$or':
      return combine(expression, columns, functionName === '$and' ? ' AND ' : ' OR ');
    case '$not': {
      const [operand] = operands;
      const condition = operand && expressionCondition(operand, columns);
      return condition && sql(`(NOT ${condition.text})`, ...condition.parameters);
    }
    case '$is_null': {
      const [operand] = operands;
      const column = operand?.kind === 'VariableExpression' ? columns.get(operand.columnName) : undefined;
      return column && sql(`(${column.indexed ?? column.read} IS NULL)`);
    }
    case '$in':
      return inList(expression, columns);
    case '$like_pattern':
      return likePattern(expression, columns);
    case '$is_distinct_from':
      return compare(expression, columns, (left, right) => `(NOT (${left} <=> ${right}))`);
    default: {
      const operator = COMPARISONS[functionName];
      return operator === undefined
        ? undefined
        : compare(expression, columns, (left, right) => `(${left} ${operator} ${right})`);
    }
  }
}

function booleanConstant(constant: ConstantExpression): Sql | undefined {
  if (!DataType.isBool(constant.type)) return undefined;
  const [value] = constantValues(constant);
  return value === undefined ? undefined : sql(value === null ? 'NULL' : value === true ? 'TRUE' : 'FALSE');
}

function combine(expression: FunctionCallExpression, columns: ColumnsByName, separator: string): Sql | undefined {
  const conditions = expression.arguments.map((operand) => expressionCondition(operand, columns));
  const known = conditions.filter((condition) => condition !== undefined);
  if (known.length < conditions.length || known.length === 0) return undefined;
  const { text, parameters } = joinSql(known, separator);
  return sql(`(${text})`, ...parameters);
}

/** Two columns that compare alike, or a column and a constant. */
function compare(
  { arguments: [left, right] }: FunctionCallExpression,
  columns: ColumnsByName,
  print: (left: string, right: string) => string,
): Sql | undefined {
  if (left === undefined || right === undefined) return undefined;
  const leftColumn = columnOf(left, columns);
  const rightColumn = columnOf(right, columns);
  const model = leftColumn ?? rightColumn;
  if (model === undefined) return undefined;
  if (leftColumn !== undefined && rightColumn !== undefined && kindOf(leftColumn) !== kindOf(rightColumn))
    return undefined;
  const leftSql = operandSql(left, leftColumn, model);
  const rightSql = operandSql(right, rightColumn, model);
  if (leftSql === undefined || rightSql === undefined) return undefined;
  return sql(print(leftSql.text, rightSql.text), ...leftSql.parameters, ...rightSql.parameters);
}

function columnOf(expression: FederationExpression, columns: ColumnsByName): TypedColumn | undefined {
  return expression.kind === 'VariableExpression' ? columns.get(expression.columnName) : undefined;
}

/** What compares with what: both kinds of date and time with each other, and all exact numbers. */
function kindOf({ comparison }: TypedColumn): Comparison {
  if (comparison === 'milliseconds') return 'dateTime';
  return comparison === 'decimal' ? 'integer' : comparison;
}

function operandSql(
  expression: FederationExpression,
  column: TypedColumn | undefined,
  model: TypedColumn,
): Sql | undefined {
  if (column !== undefined) return sql(column.compare);
  if (expression.kind !== 'ConstantExpression') return undefined;
  const values = constantValues(expression);
  return values.length === 1 ? constantSql(values[0] ?? null, expression.type, model) : undefined;
}

function constantSql(value: Value | null, type: DataType, { comparison }: TypedColumn): Sql | undefined {
  if (value === null) return sql('NULL');
  const parameter = toParameter(value, DataType.isDecimal(type) ? 'decimal' : comparison, type);
  return parameter === NO_VALUE ? undefined : sql('?', parameter);
}

function constantValues({ valueBlock: { batch } }: ConstantExpression): readonly (Value | null)[] {
  const vector = batch.getChildAt(0);
  return vector === null ? [] : Array.from({ length: batch.numRows }, (_, row) => readValue(vector, row));
}

/** `column IN (constants)`; the list is an `$array`, or one constant of several rows. */
function inList({ arguments: [operand, list] }: FunctionCallExpression, columns: ColumnsByName): Sql | undefined {
  const column = operand && columnOf(operand, columns);
  if (column === undefined || list === undefined || list.kind === 'VariableExpression') return undefined;
  const items = list.kind === 'ConstantExpression' ? [list] : list.functionName === '$array' ? list.arguments : [];
  const values: Sql[] = [];
  for (const item of items) {
    if (item.kind !== 'ConstantExpression') return undefined;
    for (const value of constantValues(item)) {
      const printed = constantSql(value, item.type, column);
      if (printed === undefined) return undefined;
      values.push(printed);
    }
  }
  if (values.length === 0) return undefined;
  const { text, parameters } = joinSql(values, ', ');
  return sql(`(${column.compare} IN (${text}))`, ...parameters);
}

/**
 * LIKE by code points, without an escape character, as Trino has it. Where the column itself can be compared its own collation finds
 * all of these rows, among others, and may use an index.
 */
function likePattern(
  { arguments: [operand, pattern] }: FunctionCallExpression,
  columns: ColumnsByName,
): Sql | undefined {
  const column = operand && columnOf(operand, columns);
  if (column?.comparison !== 'text' || pattern?.kind !== 'ConstantExpression') return undefined;
  const [value] = constantValues(pattern);
  if (typeof value !== 'string' || !value.isWellFormed()) return undefined;
  // Trino has no escape character here; MySQL takes the backslash even for ESCAPE '', so it gets another, which escapes itself
  const parameter = { kind: 'text', value: value.replaceAll('|', '||') } as const;
  const exact = sql(`(CONVERT(${column.read} USING utf8mb4) COLLATE utf8mb4_bin LIKE ? ESCAPE '|')`, parameter);
  if (column.source.charset !== 'utf8mb4' || column.indexed === undefined) return exact;
  return joinSql(
    [sql(`(${quoteName(column.source.name)} LIKE ? ESCAPE '|'`, parameter), sql(`${exact.text})`, parameter)],
    ' AND ',
  );
}
