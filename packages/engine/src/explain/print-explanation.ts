import type { PlanNode } from '../plan/duckdb-plan.ts';
import { isScan, scanId } from '../plan/trace-columns.ts';
import type { ScanExplanation } from './explain-scan.ts';

/** A query's plan and its scans. */
export interface Explanation {
  readonly root: PlanNode | undefined;
  /** why nothing could be pushed down */
  readonly problem: string | undefined;
  readonly scans: readonly ScanExplanation[];
  /** what stayed in the engine, and why */
  readonly notes: readonly string[];
  readonly measured: { readonly rows: number; readonly wallMs: number } | undefined;
}

/** The lines of EXPLAIN: operators from the last to the first, each scan with what its source was asked and (ANALYZE) did. */
export function printExplanation({ root, problem, scans, measured, notes }: Explanation): string[] {
  const withoutTree = scans.length === 0 ? ['- No table is read'] : scans.flatMap((scan) => printScan(scan, 0));
  const tree = root ? printNode(root, scans, 0) : withoutTree;
  const heads = [
    ...(problem === undefined ? [] : [`Pushdown was not possible: DuckDB could not tell its plan (${problem})`]),
    ...notes.map((note) => `Aggregate ${note}`),
  ];
  const lines = [...heads, ...tree];
  return measured ? [`Query: ${count(measured.rows)} rows, ${measured.wallMs} ms`, ...lines] : lines;
}

function printNode(node: PlanNode, scans: readonly ScanExplanation[], depth: number): string[] {
  if (isScan(node)) {
    const scan = scans.find(({ id }) => id === scanId(node));
    return scan ? printScan(scan, depth) : [];
  }
  const children = node.children.flatMap((child) => printNode(child, scans, depth + 1));
  return [`${indent(depth)}- ${label(node)}`, ...children];
}

/** DuckDB's operator without its prefix, and what is worth to know of it. */
export function label(node: PlanNode): string {
  const name = node.type
    .replace(/^LOGICAL_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  switch (node.type) {
    case 'LOGICAL_COMPARISON_JOIN':
      return `Join ${node.text('join_type').toLowerCase().replaceAll('_', ' ')}`;
    case 'LOGICAL_TOP_N':
      return `Top ${node.integer('limit')}`;
    case 'LOGICAL_GET':
      return `Scan ${node.text('name')}`;
    case 'LOGICAL_AGGREGATE_AND_GROUP_BY':
      return node.values('groups').length > 0 ? 'Aggregate by group' : 'Aggregate';
    default:
      return title;
  }
}

function printScan(scan: ScanExplanation, depth: number): string[] {
  const details: (readonly [string, string])[] = [
    ['columns', scan.columns.length > 20 ? `${scan.columns.length} columns` : scan.columns.join(', ')],
    ...scan.pushed.map((filter) => ['pushed', filter] as const),
    ...scan.kept.map((filter) => ['kept', filter] as const),
    ...(scan.order.length > 0 ? [['order', scan.order.join(', ')] as const] : []),
    ...(scan.limit === undefined ? [] : [['limit', String(scan.limit)] as const]),
    ...scan.dynamicFilters.map((filter) => ['dynamic filter', filter] as const),
    ...(scan.nativeQuery === undefined ? [] : [['native query', scan.nativeQuery.replaceAll(/\s+/g, ' ')] as const]),
    ...scan.notes.map((note) => ['note', note] as const),
    // DuckDB reads tables on S3 itself, and nobody counts there: the notes say how much there was
    ...(scan.function === '' ? [] : work(scan)),
  ];
  const by = scan.function === '' ? 'the engine' : `${scan.connector} (function ${scan.function})`;
  const head = `${indent(depth)}- Scan ${scan.table} by ${by}`;
  return [head, ...details.map(([name, text]) => `${indent(depth + 2)}${name}: ${text}`)];
}

function work({ splits, measured }: ScanExplanation): (readonly [string, string])[] {
  if (measured === undefined) return [['splits', String(splits)]];
  return [['splits', `${splits}, ${measured.splitsRead} read`], ...measures(measured)];
}

function measures(measured: NonNullable<ScanExplanation['measured']>): (readonly [string, string])[] {
  const { invocations, retries, coldStarts, rows, rowsAtSource, bytes, spilledBytes, functionMs, wallMs } = measured;
  const starts = `${coldStarts} cold start${coldStarts === 1 ? '' : 's'}`;
  const again = retries > 0 ? `, ${retries} retries` : '';
  return [
    ['invocations', `${invocations}, ${starts}${again}`],
    ['rows', rowsAtSource > rows ? `${count(rows)} of ${count(rowsAtSource)} read at the source` : count(rows)],
    ['bytes', `${count(bytes)}, ${count(spilledBytes)} spilled`],
    ['time', `${wallMs} ms, functions ${functionMs} ms`],
    ...Object.entries(measured.counters).map(([name, value]) => [name, String(value)] as const),
  ];
}

function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

function indent(depth: number): string {
  return '  '.repeat(depth);
}
