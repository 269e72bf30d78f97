import type { ReadRequest } from '@ergane/sdk';
import type { Client } from './client.ts';
import { describeNativeColumns } from './passthrough.ts';
import { WHOLE_TABLE } from './split.ts';
import { sql } from './sql-text.ts';
import type { Sql } from './sql-text.ts';
import { toQuery } from './to-query.ts';

/** The rows that are wanted of a native query's answer: as it is written, or where constraints narrow it, as a derived table. */
export async function planNative(
  client: Client,
  { text, request }: { readonly text: string; readonly request: ReadRequest },
): Promise<Sql> {
  const { constraints, schema, tableName } = request;
  const isNarrowed =
    constraints.limit >= 0 || constraints.expression.length > 0 || Object.keys(constraints.summary).length > 0;
  if (!isNarrowed || !/^\s*(select|with|\()/i.test(text)) return sql(text);
  const columns = await describeNativeColumns(client, text);
  const facts = {
    tableName,
    columns,
    isView: true,
    engine: '',
    rowCount: 0,
    totalBytes: 0,
    key: undefined,
    partitions: [],
  };
  const from = `(${text.trim().replace(/;$/, '')}\n) AS native`;
  const { zeroDates } = client.config;
  return toQuery({ facts, schema, constraints, split: WHOLE_TABLE, zeroDates, from }).query;
}
