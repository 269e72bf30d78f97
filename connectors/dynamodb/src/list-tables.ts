import type { CallContext, TablePage } from '@ergane/sdk';
import type { Client } from './client.ts';
import type { SchemaSource } from './schema/table-definition.ts';
import { SCHEMA_NAME } from './table-catalog.ts';

/** AWS: names of one ListTables. */
const PAGE = 100;

interface TableListing {
  readonly client: Client;
  readonly definitions: SchemaSource | undefined;
  readonly page: { readonly token?: string; readonly size?: number };
}

/** Defined tables first, then those of DynamoDB that no definition stands for. */
export async function listTables(
  context: CallContext,
  { client, definitions, page: { token, size } }: TableListing,
): Promise<TablePage> {
  const defined = (await definitions?.listTables(context)) ?? [];
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
    tables: names.map((tableName) => ({ schemaName: SCHEMA_NAME, tableName })),
    ...(start !== undefined && { nextToken: start }),
  };
}
