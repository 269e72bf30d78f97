import { allNodes } from './duckdb-plan.ts';
import type { PlanNode } from './duckdb-plan.ts';
import type { PlanExpression } from './plan-expression.ts';
import { joinEqualities, traceColumns } from './trace-columns.ts';
import type { ColumnOrigin, OutputColumns } from './trace-columns.ts';

/** Rows of `to` whose value is not among the values of `from` cannot be in the result. */
export interface JoinKey {
  readonly to: ColumnOrigin;
  readonly from: ColumnOrigin;
}

/** Joins that drop every row of a side without a partner, or do not care for such rows. */
const FILTERS_LEFT = new Set(['INNER', 'RIGHT', 'SEMI', 'RIGHT_SEMI', 'RIGHT_ANTI']);
const FILTERS_RIGHT = new Set(['INNER', 'LEFT', 'SEMI', 'ANTI', 'SINGLE', 'RIGHT_SEMI']);

/**
 * The pairs of scanned columns between which keys may travel. Which side of a join DuckDB reads first is known only when it runs: a pair
 * stands for what is true whichever it is, and comes into force when `from` has been read to its end before `to` starts.
 */
export function findDynamicFilters(root: PlanNode): JoinKey[] {
  return allNodes(root).flatMap((node) => {
    const [left, right] = node.children;
    if (node.type !== 'LOGICAL_COMPARISON_JOIN' || !left || !right) return [];
    const leftColumns = traceColumns(left);
    const rightColumns = traceColumns(right);
    const type = node.text('join_type');
    return joinEqualities(node).flatMap((equality): JoinKey[] => {
      const ofLeft = originOf(equality.left, leftColumns);
      const ofRight = originOf(equality.right, rightColumns);
      if (!ofLeft || !ofRight) return [];
      return [
        ...(FILTERS_LEFT.has(type) && ofLeft.canFilter ? [{ to: ofLeft, from: ofRight }] : []),
        ...(FILTERS_RIGHT.has(type) && ofRight.canFilter ? [{ to: ofRight, from: ofLeft }] : []),
      ];
    });
  });
}

const EXACT_CASTS = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'DECIMAL']);

/** A plain column, or one that is cast to a wider number so that both sides can be compared. */
function originOf(expression: PlanExpression, columns: OutputColumns): ColumnOrigin | undefined {
  if (expression.kind === 'column') return columns[expression.index];
  if (expression.kind === 'cast' && EXACT_CASTS.has(expression.type.id)) return originOf(expression.child, columns);
  return undefined;
}
