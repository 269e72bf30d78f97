import type { CallContext, TablePage } from '@ergane/sdk';
import type { Client } from './client.ts';
import { DEFAULT_SCHEMA } from '@ergane/schemas';
import type { SchemaSource } from '@ergane/schemas';

/** AWS: names of one ListTables. */
const PAGE = 100;

interface TableListing {
  readonly client: Client;
  readonly definitions: SchemaSource;
  readonly schemaName: string;
  readonly page: { readonly token?: string; readonly size?: number };
}

/** Defined tables first, then (in the schema `default`) those of DynamoDB that no definition stands for. */
export async function listTables(
  context: CallContext,
  { client, definitions, schemaName, page: { token, size } }: TableListing,
): Promise<TablePage> {
  const defined = await definitions.listTables(context, schemaName);
  const toPage = (names: readonly string[]) => names.map((tableName) => ({ schemaName, tableName }));
  if (schemaName !== DEFAULT_SCHEMA) return { tables: toPage(defined) };
  const names = token === undefined ? [...defined] : [];
  let start = token;
  do {
    const { answer } = await client.call(context, 'ListTables', {
      Limit: Math.min(PAGE, size ?? PAGE),
      ...(start !== undefined && { ExclusiveStartTableName: start }),
    });
    names.push(...(answer.TableNames ?? []).filter((name) => !defined.includes(name.toLowerCase())));
    start = answer.LastEvaluatedTableName;
    // without a page size every table is asked for
  } while (start !== undefined && size === undefined);
  return {
    tables: toPage(names),
    ...(start !== undefined && { nextToken: start }),
  };
}
