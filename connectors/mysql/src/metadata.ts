import type { TableName } from '@ergane/protocol';
import type { TableDescription, TablePage } from '@ergane/sdk';
import { Schema } from 'apache-arrow';
import { describeSql } from './describe-sql.ts';
import type { Client } from './client.ts';
import { textOf } from './table-facts.ts';
import type { FactsCache } from './table-facts.ts';
import { makeField } from './types.ts';

const SYSTEM_SCHEMAS = new Set(['information_schema', 'performance_schema', 'mysql', 'sys']);

/** The databases of the server, its own aside. */
export async function listSchemas(client: Client): Promise<readonly string[]> {
  const rows = await client.query('SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME');
  return rows.map(([name]) => textOf(name)).filter((name) => !SYSTEM_SCHEMAS.has(name.toLowerCase()));
}

/** Tables and views of a database, by name in the order of bytes; the token is the last name of the page before. */
export async function listTables(
  client: Client,
  schemaName: string,
  { token, size }: { readonly token?: string; readonly size?: number },
): Promise<TablePage> {
  const limit = size === undefined || size <= 0 ? '' : 'LIMIT ?';
  const rows = await client.query(
    `SELECT TABLE_NAME FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = ? AND TABLE_TYPE <> 'SEQUENCE' AND CAST(TABLE_NAME AS BINARY) > ?
    ORDER BY CAST(TABLE_NAME AS BINARY) ${limit}`,
    [
      { kind: 'text', value: schemaName },
      { kind: 'bytes', value: Buffer.from(token ?? '', 'utf8') },
      ...(limit === '' ? [] : [{ kind: 'integer', value: BigInt(size ?? 0) } as const]),
    ],
    { schema: schemaName },
  );
  const tables = rows.map(([name]) => ({ schemaName, tableName: textOf(name) }));
  const last = tables.at(-1);
  return { tables, ...(limit !== '' && tables.length === size && last && { nextToken: last.tableName }) };
}

export async function describeTable(
  client: Client,
  facts: FactsCache,
  tableName: TableName,
): Promise<TableDescription | undefined> {
  const found = await facts.refresh(client, tableName);
  if (found === undefined) return undefined;
  const { rowCount, totalBytes, isView } = found;
  return {
    tableName: found.tableName,
    schema: new Schema(found.columns.map(makeField)),
    sql: describeSql(found, client.config.zeroDates),
    ...(!isView && { statistics: { rowCount, totalBytes } }),
  };
}
