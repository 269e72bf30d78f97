import { ErganeError } from '@ergane/protocol';
import type { CallContext } from '@ergane/sdk';
import type { GlueClient } from '@aws-sdk/client-glue';
import { fromGlueTable } from './glue-table.ts';
import type { GlueDialect } from './glue-table.ts';
import type { SchemaSource } from './table-definition.ts';

export interface GlueConfig {
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  /** the account whose catalog it is; undefined: the caller's own */
  readonly catalogId: string | undefined;
}

/** AWS: most tables of one GetTables. */
const PAGE = 100;

/**
 * The databases and tables of an AWS Glue Data Catalog that a connector owns. Glue's partitions are not read, as AWS's connectors do not.
 * Permissions: glue:GetDatabases, glue:GetTables, glue:GetTable.
 */
export function makeGlueSource({ region, endpoint, catalogId }: GlueConfig, dialect: GlueDialect): SchemaSource {
  let client: Promise<GlueClient> | undefined;
  const open = (): Promise<GlueClient> =>
    (client ??= import('@aws-sdk/client-glue').then(
      ({ GlueClient }) =>
        new GlueClient({ ...(region !== undefined && { region }), ...(endpoint !== undefined && { endpoint }) }),
    ));
  const catalog = catalogId === undefined ? {} : { CatalogId: catalogId };
  const { ownsDatabase = () => true, ownsTable = () => true } = dialect;
  return {
    listSchemas: async (context) =>
      (await ask(context, 'glue:GetDatabases', async () => {
        const [{ paginateGetDatabases }, client] = await Promise.all([import('@aws-sdk/client-glue'), open()]);
        const names: string[] = [];
        // a paginator keeps its token in the request: it is given one of its own
        for await (const { DatabaseList = [] } of paginateGetDatabases({ client, pageSize: PAGE }, { ...catalog }))
          for (const database of DatabaseList)
            if (database.Name !== undefined && ownsDatabase(database)) names.push(database.Name);
        return names;
      })) ?? [],
    listTables: async (context, schemaName) =>
      (await ask(context, 'glue:GetTables', async () => {
        const [{ paginateGetTables }, client] = await Promise.all([import('@aws-sdk/client-glue'), open()]);
        const names: string[] = [];
        const request = { ...catalog, DatabaseName: schemaName.toLowerCase() };
        for await (const { TableList = [] } of paginateGetTables({ client, pageSize: PAGE }, request))
          for (const table of TableList) if (table.Name !== undefined && ownsTable(table)) names.push(table.Name);
        return names;
      })) ?? [],
    findTable: (context, { schemaName, tableName }) =>
      ask(context, 'glue:GetTable', async () => {
        const [{ GetTableCommand }, client] = await Promise.all([import('@aws-sdk/client-glue'), open()]);
        // Glue's own names are in lower case
        const request = { ...catalog, DatabaseName: schemaName.toLowerCase(), Name: tableName.toLowerCase() };
        const { Table } = await client.send(new GetTableCommand(request), { abortSignal: context.signal });
        return Table !== undefined && ownsTable(Table) ? fromGlueTable(Table, dialect) : undefined;
      }),
  };
}

const THROTTLES = new Set(['ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded']);

/** What Glue does not have is undefined; every other failure names the permission. */
async function ask<Answer>(
  context: CallContext,
  permission: string,
  call: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await context.throttled(call, (error) => error instanceof Error && THROTTLES.has(error.name));
  } catch (cause) {
    if (!(cause instanceof Error) || cause instanceof ErganeError) throw cause;
    if (cause.name === 'EntityNotFoundException') return undefined;
    const denied = /AccessDenied|UnrecognizedClient|InvalidClientTokenId|ExpiredToken/.test(cause.name);
    throw new ErganeError(
      denied ? 'SOURCE_ACCESS_DENIED' : 'SOURCE_UNREACHABLE',
      denied
        ? `the Glue Data Catalog refused ${permission} (${cause.message}): allow it in the function's role, or set disable_glue=true`
        : `the Glue Data Catalog did not answer ${permission} (${cause.message}): is AWS_REGION right? disable_glue=true does without it`,
      { cause, where: { setting: 'disable_glue' } },
    );
  }
}
