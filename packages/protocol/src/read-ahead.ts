import { decodeNestedResponse } from './decode/response.ts';
import { JsonObject, readText } from './decode/json-object.ts';
import { encodeNestedResponse } from './encode/response.ts';
import { invalid } from './invalid.ts';
import type {
  ExtraMembers,
  GetSplitsResponse,
  GetTableLayoutResponse,
  ReadRecordsResponse,
  RemoteReadRecordsResponse,
  SerDeVersion,
} from './messages.ts';

/** What a layout's caller, who announces `ergane.readAhead`, will ask with ReadRecords: enough to answer it at once. */
export interface ReadAheadRequest {
  /** names of the columns of ReadRecordsRequest.schema, in its order */
  readonly columns: readonly string[];
  readonly maxBlockSize: bigint;
  readonly maxInlineBlockSize: bigint;
}

/**
 * What a layout answers beside its partitions: the first page of splits, as GetSplits without a token would answer it; and when this is
 * one split and all, what ReadRecords would answer for it. When the page is all, nobody needs the private columns of `partitions`, and
 * they may be left out.
 */
export interface ReadAhead {
  readonly splits: GetSplitsResponse;
  readonly records?: ReadRecordsResponse | RemoteReadRecordsResponse;
}

/** The value of the announcement. */
export function printReadAheadRequest({ columns, maxBlockSize, maxInlineBlockSize }: ReadAheadRequest): string {
  return JSON.stringify({
    columns,
    maxBlockSize: Number(maxBlockSize),
    maxInlineBlockSize: Number(maxInlineBlockSize),
  });
}

/** undefined: the caller wants splits alone. @throws ErganeError PROTOCOL_INVALID */
export function parseReadAheadRequest(announcement: string): ReadAheadRequest | undefined {
  if (!announcement.startsWith('{')) return undefined;
  const path = 'identity.configOptions["ergane.readAhead"]';
  const object = new JsonObject(parseJson(announcement, path), path);
  return {
    columns: object.array('columns', readText),
    maxBlockSize: BigInt(object.integer('maxBlockSize')),
    maxInlineBlockSize: BigInt(object.integer('maxInlineBlockSize')),
  };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw invalid(path, 'JSON', text, cause);
    throw cause;
  }
}

/** The member of GetTableLayoutResponse. */
export function encodeReadAhead({ splits, records }: ReadAhead, version: SerDeVersion): ExtraMembers {
  return {
    readAhead: {
      splits: encodeNestedResponse(splits, version),
      ...(records && { records: encodeNestedResponse(records, version) }),
    },
  };
}

/** undefined: the callee did not read ahead. @throws ErganeError PROTOCOL_INVALID */
export function decodeReadAhead({ extra }: GetTableLayoutResponse): ReadAhead | undefined {
  const member = extra?.['readAhead'];
  if (member === undefined || member === null) return undefined;
  const object = new JsonObject(member, 'GetTableLayoutResponse.readAhead');
  const splits = decodeNestedResponse(object.get('splits'), object.at('splits'));
  if (splits.type !== 'GetSplitsResponse') throw invalid(object.at('splits'), 'a GetSplitsResponse', splits.type);
  const records = object.optional('records', decodeNestedResponse);
  if (records === undefined) return { splits };
  if (splits.splits.length !== 1 || splits.continuationToken !== null)
    throw invalid(object.at('records'), 'nothing beside several splits', records.type);
  if (records.type !== 'ReadRecordsResponse' && records.type !== 'RemoteReadRecordsResponse')
    throw invalid(object.at('records'), 'an answer to ReadRecords', records.type);
  return { splits, records };
}
