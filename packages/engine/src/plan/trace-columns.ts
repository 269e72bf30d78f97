import type { PlanNode } from './duckdb-plan.ts';
import { comparisonOf, plainColumn, readExpression } from './plan-expression.ts';
import type { PlanExpression } from './plan-expression.ts';
import { object, text } from './duckdb-plan.ts';

/** A column of a scan (the operator that reads it, and the column's number in the table). */
export interface ColumnOrigin {
  readonly scan: PlanNode;
  readonly column: number;
  /** whether fewer rows of the scan, left out by a value of this column, only leave out rows here by the same value */
  readonly canFilter: boolean;
}

/** For every column of an operator's output, the scanned column that it passes on unchanged. */
export type OutputColumns = readonly (ColumnOrigin | undefined)[];

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

/** Where the columns of an operator's output come from. Operators that are not known pass nothing on. */
export function traceColumns(node: PlanNode): OutputColumns {
  const [first, second] = node.children;
  switch (node.type) {
    case 'LOGICAL_GET':
      return isScan(node) ? scanColumns(node).map((column) => ({ scan: node, column, canFilter: true })) : [];
    case 'LOGICAL_FILTER': {
      const input = first ? traceColumns(first) : [];
      const projected = node.values('projection_map');
      return projected.length === 0 ? input : projected.map((index) => input[Number(index)]);
    }
    case 'LOGICAL_PROJECTION': {
      const input = first ? traceColumns(first) : [];
      return node.objects('expressions').map((expression) => columnAt(readExpression(expression), input));
    }
    case 'LOGICAL_ORDER_BY':
    case 'LOGICAL_DISTINCT':
      return first ? keepValuesOnly(traceColumns(first), node.type === 'LOGICAL_ORDER_BY') : [];
    case 'LOGICAL_LIMIT':
    case 'LOGICAL_TOP_N':
      return first ? keepValuesOnly(traceColumns(first), false) : [];
    case 'LOGICAL_AGGREGATE_AND_GROUP_BY':
      return first ? traceGroups(node, traceColumns(first)) : [];
    case 'LOGICAL_CROSS_PRODUCT':
      return first && second ? [...traceColumns(first), ...traceColumns(second)] : [];
    case 'LOGICAL_COMPARISON_JOIN':
      return first && second ? traceJoin(node, first, second) : [];
    default:
      return [];
  }
}

function columnAt(expression: PlanExpression, input: OutputColumns): ColumnOrigin | undefined {
  const column = plainColumn(expression);
  return column && input[column.index];
}

/** The values still come from the scan, but leaving out some of its rows could let others through. */
function keepValuesOnly(columns: OutputColumns, canFilter: boolean): OutputColumns {
  return canFilter ? columns : columns.map((column) => column && { ...column, canFilter: false });
}

/** A group's key stands for all of its rows, so leaving out the key leaves out the group; not so with several grouping sets. */
function traceGroups(node: PlanNode, input: OutputColumns): OutputColumns {
  const oneSet = node.values('grouping_sets').length <= 1;
  return node.objects('groups').map((group) => {
    const origin = columnAt(readExpression(group), input);
    return origin && oneSet ? origin : undefined;
  });
}

/** Sides of a join whose rows may be left out by a value of one of their own columns: the others are padded with NULL or inverted. */
const FILTERED_SIDES: Readonly<Record<string, { readonly left: boolean; readonly right: boolean }>> = {
  INNER: { left: true, right: true },
  LEFT: { left: true, right: false },
  RIGHT: { left: false, right: true },
  SEMI: { left: true, right: false },
  ANTI: { left: true, right: false },
  MARK: { left: true, right: false },
  SINGLE: { left: true, right: false },
  RIGHT_SEMI: { left: false, right: true },
  RIGHT_ANTI: { left: false, right: true },
};

function traceJoin(node: PlanNode, leftNode: PlanNode, rightNode: PlanNode): OutputColumns {
  const type = node.text('join_type');
  const sides = FILTERED_SIDES[type] ?? { left: false, right: false };
  const left = project(keepValuesOnly(traceColumns(leftNode), sides.left), node.values('left_projection_map'));
  const right = project(keepValuesOnly(traceColumns(rightNode), sides.right), node.values('right_projection_map'));
  switch (type) {
    case 'SEMI':
    case 'ANTI':
      return left;
    case 'MARK':
      return [...left, undefined];
    case 'RIGHT_SEMI':
    case 'RIGHT_ANTI':
      return right;
    default:
      return [...left, ...right];
  }
}

function project(columns: OutputColumns, map: readonly unknown[]): OutputColumns {
  return map.length === 0 ? columns : map.map((index) => columns[Number(index)]);
}

/** The equalities `left = right` of a join; with `nullsMatch` NULL equals NULL. */
export function joinEqualities(
  node: PlanNode,
): { readonly left: PlanExpression; readonly right: PlanExpression; readonly nullsMatch: boolean }[] {
  return node.objects('conditions').flatMap((condition) => {
    const operator = comparisonOf(text(condition, 'comparison'));
    if (operator !== '=' && operator !== 'IS NOT DISTINCT FROM') return [];
    return {
      left: readExpression(object(condition, 'left')),
      right: readExpression(object(condition, 'right')),
      nullsMatch: operator !== '=',
    };
  });
}
