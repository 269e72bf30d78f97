import type { ReadRecordsRequest, ReadRecordsResponse, RemoteReadRecordsResponse } from '@ergane/protocol';
import { ErganeError } from '@ergane/protocol';
import { splitTooLarge } from '../budget.ts';
import { announces } from '../call.ts';
import type { Call } from '../call.ts';
import type { Properties } from '../connector.ts';
import { compileFilter } from '../rows/filter-rows.ts';
import type { RowFilter } from '../rows/filter-rows.ts';
import { countRows, firstRows } from '../rows/row-ranges.ts';
import { abortable } from './abortable.ts';
import { makeBlockSink } from './block-sink.ts';
import type { BlockSink } from './block-sink.ts';
import { checkBatch } from './check-batch.ts';
import { continuationMember, noncesMember } from './read-members.ts';
import { readBlockSizes, readSpillHeaders, readUploads } from './read-settings.ts';
import { makeReadStatistics } from './read-statistics.ts';
import type { ReadStatistics } from './read-statistics.ts';
import { openSpillWriter } from './spill-writer.ts';
import type { SpillWriter } from './spill-writer.ts';

type ReadAnswer = ReadRecordsResponse | RemoteReadRecordsResponse;

/** An answer, and how to give it spilled after all, should it be too large for the wire. */
export interface ReadOutcome {
  readonly answer: ReadAnswer;
  spillInstead(): Promise<ReadAnswer>;
}

/** Reads one split: checks, filters, cuts at the limit and the budget, and answers inline or spilled (section 5). */
export async function answerRead(call: Call, request: ReadRecordsRequest): Promise<ReadOutcome> {
  const spill = openSpill(call, request);
  const sink = makeBlockSink(request.schema, readBlockSizes(request, call.invocation.environment), spill);
  const statistics = makeReadStatistics();
  try {
    const resume = await readSplit(call, request, { sink, statistics });
    const members = (nonces: readonly Uint8Array[]) => ({
      ...continuationMember(call, resume),
      ...noncesMember(call, nonces),
      ...(announces(call.context.identity, 'readStatistics') && { readStatistics: statistics.finish(spill.bytes) }),
    });
    const remote = async (
      spilled: Promise<{ blocks: RemoteReadRecordsResponse['remoteBlocks']; nonces: readonly Uint8Array[] }>,
    ) => {
      const { blocks, nonces } = await spilled;
      return makeRemoteAnswer(request, blocks, members(nonces));
    };
    const outcome = await sink.finish();
    if ('spilled' in outcome) {
      const answer = await remote(Promise.resolve(outcome.spilled));
      return { answer, spillInstead: () => Promise.resolve(answer) };
    }
    const { catalogName, schema } = request;
    const records = { schema, batch: outcome.inline };
    const answer: ReadAnswer = { type: 'ReadRecordsResponse', catalogName, records, extra: members([]) };
    return { answer, spillInstead: () => remote(sink.finishSpilled()) };
  } catch (error) {
    await abandon(spill, call);
    throw error;
  }
}

function makeRemoteAnswer(
  { catalogName, schema, split }: ReadRecordsRequest,
  remoteBlocks: RemoteReadRecordsResponse['remoteBlocks'],
  extra: Readonly<Record<string, unknown>>,
): RemoteReadRecordsResponse {
  return {
    type: 'RemoteReadRecordsResponse',
    catalogName,
    schema,
    remoteBlocks,
    encryptionKey: split.encryptionKey,
    extra,
  };
}

/** Reads to the end, the limit, or where it must be continued: the answer is the split that resumes. */
async function readSplit(
  call: Call,
  request: ReadRecordsRequest,
  into: { readonly sink: BlockSink; readonly statistics: ReadStatistics },
): Promise<Properties | undefined> {
  const { definition, context, budget, invocation } = call;
  const { tableName, schema, split, constraints } = request;
  const table = `${context.catalogName}.${tableName.schemaName}.${tableName.tableName}`;
  const filter = compileFilter(schema, constraints.summary);
  const mayContinue = announces(context.identity, 'continuation');
  let wanted = readLimit(request, filter);
  if (wanted === 0) return undefined;
  const source = definition.read(context, { tableName, schema, split: split.properties, constraints });
  for await (const item of abortable(source, budget.signal)) {
    checkBatch(item.batch, schema, table);
    const rows = firstRows(filter.select(item.batch), wanted);
    const count = countRows(rows);
    into.statistics.add(item, count);
    await into.sink.add(item.batch, rows, () => item.release?.());
    wanted -= count;
    if (wanted <= 0) return undefined;
    if (mayContinue && item.resume !== undefined && budget.shortage(into.sink.bytes) !== undefined) return item.resume;
    const exhausted = budget.exhaustion(into.sink.bytes, mayContinue);
    if (exhausted !== undefined) throw splitTooLarge(exhausted, invocation);
  }
  return undefined;
}

/** Rows after which nobody wants more: the limit, when all that comes before it in the query is checked here. */
function readLimit({ constraints }: ReadRecordsRequest, filter: RowFilter): number {
  const { limit, orderByClause, expression, queryPlan } = constraints;
  const exact =
    orderByClause.length === 0 && expression.length === 0 && queryPlan === null && filter.unchecked.length === 0;
  return limit >= 0 && exact ? limit : Infinity;
}

function openSpill({ instance, invocation, budget, context }: Call, { split }: ReadRecordsRequest): SpillWriter {
  const { environment } = invocation;
  const location = split.spillLocation;
  if (location === null)
    throw new ErganeError('PROTOCOL_INVALID', 'ReadRecordsRequest.split.spillLocation is null: a read needs one');
  return openSpillWriter({
    openStore: instance.openSpillStore,
    location,
    encryptionKey: split.encryptionKey,
    blockNonces: split.encryptionKey !== null && announces(context.identity, 'blockNonces'),
    headers: readSpillHeaders(environment),
    uploads: readUploads(environment),
    signal: budget.signal,
  });
}

/** The read's own error matters; that its spill stays is only logged. */
async function abandon(spill: SpillWriter, call: Call): Promise<void> {
  try {
    await spill.abandon();
  } catch (error) {
    call.context.log(`spilled blocks of a failed read stay: ${error instanceof Error ? error.message : String(error)}`);
  }
}
