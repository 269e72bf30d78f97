import { EXTENSIONS } from '@ergane/protocol';
import { executeQuery } from '../duckdb/execute-query.ts';
import type { Execution } from '../duckdb/execute-query.ts';
import type { PreparedQuery } from '../plan/plan-query.ts';
import type { PlannedReference } from '../plan/plan-scans.ts';
import type { TableScan } from '../plan/table-scan.ts';
import type { QueryContext } from '../query-context.ts';
import { listSplits } from '../split/list-splits.ts';
import { noteRowGroups } from './note-row-groups.ts';
import { explainScan } from './explain-scan.ts';
import type { Explanation } from './print-explanation.ts';
import { ScanStatistics } from './scan-statistics.ts';

export interface ExplainedQuery extends Execution {
  readonly references: readonly PlannedReference[];
  readonly planned: PreparedQuery['planned'];
}

/** What the query would do: its splits are listed (which tells the native query), none is read. */
export async function explainQuery(query: ExplainedQuery): Promise<Explanation> {
  const statistics = new Map<number, ScanStatistics>();
  await Promise.all(
    query.planned.scans.map(async (scan) => {
      const own = query.files.statistics.get(scan.id) ?? new ScanStatistics();
      statistics.set(scan.id, own);
      if (query.files.scans.has(scan.id)) return;
      await listAll(announcing(query.context), scan, own);
    }),
  );
  query.files[Symbol.dispose]();
  return explanation(query, { statistics, measured: undefined });
}

/** Runs the query, throws its rows away and tells what it took. */
export async function analyzeQuery(query: ExplainedQuery): Promise<Explanation> {
  await noteRowGroups(query);
  const startedAt = performance.now();
  const running = executeQuery({ ...query, context: announcing(query.context) });
  let rows = 0;
  for await (const batch of running.rows) rows += batch.length;
  const measured = { rows, wallMs: Math.round(performance.now() - startedAt) };
  return explanation(query, { statistics: running.statistics, measured });
}

/** Connectors tell their native query only to who asks for it. */
function announcing(context: QueryContext): QueryContext {
  const configOptions = { ...context.identity.configOptions, [EXTENSIONS.explain]: '1' };
  return { ...context, identity: { ...context.identity, configOptions } };
}

async function listAll(context: QueryContext, scan: TableScan, statistics: ScanStatistics): Promise<void> {
  // the statistics count them
  for await (const _split of listSplits(context, scan, { statistics, readAhead: false }));
}

function explanation(
  { planned, references }: ExplainedQuery,
  {
    statistics,
    measured,
  }: { readonly statistics: ReadonlyMap<number, ScanStatistics>; readonly measured: Explanation['measured'] },
): Explanation {
  const nameOf = (scan: number, column: number): string => {
    const table = references.find(({ id }) => id === scan)?.table;
    return `${table?.tableName.tableName ?? ''}.${table?.columns[column]?.name ?? ''}`;
  };
  return {
    root: planned.root,
    notes: planned.notes,
    problem: planned.problem,
    measured,
    scans: planned.scans.map((scan) =>
      explainScan(scan, {
        references,
        statistics: statistics.get(scan.id) ?? new ScanStatistics(),
        analyze: measured !== undefined,
        nameOf,
      }),
    ),
  };
}
