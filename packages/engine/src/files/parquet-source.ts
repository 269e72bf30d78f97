import type { FileColumn, FileSource } from './file-relation.ts';
import { fileType, toPhysical } from './nested-value.ts';
import { quoteName, quotePaths } from './quote.ts';

/**
 * Parquet by column names, as Athena reads it: a column that a file lacks is NULL. The empty second half of the union gives every
 * declared column a place; DuckDB drops it and pushes columns and filters into the first, so that row groups are skipped.
 */
export function parquetSource(columns: readonly FileColumn[], paths: readonly string[]): FileSource {
  const nulls = columns.map(({ name, type }) => `CAST(NULL AS ${fileType(type)}) AS ${quoteName(name)}`);
  const read = `SELECT *, file_index FROM read_parquet(${quotePaths(paths)}, union_by_name = true, hive_partitioning = false)`;
  return {
    from: nulls.length === 0 ? `(${read})` : `(${read} UNION ALL BY NAME SELECT ${nulls.join(', ')} WHERE false)`,
    column: ({ name, type }) => toPhysical(`CAST(${quoteName(name)} AS ${fileType(type)})`, type),
  };
}
