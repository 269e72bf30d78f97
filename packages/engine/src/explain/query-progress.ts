import type { TableScan } from '../plan/table-scan.ts';
import type { ScanStatistics } from './scan-statistics.ts';

/** How far a query is, scan by scan. */
export interface QueryProgress {
  readonly scans: readonly ScanProgress[];
}
export interface ScanProgress {
  readonly catalog: string;
  /** schema.table */
  readonly table: string;
  /** listed so far; more may come while splits are paged */
  readonly splits: number;
  readonly splitsDone: number;
  readonly rows: number;
  readonly bytes: number;
  /** invocations that run now */
  readonly running: number;
}

export function progressOf(
  scans: readonly TableScan[],
  statistics: ReadonlyMap<number, ScanStatistics>,
): QueryProgress {
  return {
    scans: scans.map(({ id, catalogName, tableName }) => {
      const { splits = 0, splitsDone = 0, rows = 0, bytes = 0, running = 0 } = statistics.get(id) ?? {};
      const table = `${tableName.schemaName}.${tableName.tableName}`;
      return { catalog: catalogName, table, splits, splitsDone, rows, bytes, running };
    }),
  };
}
