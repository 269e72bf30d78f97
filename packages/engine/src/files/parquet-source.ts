import type { ValueSet } from '@ergane/protocol';
import type { FileColumn, FileSource } from './file-relation.ts';
import { fileType, toPhysical } from './nested-value.ts';
import { quoteName, quotePaths } from './quote.ts';

/**
 * Parquet by column names, as Athena reads it: a column that a file lacks is NULL. The empty second half of the union gives every
 * declared column a place; DuckDB drops it and pushes columns and filters into the first, so that row groups are skipped.
 */
export function parquetSource(
  columns: readonly FileColumn[],
  paths: readonly string[],
  summary: Readonly<Record<string, ValueSet>>,
): FileSource {
  const nulls = columns.map(({ name, type }) => `CAST(NULL AS ${fileType(type)}) AS ${quoteName(name)}`);
  const read = `SELECT *, file_index FROM read_parquet(${quotePaths(paths)}, union_by_name = true, hive_partitioning = false)`;
  const all = `${read} UNION ALL BY NAME SELECT ${nulls.join(', ')} WHERE false`;
  const bounds = columns.flatMap((column) => timestampBounds(column, summary[column.name]));
  const bounded = bounds.length === 0 ? `(${all})` : `(SELECT * FROM (${all}) WHERE ${bounds.join(' AND ')})`;
  return {
    from: nulls.length === 0 ? `(${read})` : bounded,
    column: ({ name, type }) => toPhysical(`CAST(${quoteName(name)} AS ${fileType(type)})`, type),
  };
}

/**
 * What the query admits of a timestamp, a little more widely. Timestamps are rounded to Athena's three digits, and conditions on what is
 * rounded skip no row groups: these do.
 */
function timestampBounds({ name, type }: FileColumn, admitted: ValueSet | undefined): readonly string[] {
  if (type.kind !== 'timestamp' || admitted?.kind !== 'SortedRangeSet' || admitted.nullAllowed) return [];
  const column = `CAST(${quoteName(name)} AS TIMESTAMP)`;
  const low = admitted.ranges.at(0)?.low.value;
  const high = admitted.ranges.at(-1)?.high.value;
  return [
    ...(typeof low === 'bigint' ? [`${column} >= make_timestamp(${(low - 1n) * 1000n})`] : []),
    ...(typeof high === 'bigint' ? [`${column} <= make_timestamp(${(high + 1n) * 1000n})`] : []),
  ];
}
