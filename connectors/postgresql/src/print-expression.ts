import { readValue } from '@ergane/protocol';
import type { FederationExpression, Value } from '@ergane/protocol';
import { DataType } from 'apache-arrow';
import type { PlannedColumn, PlannedColumns } from './planned-column.ts';
import { printDelivered, printIsNull } from './planned-column.ts';
import { printComparison, printMembership } from './print-comparison.ts';
import type { Constant, Operator } from './print-comparison.ts';
import { printParameter } from './print-value.ts';
import type { Bind } from './print-value.ts';

const COMPARISONS: Readonly<Record<string, { readonly operator: Operator | '<>'; readonly turned: Operator | '<>' }>> =
  {
    $equal: { operator: '=', turned: '=' },
    $not_equal: { operator: '<>', turned: '<>' },
    $less_than: { operator: '<', turned: '>' },
    $less_than_or_equal: { operator: '<=', turned: '>=' },
    $greater_than: { operator: '>', turned: '<' },
    $greater_than_or_equal: { operator: '>=', turned: '<=' },
  };

/** Trino's standard functions that have the same result in PostgreSQL, for every type that this connector delivers (section 3.3). */
export const EXACT_FUNCTIONS = [
  '$and',
  '$or',
  '$not',
  '$is_null',
  ...Object.keys(COMPARISONS),
  '$is_distinct_from',
  '$in',
  '$array',
  '$like_pattern',
] as const;

interface Scope {
  readonly columns: PlannedColumns;
  readonly bind: Bind;
}

/** A boolean expression as SQL that is true, false and NULL for the same rows as in Trino; undefined: it cannot be said. */
export function printExpression(expression: FederationExpression, scope: Scope): string | undefined {
  if (expression.kind !== 'FunctionCallExpression') return undefined;
  const { functionName, arguments: operands } = expression;
  const [left, right] = operands;
  switch (functionName) {
    case '$and':
    case '$or':
      return printConnected(operands, functionName === '$and' ? ' and ' : ' or ', scope);
    case '$not': {
      const inner = left && printExpression(left, scope);
      return inner === undefined ? undefined : `(not ${inner})`;
    }
    case '$is_null': {
      const column = left && findColumn(left, scope);
      return column && `(${printIsNull(column)})`;
    }
    case '$in':
      return left && right && printIn(left, right, scope);
    case '$like_pattern':
      return left && right && printLike(left, right, scope);
    case '$is_distinct_from':
      return left && right && printDistinct(left, right, scope);
    default: {
      const found = COMPARISONS[functionName];
      return found && left && right && printCompared(left, right, { ...found, scope });
    }
  }
}

function printConnected(
  operands: readonly FederationExpression[],
  connective: string,
  scope: Scope,
): string | undefined {
  const parts = operands.map((operand) => printExpression(operand, scope));
  if (parts.length === 0 || !parts.every((part) => part !== undefined)) return undefined;
  return `(${parts.join(connective)})`;
}

interface ComparisonScope {
  readonly operator: Operator | '<>';
  readonly turned: Operator | '<>';
  readonly scope: Scope;
}

function printCompared(
  left: FederationExpression,
  right: FederationExpression,
  { operator, turned, scope }: ComparisonScope,
): string | undefined {
  const [column, other] = [findColumn(left, scope), findColumn(right, scope)];
  if (column !== undefined && other !== undefined) return printColumns(column, other, operator);
  if (column !== undefined) return printWithConstant(column, operator, { constant: findConstant(right), scope });
  if (other !== undefined) return printWithConstant(other, turned, { constant: findConstant(left), scope });
  return undefined;
}

function printWithConstant(
  column: PlannedColumn,
  operator: Operator | '<>',
  { constant, scope }: { readonly constant: Constant | undefined; readonly scope: Scope },
): string | undefined {
  if (constant === undefined || !isComparable(column, constant)) return undefined;
  // in Trino NaN is equal to nothing, in PostgreSQL to itself and greater than all
  if (Number.isNaN(constant.value)) return undefined;
  const compared = printComparison(column, operator === '<>' ? '=' : operator, constant, scope.bind);
  if (compared === undefined) return undefined;
  if (operator === '<>') return `(not (${compared}))`;
  const isOpen = DataType.isFloat(column.type.arrow) && (operator === '>' || operator === '>=');
  return isOpen ? `(${compared} and ${column.sql} <> 'NaN')` : `(${compared})`;
}

function printColumns(left: PlannedColumn, right: PlannedColumn, operator: Operator | '<>'): string | undefined {
  const float = DataType.isFloat(left.type.arrow) || DataType.isFloat(right.type.arrow);
  if (float || String(left.type.arrow) !== String(right.type.arrow)) return undefined;
  if (left.type.comparison === 'none' || right.type.comparison === 'none') return undefined;
  return `(${printDelivered(left, 'order')} ${operator} ${printDelivered(right, 'order')})`;
}

function printDistinct(left: FederationExpression, right: FederationExpression, scope: Scope): string | undefined {
  const equal = printCompared(left, right, { operator: '=', turned: '=', scope });
  const columns = [left, right].map((side) => findColumn(side, scope)).filter((column) => column !== undefined);
  const [first, second] = columns;
  if (equal === undefined || first === undefined) return undefined;
  if (second === undefined) return `(${equal} is not true)`;
  return `(${equal} is not true and not (${printIsNull(first)} and ${printIsNull(second)}))`;
}

function printIn(left: FederationExpression, right: FederationExpression, scope: Scope): string | undefined {
  const column = findColumn(left, scope);
  if (column === undefined || right.kind !== 'FunctionCallExpression' || right.functionName !== '$array')
    return undefined;
  const constants: Constant[] = [];
  for (const { value, type } of right.arguments.flatMap(findConstants)) {
    // x in (…, NULL) is never false
    if (value === null || Number.isNaN(value) || !isComparable(column, { value, type })) return undefined;
    constants.push({ value, type });
  }
  const member = printMembership(column, constants, scope.bind);
  return member && `(${member})`;
}

/** Trino's LIKE has no escape character unless one is named, PostgreSQL's has the backslash. */
function printLike(left: FederationExpression, right: FederationExpression, scope: Scope): string | undefined {
  const column = findColumn(left, scope);
  const pattern = findConstant(right);
  if (column === undefined || pattern === undefined || !DataType.isUtf8(column.type.arrow)) return undefined;
  const text = printParameter(pattern.value, pattern.type);
  if (text === undefined || typeof pattern.value !== 'string') return undefined;
  return `(${printDelivered(column, 'equality')} like ${scope.bind(text)}::text escape '')`;
}

function isComparable({ type }: PlannedColumn, constant: Constant): boolean {
  const kinds = [DataType.isUtf8, DataType.isBinary, DataType.isBool, DataType.isTimestamp, DataType.isDate];
  return kinds.every((isKind) => isKind(type.arrow) === isKind(constant.type));
}

function findColumn(expression: FederationExpression, { columns }: Scope): PlannedColumn | undefined {
  return expression.kind === 'VariableExpression' ? columns.get(expression.columnName) : undefined;
}

/** The one value of a constant; undefined: it is NULL, or no constant. */
function findConstant(expression: FederationExpression): Constant | undefined {
  const [only, ...more] = findConstants(expression);
  if (only === undefined || more.length > 0 || only.value === null) return undefined;
  return { value: only.value, type: only.type };
}

function findConstants(
  expression: FederationExpression,
): readonly { readonly value: Value | null; readonly type: DataType }[] {
  if (expression.kind !== 'ConstantExpression') return [{ value: null, type: expression.type }];
  const column = expression.valueBlock.batch.getChildAt(0);
  if (column === null) return [];
  return Array.from({ length: column.length }, (_, row) => ({ value: readValue(column, row), type: expression.type }));
}
