import type { Block, ExtraMembers, GetTableLayoutRequest, GetTableLayoutResponse } from '@ergane/protocol';
import { ErganeError } from '@ergane/protocol';
import type { Call } from '../call.ts';
import type { Partition } from '../connector.ts';
import { compileFilter } from '../rows/filter-rows.ts';
import { gatherRows } from '../rows/gather-rows.ts';
import { isPassthrough } from './passthrough.ts';
import { makePartitionsBlock, withTableSchema } from './partitions-block.ts';

/** Bytes of private properties and values that still fit an answer of 6 MB. */
const LARGEST = 3_000_000;

/** The partitions that the constraints leave; those that the connector did not prune are pruned here (section 4.2). */
export async function answerLayout(call: Call, request: GetTableLayoutRequest): Promise<GetTableLayoutResponse> {
  return layoutResponse(request, withTableSchema(await prunePartitions(call, request), request.schema));
}

export function layoutResponse(
  { catalogName, tableName }: GetTableLayoutRequest,
  partitions: Block,
  extra?: ExtraMembers,
): GetTableLayoutResponse {
  return { type: 'GetTableLayoutResponse', catalogName, tableName, partitions, ...(extra && { extra }) };
}

export async function prunePartitions(call: Call, request: GetTableLayoutRequest): Promise<Block> {
  const partitions = await collectPartitions(call, request);
  const { schema, batch } = makePartitionsBlock(request, partitions);
  const filter = compileFilter(schema, request.constraints.summary);
  return { schema, batch: gatherRows(schema, [{ batch, ranges: filter.select(batch) }]) };
}

async function collectPartitions(call: Call, request: GetTableLayoutRequest): Promise<Partition[]> {
  const { definition, context, budget } = call;
  const { tableName, schema, partitionColumns, constraints } = request;
  if (definition.layout === undefined || isPassthrough(constraints)) return [{}];
  const partitions: Partition[] = [];
  let size = 0;
  for await (const partition of definition.layout(context, { tableName, schema, partitionColumns, constraints })) {
    budget.signal.throwIfAborted();
    partitions.push(partition);
    size += JSON.stringify(partition.properties ?? {}).length + 16;
    if (size > LARGEST) throw tooMany(request, partitions.length);
  }
  return partitions;
}

function tooMany({ tableName, catalogName, partitionColumns }: GetTableLayoutRequest, count: number): ErganeError {
  const table = `${catalogName}.${tableName.schemaName}.${tableName.tableName}`;
  const advice = partitionColumns.length > 0 ? `filter by ${partitionColumns.join(' or ')}` : 'use fewer partitions';
  return new ErganeError(
    'FUNCTION_PAYLOAD_TOO_LARGE',
    `${table} has more than ${count} partitions, which do not fit one answer of 6 MB: ${advice}`,
    { where: { catalog: catalogName, schema: tableName.schemaName, table: tableName.tableName } },
  );
}
