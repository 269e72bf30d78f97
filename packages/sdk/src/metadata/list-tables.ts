import type { ListTablesRequest, ListTablesResponse } from '@ergane/protocol';
import type { Call } from '../call.ts';
import type { TablePage } from '../connector.ts';

/** Tokens of the SDK itself, for connectors that give more tables than a page has. */
const OWN_TOKEN = /^ergane:(\d+)$/;

/** Tables of a schema, in pages as the caller wants them (section 1.4). */
export async function answerListTables(call: Call, request: ListTablesRequest): Promise<ListTablesResponse> {
  const { instance, context } = call;
  const schemaName = await instance.resolution.findSchema(context, request.schemaName);
  const page = await findPage(call, schemaName, request);
  return {
    type: 'ListTablesResponse',
    tables: page.tables,
    catalogName: request.catalogName,
    nextToken: page.nextToken ?? null,
  };
}

async function findPage(call: Call, schemaName: string, request: ListTablesRequest): Promise<TablePage> {
  const { pageSize: size, nextToken: token } = request;
  if (size <= 0) return { tables: await listAll(call, schemaName, token ?? undefined) };
  const own = OWN_TOKEN.exec(token ?? '');
  const skipped = own === null ? 0 : Number(own[1]);
  const asked = { size, ...(own === null && token !== null && { token }) };
  const page = await call.definition.listTables(call.context, schemaName, asked);
  // an empty page is the end, whatever its token: Elasticsearch's connector gives one for ever
  if (page.tables.length === 0) return { tables: [] };
  if (page.tables.length <= size && own === null) return page;
  const end = skipped + size;
  return {
    tables: page.tables.slice(skipped, end),
    ...(end < page.tables.length && { nextToken: `ergane:${end}` }),
  };
}

async function listAll(call: Call, schemaName: string, first: string | undefined) {
  const tables = [];
  let token = first;
  do {
    const page = await call.definition.listTables(call.context, schemaName, token === undefined ? {} : { token });
    tables.push(...page.tables);
    token = page.tables.length === 0 ? undefined : page.nextToken;
  } while (token !== undefined);
  return tables;
}
