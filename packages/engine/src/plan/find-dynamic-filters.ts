import { allNodes } from './duckdb-plan.ts';
import type { PlanNode } from './duckdb-plan.ts';
import type { ColumnOrigin } from './column-origin.ts';
import { columnAt } from './column-origin.ts';
import { traceColumns } from './trace-columns.ts';
import { isPlainDelimJoin, joinEqualities } from './trace-join.ts';

/** Rows of `to` whose value is not among the values of `from` cannot be in the result. */
export interface JoinKey {
  readonly to: ColumnOrigin;
  readonly from: ColumnOrigin;
  /** NULL equals NULL in this comparison, so rows with NULL stay */
  readonly nullsMatch: boolean;
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
    const isDelim = isPlainDelimJoin(node);
    if ((node.type !== 'LOGICAL_COMPARISON_JOIN' && !isDelim) || !left || !right) return [];
    const leftColumns = traceColumns(left);
    const rightColumns = traceColumns(right);
    const type = node.text('join_type');
    return joinEqualities(node).flatMap((equality): JoinKey[] => {
      const ofLeft = columnAt(equality.left, leftColumns);
      const ofRight = columnAt(equality.right, rightColumns);
      if (!ofLeft || !ofRight) return [];
      const { nullsMatch } = equality;
      return [
        ...(FILTERS_LEFT.has(type) && ofLeft.canFilter ? [{ to: ofLeft, from: ofRight, nullsMatch }] : []),
        ...(!isDelim && FILTERS_RIGHT.has(type) && ofRight.canFilter
          ? [{ to: ofRight, from: ofLeft, nullsMatch }]
          : []),
      ];
    });
  });
}
