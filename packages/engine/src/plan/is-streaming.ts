import type { PlanNode } from './duckdb-plan.ts';
import { isScan } from './trace-columns.ts';

const PASSING_ROWS_ON = new Set(['LOGICAL_PROJECTION', 'LOGICAL_FILTER', 'LOGICAL_LIMIT']);

/**
 * Whether a query only hands the rows of one scan on. DuckDB keeps their order and so gives them to one thread; the thread that asks for the
 * result would ask again and again, at the cost of a core, while that one waits for a function.
 */
export function isStreaming(root: PlanNode | undefined): boolean {
  let node = root;
  while (node && PASSING_ROWS_ON.has(node.type) && node.children.length === 1) [node] = node.children;
  return node !== undefined && isScan(node);
}
