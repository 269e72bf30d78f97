import { columnAt, keepValuesOnly, selectColumns } from './column-origin.ts';
import type { ColumnOrigin, OutputColumns } from './column-origin.ts';
import { isObject, list, object, text } from './duckdb-plan.ts';
import type { JsonObject, PlanNode } from './duckdb-plan.ts';
import { readExpression } from './plan-expression.ts';
import { traceJoin } from './trace-join.ts';

const FUNCTION = 'ergane_scan';

/** Whether the operator is one of the engine's own scans. */
export function isScan(node: PlanNode): boolean {
  return node.type === 'LOGICAL_GET' && node.text('name') === FUNCTION;
}

/** The argument of `ergane_scan(id)`. */
export function scanId(node: PlanNode): number {
  return Number(node.objects('parameters')[0]?.['value'] ?? -1);
}

/** Column numbers in the table, in the order of the scan's output. */
export function scanColumns(node: PlanNode): number[] {
  const columns = node.objects('column_indexes').map((column) => Number(column['index'] ?? -1));
  const projected = node.values('projection_ids');
  return projected.length === 0 ? columns : projected.map((id) => columns[Number(id)] ?? -1);
}

/** Where the columns of an operator's output come from; nothing is known of operators that are not known. */
export function traceColumns(node: PlanNode): OutputColumns {
  return trace(node) ?? [];
}

/** undefined: not even how many columns there are. */
function trace(node: PlanNode): OutputColumns | undefined {
  const [first, second] = node.children;
  const input = first && trace(first);
  switch (node.type) {
    case 'LOGICAL_DUMMY_SCAN':
      return [undefined];
    case 'LOGICAL_DELIM_GET':
      return node.values('chunk_types').map(() => undefined);
    case 'LOGICAL_GET':
      return isScan(node) ? traceScan(node) : undefined;
    case 'LOGICAL_EXPRESSION_GET':
      return node.values('expr_types').map((_, column) => ({ scan: node, column, canFilter: false, also: [] }));
    case 'LOGICAL_UNNEST': {
      const unnested = node
        .values('expressions')
        .map((_, column) => ({ scan: node, column, canFilter: false, also: [] }));
      return input && [...input, ...unnested];
    }
    case 'LOGICAL_UNION':
      return traceUnion(node.children.map(traceColumns));
    case 'LOGICAL_FILTER':
      return selectColumns(input, node.values('projection_map'));
    case 'LOGICAL_ORDER_BY':
      return selectColumns(input, node.values('projections'));
    case 'LOGICAL_PROJECTION':
      return node.objects('expressions').map((expression) => projected(expression, input ?? []));
    case 'LOGICAL_INTERSECT':
    case 'LOGICAL_EXCEPT':
    case 'LOGICAL_DISTINCT':
    case 'LOGICAL_LIMIT':
    case 'LOGICAL_TOP_N':
      return input && keepValuesOnly(input, false);
    case 'LOGICAL_AGGREGATE_AND_GROUP_BY':
      return traceGroups(node, input ?? []);
    case 'LOGICAL_CROSS_PRODUCT':
    case 'LOGICAL_COMPARISON_JOIN':
    case 'LOGICAL_DELIM_JOIN':
      return traceJoin(node, input, second && trace(second));
    default:
      return undefined;
  }
}

function traceScan(node: PlanNode): OutputColumns {
  return scanColumns(node).map((column) => ({ scan: node, column, canFilter: true, also: [] }));
}

/** A column, or the one row of a subquery: `CASE WHEN there are more rows THEN error(…) ELSE column END`. */
function projected(expression: JsonObject, input: OutputColumns): ColumnOrigin | undefined {
  if (text(expression, 'expression_class') !== 'BOUND_CASE') return columnAt(readExpression(expression), input);
  const branches = list(expression, 'case_checks').filter(isObject);
  const fails = branches.every((branch) => text(object(branch, 'then_expr'), 'name') === 'error');
  const origin = fails ? columnAt(readExpression(object(expression, 'else_expr')), input) : undefined;
  return origin && { ...origin, canFilter: false };
}

function traceUnion([first = [], ...others]: readonly OutputColumns[]): OutputColumns {
  return first.map((origin, index) => {
    const more = others.map((columns) => columns[index]);
    const known = more.filter((each) => each !== undefined);
    if (origin === undefined || known.length < more.length) return undefined;
    return { ...origin, canFilter: false, also: [origin.also, ...known.map((each) => [each, ...each.also])].flat() };
  });
}

/** Aggregates whose value is one of the column's values, or NULL. */
const PICKING = new Set(['max', 'min', 'first', 'last', 'any_value', 'arbitrary']);

/** A group's key stands for all of its rows, so leaving out the key leaves out the group; not so with several grouping sets. */
function traceGroups(node: PlanNode, input: OutputColumns): OutputColumns {
  const oneSet = node.values('grouping_sets').length <= 1;
  const groups = node.objects('groups').map((group) => {
    const origin = columnAt(readExpression(group), input);
    return origin && oneSet ? origin : undefined;
  });
  const aggregates = node.objects('expressions').map((expression) => {
    const [argument, ...more] = list(expression, 'children').filter(isObject);
    if (argument === undefined || more.length > 0 || !PICKING.has(text(expression, 'name'))) return undefined;
    const origin = columnAt(readExpression(argument), input);
    return origin && { ...origin, canFilter: false };
  });
  return [...groups, ...aggregates, ...node.values('grouping_functions').map(() => undefined)];
}
