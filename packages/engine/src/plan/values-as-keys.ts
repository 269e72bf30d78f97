import type { Value, ValueSet } from '@ergane/protocol';
import type { DataType } from 'apache-arrow';
import { mostKeys } from '../duckdb/key-collector.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import { isObject, list, object, text } from './duckdb-plan.ts';
import type { PlanNode } from './duckdb-plan.ts';
import { keysToValueSet } from './keys-to-value-set.ts';
import { readConstant, readExpression } from './plan-expression.ts';
import type { PlanConstant, PlanExpression } from './plan-expression.ts';

/** The constants of one column of VALUES or of an unnested array; undefined: the operator is neither, or not all are constants. */
export function constantsOf(node: PlanNode, column: number): readonly PlanConstant[] | undefined {
  const found = node.type === 'LOGICAL_UNNEST' ? unnested(node, column) : listed(node, column);
  const constants = found?.filter((expression) => expression.kind === 'constant');
  return constants?.length === found?.length ? constants : undefined;
}

function listed(node: PlanNode, column: number): readonly PlanExpression[] | undefined {
  if (node.type !== 'LOGICAL_EXPRESSION_GET') return undefined;
  return node.values('expressions').map((row) => {
    const value: unknown = Array.isArray(row) ? row[column] : undefined;
    return isObject(value) ? readExpression(value) : { kind: 'other' };
  });
}

function unnested(node: PlanNode, column: number): readonly PlanExpression[] | undefined {
  const array = object(node.objects('expressions')[column] ?? {}, 'child');
  if (text(array, 'expression_class') !== 'BOUND_CONSTANT') return undefined;
  const value = object(array, 'value');
  if (value['is_null'] === true) return [];
  if (!isObject(value['value'])) return undefined;
  return list(value['value'], 'children').filter(isObject).map(readConstant);
}

/** Constants as what a column that equals one of them may be. Undefined: nothing can be said. */
export function constantsToValueSet(type: DataType, constants: readonly PlanConstant[]): ValueSet | undefined {
  const from = constants[0] && keyType(constants[0]);
  if (!from) return undefined;
  const values: Value[] = [];
  for (const constant of constants) {
    if (constant.type.id !== constants[0]?.type.id || constant.type.scale !== constants[0].type.scale) return undefined;
    const value = keyOf(constant);
    if (value !== undefined) values.push(value);
  }
  if (values.length <= mostKeys(from)) return keysToValueSet(type, from, { kind: 'values', values });
  const low = values.reduce((a, b) => (b < a ? b : a));
  const high = values.reduce((a, b) => (b > a ? b : a));
  return keysToValueSet(type, from, { kind: 'range', low, high });
}

/** undefined: it equals nothing. The wire has milliseconds, the plan microseconds. */
function keyOf({ type, value }: PlanConstant): Value | undefined {
  if (value === null) return undefined;
  if (typeof value !== 'bigint') return value;
  if (type.id === 'TIMESTAMP') return value % 1000n === 0n ? value / 1000n : undefined;
  return type.id === 'DATE' ? Number(value) : value;
}

function keyType({ type: { id, width, scale } }: PlanConstant): TrinoType | undefined {
  switch (id) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return { kind: 'bigint' };
    case 'DECIMAL':
      return { kind: 'decimal', precision: width, scale };
    case 'VARCHAR':
      return { kind: 'varchar' };
    case 'DATE':
      return { kind: 'date' };
    case 'TIMESTAMP':
      return { kind: 'timestamp', precision: 3 };
    default:
      return undefined;
  }
}
