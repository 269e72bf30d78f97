import { invalid } from '../invalid.ts';
import type { FederationRequest, SerDeVersion } from '../messages.ts';
import { BlockReader } from './block.ts';
import { decodeConstraints } from './constraints.ts';
import { type JsonObject, readInteger, readMap, readText } from './json-object.ts';
import { parsePayload } from './parse-payload.ts';
import { decodeIdentity, decodeSplit, decodeTableName } from './parts.ts';

export interface DecodedRequest {
  readonly message: FederationRequest;
  /** in which to answer */
  readonly version: SerDeVersion;
}

/**
 * A request of any version, and the version as AWS's callee would find it: by the members that only it has, else 6 (section 1.3). A
 * schema in legacy framing means version 2, whose caller then gets its own framing back.
 * @throws ErganeError PROTOCOL_INVALID that names the message and the member
 */
export function decodeRequest(payload: Uint8Array): DecodedRequest {
  const { type, object } = parsePayload(payload, 'request');
  const blocks = new BlockReader();
  const body = decodeBody(type, object, blocks);
  const extra = object.rest();
  const message = extra === undefined ? body : { ...body, extra };
  return { message, version: blocks.legacy ? 2 : sniffVersion(type, object) };
}

function decodeBody(type: string, object: JsonObject, blocks: BlockReader): FederationRequest {
  switch (type) {
    case 'PingRequest':
    case 'ListSchemasRequest':
    case 'GetDataSourceCapabilitiesRequest':
      return { type, ...prefix(object) };
    case 'ListTablesRequest':
      return {
        type,
        ...prefix(object),
        schemaName: object.text('schemaName'),
        nextToken: object.textOrNull('nextToken'),
        pageSize: object.optional('pageSize', readInteger) ?? -1,
      };
    case 'GetTableRequest':
      return {
        type,
        ...prefix(object),
        tableName: decodeTableName(object.get('tableName'), object.at('tableName')),
        queryPassthroughArguments:
          object.optional('queryPassthroughArguments', (value, path) => readMap(value, path, readText)) ?? {},
      };
    case 'GetTableLayoutRequest':
      return {
        type,
        ...prefix(object),
        tableName: decodeTableName(object.get('tableName'), object.at('tableName')),
        constraints: decodeConstraints(object.object('constraints'), blocks),
        schema: blocks.schema(object.get('schema'), object.at('schema')),
        partitionColumns: object.texts('partitionColumns'),
      };
    case 'GetSplitsRequest':
      return {
        type,
        ...prefix(object),
        tableName: decodeTableName(object.get('tableName'), object.at('tableName')),
        partitions: blocks.block(object.get('partitions'), object.at('partitions')),
        partitionColumns: object.texts('partitionColumns'),
        constraints: decodeConstraints(object.object('constraints'), blocks),
        continuationToken: object.textOrNull('continuationToken'),
      };
    case 'ReadRecordsRequest':
      return {
        type,
        ...prefix(object),
        tableName: decodeTableName(object.get('tableName'), object.at('tableName')),
        schema: blocks.schema(object.get('schema'), object.at('schema')),
        split: decodeSplit(object.get('split'), object.at('split')),
        constraints: decodeConstraints(object.object('constraints'), blocks),
        maxBlockSize: size(object, 'maxBlockSize'),
        maxInlineBlockSize: size(object, 'maxInlineBlockSize'),
      };
    case 'UserDefinedFunctionRequest':
      return {
        type,
        identity: decodeIdentity(object.get('identity'), object.at('identity')),
        inputRecords: blocks.block(object.get('inputRecords'), object.at('inputRecords')),
        outputSchema: blocks.schema(object.get('outputSchema'), object.at('outputSchema')),
        methodName: object.text('methodName'),
        functionType: object.word('functionType', ['SCALAR']),
      };
    default:
      throw invalid('request.@type', 'a request of the federation protocol', type);
  }
}

function prefix(object: JsonObject) {
  return {
    identity: decodeIdentity(object.get('identity'), object.at('identity')),
    queryId: object.textOrNull('queryId'),
    catalogName: object.text('catalogName'),
  };
}

/** A 64-bit number as a decimal string; a JSON number is taken too (section 1.4). */
function size(object: JsonObject, name: string): bigint {
  const value = object.get(name);
  if (typeof value === 'string' && /^\d{1,19}$/.test(value)) return BigInt(value);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  throw invalid(object.at(name), 'a number of bytes, as a string', value);
}

function sniffVersion(type: string, object: JsonObject): SerDeVersion {
  if (type === 'GetTableRequest') return object.has('queryPassthroughArguments') ? 6 : 4;
  if (!object.has('constraints')) return 6;
  const constraints = object.object('constraints');
  if (constraints.has('queryPlan')) return 6;
  if (constraints.has('queryPassthroughArguments')) return 5;
  return constraints.has('expression') ? 4 : 3;
}
