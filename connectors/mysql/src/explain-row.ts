import type { ErrorWhere } from '@ergane/protocol';
import type { Client } from './client.ts';
import { CellSink } from './decode/cell.ts';
import type { Cell } from './decode/cell.ts';
import type { Sql } from './sql-text.ts';

/** The first row of EXPLAIN, by lower-case column name: how the server would run a query of one table, and its estimate of rows. */
export async function explainRow(
  client: Client,
  query: Sql,
  where: ErrorWhere,
): Promise<Readonly<Record<string, Cell>> | undefined> {
  // MySQL 8 shows partitions always, and no longer has the word
  const explain = client.isMariaDb ? 'EXPLAIN PARTITIONS' : 'EXPLAIN';
  return client.translate(async () => {
    const statement = await client.prepare(`${explain} ${query.text}`);
    const columns = (await client.session.execute(statement, query.parameters)) ?? [];
    const sink = new CellSink(columns);
    await client.session.readRows(sink);
    client.session.closeStatement(statement);
    const [row] = sink.rows;
    return row && Object.fromEntries(columns.map(({ name }, index) => [name.toLowerCase(), row[index] ?? null]));
  }, where);
}
