import type { QueryResult, ResultColumn } from '../result/query-result.ts';
import type { WriteStatement } from '../sql/parse/write-statement.ts';
import type { WriteContext, WrittenRows } from '../write/write-context.ts';
import { runCreateTableAs } from './run-create-table-as.ts';
import { runInsert } from './run-insert.ts';
import { runUnload } from './run-unload.ts';

/** The column that Athena and Trino give such statements. */
export const WRITTEN_COLUMNS: readonly ResultColumn[] = [{ name: 'rows', type: { kind: 'bigint' } }];

/** Runs a statement that writes, to its end. Its result has the column `rows` and no row; `written` tells what it did. */
export async function runWrite(statement: WriteStatement, context: WriteContext): Promise<QueryResult> {
  const written = await run(statement, context);
  return {
    columns: WRITTEN_COLUMNS,
    batches: (async function* () {})(),
    written,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function run(statement: WriteStatement, context: WriteContext): Promise<WrittenRows> {
  switch (statement.kind) {
    case 'create table as':
      return runCreateTableAs(statement, context);
    case 'insert':
      return runInsert(statement, context);
    case 'unload':
      return runUnload(statement, context);
  }
}

/** The number of rows that DuckDB's COPY answers. */
export async function readCount({ batches }: Pick<QueryResult, 'batches'>): Promise<bigint> {
  let count = 0n;
  for await (const batch of batches) for (const [rows] of batch) count += BigInt(String(rows ?? 0));
  return count;
}
