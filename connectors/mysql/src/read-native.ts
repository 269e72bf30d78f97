import type { ReadRequest } from '@ergane/sdk';
import type { Schema } from 'apache-arrow';
import type { Client } from './client.ts';
import { describeNativeColumns, schemaOfColumns } from './passthrough.ts';
import { WHOLE_TABLE } from './split.ts';
import { sql } from './sql-text.ts';
import type { Sql } from './sql-text.ts';
import { toQuery } from './to-query.ts';

/** How the wanted rows of a native query are asked for, and which columns the server then answers. */
export interface NativePlan {
  readonly query: Sql;
  readonly schema: Schema;
}

/** As the query is written where all of it is wanted; where constraints or columns narrow it, and it can be one, as a derived table. */
export async function planNative(
  client: Client,
  { text, request }: { readonly text: string; readonly request: ReadRequest },
): Promise<NativePlan> {
  const { constraints, schema, tableName } = request;
  const columns = await describeNativeColumns(client, text);
  const isNarrowed =
    constraints.limit >= 0 || constraints.expression.length > 0 || Object.keys(constraints.summary).length > 0;
  // rows are decoded by the places of their columns
  const isWhole =
    columns.length === schema.fields.length && columns.every(({ name }, index) => name === schema.fields[index]?.name);
  if (isWhole && !isNarrowed) return { query: sql(text), schema };
  if (!/^\s*(select|with|\()/i.test(text))
    return { query: sql(text), schema: isWhole ? schema : schemaOfColumns(columns) };
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
  return { query: toQuery({ facts, schema, constraints, split: WHOLE_TABLE, zeroDates, from }).query, schema };
}
