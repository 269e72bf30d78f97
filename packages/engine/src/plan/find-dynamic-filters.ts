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

/** Joins that drop every left row without a partner (or care for right rows alone). The right side is read to its end first. */
const FILTERS_LEFT = new Set(['INNER', 'RIGHT', 'SEMI', 'RIGHT_SEMI', 'RIGHT_ANTI']);

/** The pairs of scanned columns between which keys may travel, from the build side of a join to its probe side. */
export function findDynamicFilters(root: PlanNode): JoinKey[] {
  return allNodes(root).flatMap((node) => {
    const [left, right] = node.children;
    if (node.type !== 'LOGICAL_COMPARISON_JOIN' || !left || !right) return [];
    if (!FILTERS_LEFT.has(node.text('join_type'))) return [];
    const probe = traceColumns(left);
    const build = traceColumns(right);
    return joinEqualities(node).flatMap((equality) => {
      const to = originOf(equality.left, probe);
      const from = originOf(equality.right, build);
      return to?.canFilter && from ? [{ to, from }] : [];
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
