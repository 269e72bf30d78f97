import { encodeReadAhead, EXTENSIONS, parseReadAheadRequest } from '@ergane/protocol';
import type {
  GetSplitsResponse,
  GetTableLayoutRequest,
  GetTableLayoutResponse,
  ReadAhead,
  ReadRecordsRequest,
  SerDeVersion,
} from '@ergane/protocol';
import type { Call } from '../call.ts';
import { answerRead } from '../read/answer-read.ts';
import type { ReadOutcome } from '../read/answer-read.ts';
import { layoutResponse, prunePartitions } from './answer-layout.ts';
import { listPage, projectSchema } from './answer-splits.ts';
import { readPartitions, withoutProperties, withTableSchema } from './partitions-block.ts';

/** What must be left of an invocation's time to read in it too: a read gets all but what planning usually takes. */
const LEFT = 0.9;

/** A layout for a caller who announced `ergane.readAhead`, and a smaller one should it be too large. */
export interface LayoutOutcome {
  readonly answer: GetTableLayoutResponse;
  readonly smaller: () => Promise<GetTableLayoutResponse>;
}

/**
 * The layout with the first page of splits and, where that is a single split, its rows: one invocation instead of three. A read that
 * fails is the failure of this answer, since the caller would ask for just this read next.
 */
export async function readAhead(
  call: Call,
  request: GetTableLayoutRequest,
  version: SerDeVersion,
): Promise<LayoutOutcome> {
  const { budget } = call;
  const time = budget.remainingTimeMs();
  const block = await prunePartitions(call, request);
  const { tableName, schema, partitionColumns, constraints } = request;
  const partitions = readPartitions(block, partitionColumns);
  const wanted = { tableName, schema, partitionColumns, constraints, partitions };
  const splits = partitions.length === 0 ? noSplits(request) : await listPage(call, wanted, null);
  const isWhole = splits.continuationToken === null;
  const rest = isWhole ? withoutProperties(block) : withTableSchema(block, schema);
  const respond = (ahead: ReadAhead): GetTableLayoutResponse =>
    layoutResponse(request, rest, encodeReadAhead(ahead, version));
  const hasTime = budget.remainingTimeMs() >= time * LEFT;
  const outcome = isWhole && hasTime ? await readOnly(call, request, splits) : undefined;
  if (outcome === undefined)
    return {
      answer: respond({ splits }),
      smaller: () => Promise.resolve(layoutResponse(request, withTableSchema(block, schema))),
    };
  return {
    answer: respond({ splits, records: outcome.answer }),
    smaller: async () => respond({ splits, records: await outcome.spillInstead() }),
  };
}

function noSplits({ catalogName }: GetTableLayoutRequest): GetSplitsResponse {
  return { type: 'GetSplitsResponse', catalogName, splits: [], continuationToken: null };
}

/** The rows of the only split; undefined where there are more or none, or the caller wants splits alone. */
async function readOnly(
  call: Call,
  request: GetTableLayoutRequest,
  { splits }: GetSplitsResponse,
): Promise<ReadOutcome | undefined> {
  const [split] = splits;
  const announcement = request.identity.configOptions[EXTENSIONS.readAhead] ?? '';
  const asked = parseReadAheadRequest(announcement);
  if (split === undefined || splits.length > 1 || asked === undefined) return undefined;
  const { identity, queryId, catalogName, tableName, constraints } = request;
  const { columns, maxBlockSize, maxInlineBlockSize } = asked;
  const schema = projectSchema(request.schema, columns);
  const read: ReadRecordsRequest = {
    type: 'ReadRecordsRequest',
    ...{ identity, queryId, catalogName, tableName, schema, split, constraints, maxBlockSize, maxInlineBlockSize },
  };
  return answerRead(call, read);
}
