import { encodeResponse, ErganeError, fromValueBlock, LATEST_SERDE_VERSION } from '@ergane/protocol';
import type {
  FederationRequest,
  FederationResponse,
  GetTableRequest,
  GetTableResponse,
  SerDeVersion,
} from '@ergane/protocol';
import { answerFunction } from './answer-function.ts';
import { announces } from './call.ts';
import type { Call } from './call.ts';
import { answerLayout } from './metadata/answer-layout.ts';
import { answerSplits } from './metadata/answer-splits.ts';
import { answerListTables } from './metadata/list-tables.ts';
import { answerPassthroughTable, isPassthrough, takesNativeQueries, withPassthrough } from './metadata/passthrough.ts';
import { readAhead } from './metadata/read-ahead.ts';
import { answerRead } from './read/answer-read.ts';
import { assertSupportedTypes } from './supported-types.ts';

/** `FederationCapabilities.CAPABILITIES` of AWS's SDK (section 1.3). */
const CAPABILITIES = 24;
/** Lambda's limit of an answer. */
const LARGEST_ANSWER = 6_291_456;

/** The answer to a message, encoded. */
export async function answer(call: Call, message: FederationRequest, version: SerDeVersion): Promise<Uint8Array> {
  const { answer: response, smaller } = await answerMessage(call, withRanges(message), version);
  const payload = encodeResponse(response, version);
  if (payload.length <= LARGEST_ANSWER || smaller === undefined) return checkSize(payload, call);
  return checkSize(encodeResponse(await smaller(), version), call);
}

/** An answer, and what to answer instead should it be too large. */
interface Outcome {
  readonly answer: FederationResponse;
  readonly smaller?: () => Promise<FederationResponse>;
}

async function answerMessage(call: Call, message: FederationRequest, version: SerDeVersion): Promise<Outcome> {
  if (message.type === 'ReadRecordsRequest') {
    const { answer: response, spillInstead } = await answerRead(call, message);
    return { answer: response, smaller: spillInstead };
  }
  if (message.type === 'GetTableLayoutRequest' && announces(call.context.identity, 'readAhead'))
    return readAhead(call, message, version);
  return { answer: await answerMetadata(call, message) };
}

/** Lists of values are ranges to connectors, in whichever form they came. */
function withRanges(request: FederationRequest): FederationRequest {
  if (!('constraints' in request)) return request;
  const { constraints } = request;
  const summary = Object.entries(constraints.summary).map(([name, set]) => [name, fromValueBlock(set)] as const);
  return { ...request, constraints: { ...constraints, summary: Object.fromEntries(summary) } };
}

type MetadataRequest = Exclude<FederationRequest, { readonly type: 'ReadRecordsRequest' }>;

async function answerMetadata(call: Call, message: MetadataRequest): Promise<FederationResponse> {
  const { definition, context } = call;
  switch (message.type) {
    case 'PingRequest':
      return {
        type: 'PingResponse',
        catalogName: message.catalogName,
        queryId: message.queryId,
        sourceType: definition.name,
        capabilities: CAPABILITIES,
        serDeVersion: LATEST_SERDE_VERSION,
        ...(announces(context.identity, 'readAhead') && { extra: { readAhead: true } }),
      };
    case 'ListSchemasRequest': {
      const schemas = await definition.listSchemas(context);
      return { type: 'ListSchemasResponse', catalogName: message.catalogName, schemas };
    }
    case 'ListTablesRequest':
      return answerListTables(call, message);
    case 'GetTableRequest':
      return isPassthrough(message) ? answerPassthroughTable(call, message) : answerTable(call, message);
    case 'GetDataSourceCapabilitiesRequest': {
      const capabilities = withPassthrough((await definition.capabilities?.(context)) ?? {}, call);
      return { type: 'GetDataSourceCapabilitiesResponse', catalogName: message.catalogName, capabilities };
    }
    case 'GetTableLayoutRequest':
      return answerLayout(call, message);
    case 'GetSplitsRequest':
      return answerSplits(call, message);
    case 'UserDefinedFunctionRequest':
      return answerFunction(call, message);
  }
}

async function answerTable(call: Call, request: GetTableRequest): Promise<GetTableResponse> {
  const { instance, context } = call;
  const table = await instance.resolution.describeTable(context, request.tableName);
  assertSupportedTypes(table, context.catalogName);
  const { tableName, schema, partitionColumns = [], statistics, inference, sql } = table;
  const extra = {
    ...(statistics !== undefined && announces(context.identity, 'statistics') && { statistics }),
    ...(announces(context.identity, 'valueBlocks') && { valueBlocks: true }),
    ...(inference !== undefined && announces(context.identity, 'inference') && { inference }),
    ...(sql !== undefined && takesNativeQueries(call) && announces(context.identity, 'sql') && { sql }),
  };
  return { type: 'GetTableResponse', catalogName: request.catalogName, tableName, schema, partitionColumns, extra };
}

function checkSize(payload: Uint8Array, { invocation }: Call): Uint8Array {
  if (payload.length <= LARGEST_ANSWER) return payload;
  throw new ErganeError(
    'FUNCTION_PAYLOAD_TOO_LARGE',
    `the answer of ${invocation.functionName} has ${payload.length} bytes, and Lambda takes ${LARGEST_ANSWER}: ask for fewer columns, tables or partitions`,
    { where: { function: invocation.functionName } },
  );
}
