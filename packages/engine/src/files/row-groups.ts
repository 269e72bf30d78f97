import type { Value, ValueSet } from '@ergane/protocol';
import { ErganeError, intersectValueSets, isNone, makeRanges } from '@ergane/protocol';
import { arrowType } from './arrow-type.ts';
import type { FileColumn } from './file-relation.ts';
import { parsePartitionValue } from './partition-value.ts';
import { quoteText, quotePaths } from './quote.ts';

/** Statistics of one column in one row group, as `rowGroupQuery` answers them: text, or null where the file has none. */
export interface RowGroupStatistics {
  readonly file: string;
  readonly rowGroup: number;
  readonly column: string;
  readonly min: string | null;
  readonly max: string | null;
}

/**
 * DuckDB text whose rows are RowGroupStatistics in that order: of every row group of the files, for the columns that have constraints.
 */
export function rowGroupQuery(paths: readonly string[], columns: readonly string[]): string {
  const names = columns.length === 0 ? "['']" : `[${columns.map((name) => quoteText(name.toLowerCase())).join(', ')}]`;
  return `SELECT file_name, row_group_id, lower(path_in_schema), coalesce(stats_min_value, stats_min), coalesce(stats_max_value, stats_max)
FROM parquet_metadata(${quotePaths(paths)}) WHERE column_id = 0 OR list_contains(${names}, lower(path_in_schema))`;
}

/** How many row groups there are, and how many DuckDB must read: those whose statistics leave a value that the constraints admit. */
export function countRowGroups(
  statistics: readonly RowGroupStatistics[],
  columns: readonly FileColumn[],
  summary: Readonly<Record<string, ValueSet>>,
): { readonly total: number; readonly read: number } {
  const all = new Set<string>();
  const skipped = new Set<string>();
  for (const row of statistics) {
    const group = `${row.rowGroup} ${row.file}`;
    all.add(group);
    const column = columns.find(({ name }) => name === row.column);
    const set = Object.hasOwn(summary, row.column) ? summary[row.column] : undefined;
    if (column !== undefined && set?.kind === 'SortedRangeSet' && !set.nullAllowed && isOutside(row, column, set))
      skipped.add(group);
  }
  return { total: all.size, read: all.size - skipped.size };
}

function isOutside(row: RowGroupStatistics, column: FileColumn, set: ValueSet): boolean {
  const min = readStatistic(row.min, column);
  const max = readStatistic(row.max, column);
  if (min === undefined || max === undefined) return false;
  const low = { value: min, bound: 'EXACTLY' as const };
  const high = { value: max, bound: 'EXACTLY' as const };
  return isNone(intersectValueSets(makeRanges(arrowType(column.type), [{ low, high }]), set));
}

/** undefined: none, or of a form that is not understood; the row group then counts as read */
function readStatistic(text: string | null, column: FileColumn): Value | undefined {
  if (text === null) return undefined;
  try {
    return parsePartitionValue(text, column.type, column.name) ?? undefined;
  } catch (cause) {
    if (cause instanceof ErganeError) return undefined;
    throw cause;
  }
}
