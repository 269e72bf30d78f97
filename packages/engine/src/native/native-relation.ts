import type { SqlDialect, SqlTable } from '@ergane/protocol';
import { object, text } from '../plan/duckdb-plan.ts';
import type { PlanNode } from '../plan/duckdb-plan.ts';
import { comparisonOf, readExpression } from '../plan/plan-expression.ts';
import { isScan, scanColumns, scanId } from '../plan/trace-columns.ts';
import type { TableReference } from '../catalog/catalogs.ts';
import { nativeAggregate } from './native-aggregate.ts';
import { nativeCondition, nativeValue } from './native-expression.ts';
import { digitsOf, groupable, selectSql, stay } from './native-value.ts';
import type { NativeValue } from './native-value.ts';

/** A SELECT of the source that is being put together: its columns are expressions over FROM. */
export interface NativeQuery {
  readonly from: string;
  readonly where: readonly string[];
  /** undefined: not grouped yet */
  readonly groupBy?: readonly string[];
  readonly columns: readonly NativeValue[];
}

/** What a plan is translated with. */
export interface NativePlan {
  readonly dialect: SqlDialect;
  readonly tables: ReadonlyMap<number, { readonly reference: TableReference; readonly sql: SqlTable }>;
  readonly freshName: () => string;
}

/** The operator and all below it as a query of the source. Throws NotNative with the reason where that is not exact. */
export function nativeQuery(node: PlanNode, plan: NativePlan): NativeQuery {
  const [first, second] = node.children;
  switch (node.type) {
    case 'LOGICAL_GET':
      return scan(node, plan);
    case 'LOGICAL_FILTER':
      return first ? filter(node, nativeQuery(first, plan), plan) : stay('a filter of nothing');
    case 'LOGICAL_PROJECTION': {
      if (!first) return stay('a projection of nothing');
      const input = nativeQuery(first, plan);
      const scope = { columns: input.columns, dialect: plan.dialect };
      const columns = node.objects('expressions').map((one) => nativeOutput(readExpression(one), scope));
      return { ...input, columns };
    }
    case 'LOGICAL_AGGREGATE_AND_GROUP_BY':
      return first ? aggregate(node, nativeQuery(first, plan), plan) : stay('a group of nothing');
    case 'LOGICAL_DISTINCT':
      return first ? distinct(node, nativeQuery(first, plan), plan) : stay('distinct rows of nothing');
    case 'LOGICAL_COMPARISON_JOIN':
      return first && second
        ? join(node, nativeQuery(first, plan), nativeQuery(second, plan), plan)
        : stay('a join of one');
    case 'LOGICAL_CROSS_PRODUCT': {
      if (!first || !second) return stay('a join of one');
      const left = nested(nativeQuery(first, plan), plan);
      const right = nested(nativeQuery(second, plan), plan);
      return { from: `${left.from} CROSS JOIN ${right.from}`, where: [], columns: [...left.columns, ...right.columns] };
    }
    default:
      return stay(`the operator ${node.type.replace('LOGICAL_', '').toLowerCase().replaceAll('_', ' ')}`);
  }
}

/** Columns that nothing is done with may be of any kind. */
function nativeOutput(
  expression: ReturnType<typeof readExpression>,
  scope: Parameters<typeof nativeValue>[1],
): NativeValue {
  const column = expression.kind === 'column' ? scope.columns[expression.index] : undefined;
  return column ?? nativeValue(expression, scope);
}

/** The query's text, its columns named c0, c1, …. */
export function printNativeQuery(query: NativeQuery, dialect: SqlDialect): string {
  return print(query, (value) =>
    value.kind === 'opaque' ? stay('a column of a type that is not exact') : selectSql(value, dialect),
  );
}

function print({ from, where, groupBy, columns }: NativeQuery, select: (value: NativeValue) => string): string {
  const list = columns.map((value, index) => `${select(value)} AS c${index}`).join(', ');
  const conditions = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`;
  const groups = groupBy === undefined || groupBy.length === 0 ? '' : ` GROUP BY ${groupBy.join(', ')}`;
  return `SELECT ${list === '' ? '1 AS c0' : list} FROM ${from}${conditions}${groups}`;
}

/** The query in FROM. */
function nested(query: NativeQuery, { freshName }: NativePlan): NativeQuery {
  const alias = freshName();
  const columns = query.columns.map<NativeValue>((column, index) =>
    column.sql === '' ? column : { ...withoutHint(column), sql: `${alias}.c${index}` },
  );
  return { from: `(${print(query, ({ sql }) => (sql === '' ? 'NULL' : sql))}) AS ${alias}`, where: [], columns };
}

/** A column that the source did not announce. */
const UNKNOWN: NativeValue = { sql: '', kind: 'opaque', whole: 0, scale: 0 };

function scan(node: PlanNode, { tables }: NativePlan): NativeQuery {
  const found = isScan(node) ? tables.get(scanId(node)) : undefined;
  if (!found) return stay('it reads another source');
  const { reference, sql } = found;
  const { table } = reference;
  const columns = scanColumns(node).map<NativeValue>((index) => {
    const field = table.schema.fields[index];
    const column = field && sql.columns[field.name];
    const type = node.objects('returned_types')[index];
    if (!column || !type) return UNKNOWN;
    const info = object(type, 'type_info');
    const digits = digitsOf({
      id: text(type, 'id'),
      width: Number(info['width'] ?? 0),
      scale: Number(info['scale'] ?? 0),
    });
    const { value: valueSql, ...rest } = column;
    return { ...rest, sql: valueSql, whole: digits?.whole ?? 0, scale: digits?.scale ?? 0 };
  });
  return { from: sql.relation, where: [], columns };
}

function filter(node: PlanNode, input: NativeQuery, plan: NativePlan): NativeQuery {
  const query = input.groupBy === undefined ? input : nested(input, plan);
  const scope = { columns: query.columns, dialect: plan.dialect };
  const conditions = node.objects('expressions').map((one) => nativeCondition(readExpression(one), scope));
  return project({ ...query, where: [...query.where, ...conditions] }, node.values('projection_map'));
}

function project(query: NativeQuery, map: readonly unknown[]): NativeQuery {
  if (map.length === 0) return query;
  const columns = map.map((index) => query.columns[Number(index)] ?? stay('a column that is not there'));
  return { ...query, columns };
}

function aggregate(node: PlanNode, input: NativeQuery, plan: NativePlan): NativeQuery {
  if (node.values('grouping_sets').length > 1) stay('grouping sets');
  const query = input.groupBy === undefined ? input : nested(input, plan);
  const scope = { columns: query.columns, dialect: plan.dialect };
  const keys = node.objects('groups').map((group) => groupable(nativeValue(readExpression(group), scope)));
  const values = node.objects('expressions').map((one) => nativeAggregate(one, scope));
  return { ...query, groupBy: groupTexts(keys, plan.dialect), columns: [...keys.map(withoutHint), ...values] };
}

function distinct(node: PlanNode, input: NativeQuery, plan: NativePlan): NativeQuery {
  const query = input.groupBy === undefined ? input : nested(input, plan);
  const targets = node.objects('distinct_targets').map(readExpression);
  const isWhole =
    targets.length === query.columns.length &&
    targets.every((one, index) => one.kind === 'column' && one.index === index);
  if (node.text('distinct_type') !== 'DISTINCT' || !isWhole) stay('DISTINCT ON');
  const scope = { columns: query.columns, dialect: plan.dialect };
  const keys = targets.map((target) => groupable(nativeValue(target, scope)));
  return { ...query, groupBy: groupTexts(keys, plan.dialect), columns: keys.map(withoutHint) };
}

/** A constant in GROUP BY would be a position. */
function groupTexts(keys: readonly NativeValue[], { groupText }: SqlDialect): readonly string[] {
  if (keys.length > 0 && keys.every(({ isConstant }) => isConstant === true)) stay('groups by a constant');
  return keys
    .filter(({ isConstant }) => isConstant !== true)
    .map(({ sql, kind }) => (kind === 'text' ? groupText.replaceAll('{}', () => sql) : sql));
}

function withoutHint({ indexed: _indexed, ...value }: NativeValue): NativeValue {
  return value;
}

const JOINS: Readonly<Record<string, string>> = { INNER: 'JOIN', LEFT: 'LEFT JOIN' };

function join(node: PlanNode, leftQuery: NativeQuery, rightQuery: NativeQuery, plan: NativePlan): NativeQuery {
  const left = nested(leftQuery, plan);
  const right = nested(rightQuery, plan);
  const conditions = node.objects('conditions').map((condition) => {
    const operator = comparisonOf(text(condition, 'comparison'));
    const a = nativeValue(readExpression(object(condition, 'left')), { columns: left.columns, dialect: plan.dialect });
    const b = nativeValue(readExpression(object(condition, 'right')), {
      columns: right.columns,
      dialect: plan.dialect,
    });
    const numbers = [a, b].every(({ kind }) => kind === 'integer' || kind === 'decimal');
    if (operator !== '=' || (a.kind !== b.kind && !numbers))
      stay(`a join by ${operator ?? 'a condition'} of ${a.kind} and ${b.kind}`);
    return `${a.sql} = ${b.sql}`;
  });
  const type = node.text('join_type');
  const on = conditions.length === 0 ? '1 = 1' : conditions.join(' AND ');
  const kept = project(left, node.values('left_projection_map'));
  if (type === 'SEMI' || type === 'ANTI')
    return { ...kept, where: [`${type === 'ANTI' ? 'NOT ' : ''}EXISTS (SELECT 1 FROM ${right.from} WHERE ${on})`] };
  const word = JOINS[type];
  if (word === undefined) return stay(`a ${type.toLowerCase()} join`);
  const added = project(right, node.values('right_projection_map'));
  return {
    from: `${left.from} ${word} ${right.from} ON ${on}`,
    where: [],
    columns: [...kept.columns, ...added.columns],
  };
}
