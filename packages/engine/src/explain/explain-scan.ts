import type { PlannedReference } from '../plan/plan-scans.ts';
import type { TableScan } from '../plan/table-scan.ts';
import { printConstraints } from './print-constraints.ts';
import type { ScanStatistics } from './scan-statistics.ts';

/** One table scan of a query, as EXPLAIN tells it. */
export interface ScanExplanation {
  readonly id: number;
  /** catalog.schema.table, as the source spells it */
  readonly table: string;
  readonly connector: string;
  readonly function: string;
  readonly columns: readonly string[];
  /** filters that the source was given */
  readonly pushed: readonly string[];
  /** filters that the engine alone applies; it applies all others again */
  readonly kept: readonly string[];
  readonly order: readonly string[];
  readonly limit: number | undefined;
  readonly dynamicFilters: readonly string[];
  readonly nativeQuery: string | undefined;
  readonly notes: readonly string[];
  readonly splits: number;
  readonly measured: ScanMeasures | undefined;
}

/** What EXPLAIN ANALYZE adds. Times in milliseconds. */
export interface ScanMeasures {
  readonly splitsRead: number;
  readonly invocations: number;
  readonly retries: number;
  readonly coldStarts: number;
  readonly rows: number;
  readonly rowsAtSource: number;
  readonly bytes: number;
  readonly spilledBytes: number;
  readonly functionMs: number;
  readonly wallMs: number;
  readonly counters: Readonly<Record<string, number>>;
}

export function explainScan(
  scan: TableScan,
  {
    references,
    statistics,
    analyze,
    nameOf,
  }: {
    readonly references: readonly PlannedReference[];
    readonly statistics: ScanStatistics;
    readonly analyze: boolean;
    readonly nameOf: (scan: number, column: number) => string;
  },
): ScanExplanation {
  const { schemaName, tableName } = scan.tableName;
  const { constraints } = scan;
  const planned = scan.dynamicFilters.map(
    ({ column, from }) =>
      `${column} = ${from.map((source) => (source.kind === 'column' ? nameOf(source.scan, source.column) : 'VALUES')).join(' or ')}`,
  );
  return {
    id: scan.id,
    table: `${scan.catalogName}.${schemaName}.${tableName}`,
    connector: references.find(({ id }) => id === scan.id)?.sourceType ?? '',
    function: scan.functionName,
    columns: scan.schema.fields.map(({ name }) => name),
    pushed: printConstraints(constraints),
    kept: scan.kept,
    order: constraints.orderByClause.map(
      ({ columnName, direction }) => `${columnName} ${direction.replaceAll('_', ' ')}`,
    ),
    limit: constraints.limit >= 0 ? constraints.limit : undefined,
    dynamicFilters: analyze ? statistics.dynamicFilters : planned,
    nativeQuery: statistics.nativeQuery,
    notes: [...(statistics.listing === undefined ? [] : [statistics.listing]), ...statistics.notes],
    splits: statistics.splits,
    measured: analyze ? measure(statistics) : undefined,
  };
}

function measure(statistics: ScanStatistics): ScanMeasures {
  const { startedAt, endedAt } = statistics;
  return {
    splitsRead: statistics.splitsDone,
    invocations: statistics.invocations,
    retries: statistics.retries,
    coldStarts: statistics.coldStarts,
    rows: statistics.rows,
    rowsAtSource: statistics.rowsReadAtSource,
    bytes: statistics.bytes,
    spilledBytes: statistics.spilledBytes,
    functionMs: Math.round(statistics.functionMs),
    wallMs: startedAt === undefined ? 0 : Math.round((endedAt ?? performance.now()) - startedAt),
    counters: Object.fromEntries(statistics.counters),
  };
}
