import type { Execution } from '../duckdb/execute-query.ts';
import type { FileScan } from '../files/open-file-scan.ts';
import { countRowGroups, rowGroupQuery, type RowGroupStatistics } from '../files/row-groups.ts';
import type { ResultColumn } from '../result/query-result.ts';

const COLUMNS: readonly ResultColumn[] = [
  { name: 'file', type: { kind: 'varchar' } },
  { name: 'row_group', type: { kind: 'bigint' } },
  { name: 'column', type: { kind: 'varchar' } },
  { name: 'min', type: { kind: 'varchar' } },
  { name: 'max', type: { kind: 'varchar' } },
];

/** Notes for each Parquet table how many row groups its files have, and in how many the filters leave something to read. */
export async function noteRowGroups({ worker, files }: Pick<Execution, 'worker' | 'files'>): Promise<void> {
  for (const [id, scan] of files.scans) {
    const { table, columns } = scan.fileTable;
    if (table.storage.format !== 'parquet' || scan.paths.length === 0) continue;
    const { total, read } = countRowGroups(await readStatistics(worker, scan), columns, scan.summary);
    files.statistics.get(id)?.notes.add(`${read} of ${total} row groups`);
  }
}

async function readStatistics(worker: Execution['worker'], scan: FileScan): Promise<readonly RowGroupStatistics[]> {
  const sql = rowGroupQuery(scan.paths, Object.keys(scan.summary));
  const listener = { onOpen: () => undefined, onConsumed: () => undefined };
  const statistics: RowGroupStatistics[] = [];
  for await (const rows of worker.run({ sql, columns: COLUMNS, keyColumns: [], streaming: false }, listener))
    for (const [file, rowGroup, column, min, max] of rows)
      statistics.push({
        file: String(file),
        rowGroup: Number(rowGroup),
        column: String(column),
        min: typeof min === 'string' ? min : null,
        max: typeof max === 'string' ? max : null,
      });
  return statistics;
}
