import type { PlanNode } from '../plan/duckdb-plan.ts';
import { isScan, scanId } from '../plan/trace-columns.ts';
import type { ExplainFormat } from '../sql/parse/syntax-tree.ts';
import { label, printExplanation } from './print-explanation.ts';
import type { Explanation } from './print-explanation.ts';

/** EXPLAIN's lines: text; one JSON array of the scans; or a graph for Graphviz. */
export function printAs(format: ExplainFormat, explanation: Explanation): readonly string[] {
  if (format === 'json') return [JSON.stringify(explanation.scans, null, 2)];
  return format === 'graphviz' ? [printGraph(explanation)] : printExplanation(explanation);
}

/** EXPLAIN (TYPE IO): what a query reads, in Trino's form. */
export function printInputs({ scans }: Explanation): string {
  const inputs = scans.map(({ table, columns }) => {
    const [catalog, schema, ...rest] = table.split('.');
    return { table: { catalog, schemaTable: { schema, table: rest.join('.') } }, columns };
  });
  return JSON.stringify({ inputTableColumnInfos: inputs }, null, 2);
}

/** The operators as nodes, from each to what it reads. */
function printGraph({ root, scans }: Explanation): string {
  const nodes: string[] = [];
  const edges: string[] = [];
  const add = (text: string): string => {
    const id = `n${nodes.length}`;
    nodes.push(`  ${id} [label=${JSON.stringify(text)}];`);
    return id;
  };
  const walk = (node: PlanNode): string => {
    const scan = isScan(node) ? scans.find(({ id }) => id === scanId(node)) : undefined;
    const id = add(scan ? `Scan ${scan.table}` : label(node));
    for (const child of node.children) edges.push(`  ${id} -> ${walk(child)};`);
    return id;
  };
  if (root) walk(root);
  else for (const { table } of scans) add(`Scan ${table}`);
  return ['digraph query {', '  node [shape=box];', ...nodes, ...edges, '}'].join('\n');
}
