import {
  decodeRequest,
  decodeResponse,
  encodeReadAhead,
  encodeRequest,
  encodeResponse,
  ErganeError,
  EXTENSIONS,
  parseReadAheadRequest,
} from '@ergane/protocol';
import type {
  FederationRequest,
  FederationResponse,
  GetTableLayoutRequest,
  Invocation,
  InvocationResult,
  Invoker,
  ReadAheadRequest,
  SerDeVersion,
  Split,
} from '@ergane/protocol';
import { Schema } from 'apache-arrow';

export interface ReadAheadSource extends Invoker {
  /** what the engine asked */
  readonly requests: FederationRequest[];
}

/** A source whose layouts read ahead, made of one that only answers what it is asked. */
export function withReadAhead(source: Invoker): ReadAheadSource {
  const requests: FederationRequest[] = [];
  return {
    requests,
    async invoke(invocation) {
      const { message, version } = decodeRequest(invocation.payload);
      requests.push(message);
      const result = await source.invoke(invocation);
      if (result.functionError !== undefined) return result;
      const response = decodeResponse(result.payload);
      if (message.type === 'PingRequest') return encode({ ...response, extra: { readAhead: true } }, version);
      if (message.type !== 'GetTableLayoutRequest' || response.type !== 'GetTableLayoutResponse') return result;
      return readOn(source, { ...invocation, message, response, version });
    },
  };
}

interface Layout extends Invocation {
  readonly message: GetTableLayoutRequest;
  readonly response: Extract<FederationResponse, { type: 'GetTableLayoutResponse' }>;
  readonly version: SerDeVersion;
}

async function readOn(source: Invoker, layout: Layout): Promise<InvocationResult> {
  const { message, response, version } = layout;
  const { partitions } = response;
  const shared = { ...message, partitions, continuationToken: null };
  const listed = await ask(source, layout, { ...shared, type: 'GetSplitsRequest' });
  if ('functionError' in listed) return listed;
  const { response: splits } = listed;
  if (splits.type !== 'GetSplitsResponse') throw new ErganeError('INTERNAL', splits.type);
  const [split] = splits.splits;
  const asked = parseReadAheadRequest(message.identity.configOptions[EXTENSIONS.readAhead] ?? '');
  if (!split || splits.splits.length > 1 || splits.continuationToken !== null || !asked)
    return encode({ ...response, extra: encodeReadAhead({ splits }, version) }, version);
  const read = await ask(source, layout, readRequest(message, asked, split));
  if ('functionError' in read) return read;
  const { response: records } = read;
  if (records.type !== 'ReadRecordsResponse' && records.type !== 'RemoteReadRecordsResponse')
    throw new ErganeError('INTERNAL', records.type);
  return encode({ ...response, extra: encodeReadAhead({ splits, records }, version) }, version);
}

function readRequest(message: GetTableLayoutRequest, asked: ReadAheadRequest, split: Split): FederationRequest {
  const fields = asked.columns.flatMap((name) => message.schema.fields.filter((field) => field.name === name));
  const { maxBlockSize, maxInlineBlockSize } = asked;
  const schema = new Schema(fields, message.schema.metadata);
  return { ...message, type: 'ReadRecordsRequest', schema, split, maxBlockSize, maxInlineBlockSize };
}

async function ask(
  source: Invoker,
  { functionName, signal, version }: Layout,
  request: FederationRequest,
): Promise<{ readonly response: FederationResponse } | (InvocationResult & { readonly functionError: 'Unhandled' })> {
  const result = await source.invoke({
    functionName,
    payload: encodeRequest(request, version),
    ...(signal && { signal }),
  });
  if (result.functionError !== undefined) return { ...result, functionError: 'Unhandled' };
  return { response: decodeResponse(result.payload) };
}

function encode(response: FederationResponse, version: SerDeVersion): InvocationResult {
  return { payload: encodeResponse(response, version) };
}
