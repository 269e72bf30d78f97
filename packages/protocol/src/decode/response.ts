import { invalid } from '../invalid.ts';
import type { CapabilitySubType, FederationResponse } from '../messages.ts';
import { BlockReader } from './block.ts';
import { JsonObject, readArray } from './json-object.ts';
import { parsePayload } from './parse-payload.ts';
import { decodeEncryptionKey, decodeSpillLocation, decodeSplit, decodeTableName } from './parts.ts';

/**
 * A response of any version and framing. Members that are not known, such as those of extensions, are kept in `extra`.
 * @throws ErganeError PROTOCOL_INVALID that names the message and the member
 */
export function decodeResponse(payload: Uint8Array): FederationResponse {
  return decodeMessage(parsePayload(payload, 'response'));
}

/** A response that is a member of another one. @throws ErganeError PROTOCOL_INVALID */
export function decodeNestedResponse(value: unknown, path: string): FederationResponse {
  const object = new JsonObject(value, path);
  return decodeMessage({ type: object.text('@type'), object });
}

function decodeMessage({ type, object }: ReturnType<typeof parsePayload>): FederationResponse {
  const body = decodeBody(type, object);
  const extra = object.rest();
  return extra === undefined ? body : { ...body, extra };
}

function decodeBody(type: string, object: JsonObject): FederationResponse {
  const blocks = new BlockReader();
  switch (type) {
    case 'PingResponse':
      return {
        type,
        catalogName: object.text('catalogName'),
        queryId: object.textOrNull('queryId'),
        sourceType: object.text('sourceType'),
        capabilities: object.integer('capabilities'),
        serDeVersion: object.has('serDeVersion') ? object.integer('serDeVersion') : 0,
      };
    case 'ListSchemasResponse':
      return { type, catalogName: object.text('catalogName'), schemas: object.texts('schemas') };
    case 'ListTablesResponse':
      return {
        type,
        tables: object.array('tables', decodeTableName),
        catalogName: object.text('catalogName'),
        nextToken: object.textOrNull('nextToken'),
      };
    case 'GetTableResponse':
      return {
        type,
        catalogName: object.text('catalogName'),
        tableName: decodeTableName(object.get('tableName'), object.at('tableName')),
        schema: blocks.schema(object.get('schema'), object.at('schema')),
        partitionColumns: object.texts('partitionColumns'),
      };
    case 'GetTableLayoutResponse':
      return {
        type,
        catalogName: object.text('catalogName'),
        tableName: decodeTableName(object.get('tableName'), object.at('tableName')),
        partitions: blocks.block(object.get('partitions'), object.at('partitions')),
      };
    case 'GetSplitsResponse':
      return {
        type,
        catalogName: object.text('catalogName'),
        splits: object.array('splits', decodeSplit),
        continuationToken: object.textOrNull('continuationToken'),
      };
    case 'GetDataSourceCapabilitiesResponse':
      return {
        type,
        catalogName: object.text('catalogName'),
        capabilities: object.map('capabilities', (value, path) => readArray(value, path, decodeSubType)),
      };
    default:
      return decodeRecords(type, object, blocks);
  }
}

function decodeRecords(type: string, object: JsonObject, blocks: BlockReader): FederationResponse {
  switch (type) {
    case 'ReadRecordsResponse':
      return {
        type,
        catalogName: object.text('catalogName'),
        records: blocks.block(object.get('records'), object.at('records')),
      };
    case 'RemoteReadRecordsResponse':
      return {
        type,
        catalogName: object.text('catalogName'),
        schema: blocks.schema(object.get('schema'), object.at('schema')),
        remoteBlocks: object.array('remoteBlocks', decodeSpillLocation),
        encryptionKey: object.optional('encryptionKey', decodeEncryptionKey) ?? null,
      };
    case 'UserDefinedFunctionResponse':
      return {
        type,
        records: blocks.block(object.get('records'), object.at('records')),
        methodName: object.text('methodName'),
      };
    default:
      throw invalid('response.@type', 'a response of the federation protocol', type);
  }
}

function decodeSubType(value: unknown, path: string): CapabilitySubType {
  const subType = new JsonObject(value, path);
  return { subType: subType.text('subType'), properties: subType.texts('properties') };
}
