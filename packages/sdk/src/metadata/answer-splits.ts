import { createHash } from 'node:crypto';
import { ErganeError, EXTENSIONS } from '@ergane/protocol';
import type { GetSplitsRequest, GetSplitsResponse, Split } from '@ergane/protocol';
import { Schema } from 'apache-arrow';
import { announces } from '../call.ts';
import type { Call } from '../call.ts';
import type { Partition, Properties, SplitsRequest } from '../connector.ts';
import { makeSplit } from '../make-split.ts';
import { isPassthrough } from './passthrough.ts';
import { readPartitions, readTableSchema } from './partitions-block.ts';

/** Bytes of one page: far below 6 MB, so that work starts soon. */
const PAGE_BYTES = 1_000_000;
/** What a split takes beside its properties: location and key. */
const SPLIT_BYTES = 400;

/** One page of splits (section 4.5). */
export async function answerSplits(call: Call, request: GetSplitsRequest): Promise<GetSplitsResponse> {
  return listPage(call, await readRequest(call, request), request.continuationToken);
}

/** The splits after those that the token stands for: it is how many came before, and a hash of them. */
export async function listPage(call: Call, request: SplitsRequest, token: string | null): Promise<GetSplitsResponse> {
  const { catalogName } = call.context;
  const from = readToken(token);
  const hash = createHash('sha256');
  const page: Properties[] = [];
  let index = 0;
  let size = 0;
  let continuationToken: string | null = null;
  for await (const properties of listSplits(call, request)) {
    call.budget.signal.throwIfAborted();
    if (index === from.count && hash.copy().digest('hex').slice(0, 16) !== from.hash && from.count > 0)
      throw changed(request, catalogName);
    const text = JSON.stringify(properties);
    const bytes = Buffer.byteLength(text) + SPLIT_BYTES;
    if (index >= from.count) {
      if (page.length > 0 && size + bytes > PAGE_BYTES) {
        continuationToken = `${index}-${hash.digest('hex').slice(0, 16)}`;
        break;
      }
      page.push(properties);
      size += bytes;
    }
    hash.update(text);
    index++;
  }
  if (index < from.count) throw changed(request, catalogName);
  return {
    type: 'GetSplitsResponse',
    catalogName,
    splits: page.map((properties): Split => makeSplit(call, properties)),
    continuationToken,
    extra: await explainMember(call, request, page[0]),
  };
}

async function* listSplits({ definition, context }: Call, request: SplitsRequest): AsyncGenerator<Properties> {
  if (isPassthrough(request.constraints)) yield request.constraints.queryPassthroughArguments;
  else if (definition.splits !== undefined) yield* definition.splits(context, request);
  else for (const partition of request.partitions) yield partition.properties ?? {};
}

async function readRequest(call: Call, request: GetSplitsRequest): Promise<SplitsRequest> {
  const { tableName, partitionColumns, constraints } = request;
  const partitions: readonly Partition[] = readPartitions(request.partitions, partitionColumns);
  const schema = readTableSchema(request.partitions) ?? (await findSchema(call, request));
  return { tableName, schema, partitionColumns, constraints, partitions };
}

/** Partitions without their table's schema are not from this SDK: ask again. */
async function findSchema({ instance, context }: Call, { tableName }: GetSplitsRequest): Promise<Schema> {
  return (await instance.resolution.describeTable(context, tableName)).schema;
}

function readToken(token: string | null): { readonly count: number; readonly hash: string } {
  if (token === null) return { count: 0, hash: '' };
  const match = /^(\d+)-([0-9a-f]{16})$/.exec(token);
  if (match === null)
    throw new ErganeError(
      'PROTOCOL_INVALID',
      `GetSplitsRequest.continuationToken "${token}" is none that this function gave`,
    );
  return { count: Number(match[1]), hash: match[2] ?? '' };
}

function changed({ tableName }: SplitsRequest, catalogName: string): ErganeError {
  return new ErganeError(
    'SOURCE_CHANGED',
    `${catalogName}.${tableName.schemaName}.${tableName.tableName} changed while its splits were listed: run the query again`,
    { where: { catalog: catalogName, schema: tableName.schemaName, table: tableName.tableName } },
  );
}

/** The native query of the page's first split, for the columns that the announcement lists as JSON, else for all. */
async function explainMember(
  { definition, context }: Call,
  { tableName, schema, constraints }: SplitsRequest,
  split: Properties | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  if (split === undefined || definition.explain === undefined || !announces(context.identity, 'explain')) return {};
  const projected = project(schema, context.identity.configOptions[EXTENSIONS.explain] ?? '');
  return { explain: await definition.explain(context, { tableName, schema: projected, split, constraints }) };
}

function project(schema: Schema, announcement: string): Schema {
  if (!announcement.startsWith('[')) return schema;
  const names: unknown = JSON.parse(announcement);
  return Array.isArray(names) ? projectSchema(schema, names.map(String)) : schema;
}

/** The columns of these names, in their order. */
export function projectSchema(schema: Schema, names: readonly string[]): Schema {
  const fields = names.flatMap((name) => schema.fields.find((field) => field.name === name) ?? []);
  return new Schema(fields, schema.metadata);
}
