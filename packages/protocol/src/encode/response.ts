import type { FederationResponse, SerDeVersion } from '../messages.ts';
import type { Json } from './arrow-type.ts';
import { BlockWriter } from './block.ts';
import { encodeEncryptionKey, encodeSpillLocation, encodeSplit, encodeTableName } from './parts.ts';
import { messageObject, writePayload } from './write-payload.ts';

/** A response in the version of its request, which decides the Arrow framing alone (section 1.3). */
export function encodeResponse(message: FederationResponse, version: SerDeVersion): Uint8Array {
  return writePayload(message, encodeBody(message, new BlockWriter(version)));
}

/** A response as a member of another one. */
export function encodeNestedResponse(message: FederationResponse, version: SerDeVersion): Json {
  return messageObject(message, encodeBody(message, new BlockWriter(version)));
}

function encodeBody(message: FederationResponse, blocks: BlockWriter): Json {
  switch (message.type) {
    case 'PingResponse': {
      const { catalogName, queryId, sourceType, capabilities, serDeVersion } = message;
      return { catalogName, queryId, sourceType, capabilities, serDeVersion };
    }
    case 'ListSchemasResponse':
      return { catalogName: message.catalogName, schemas: message.schemas };
    case 'ListTablesResponse': {
      const { tables, catalogName, nextToken } = message;
      return { tables: tables.map(encodeTableName), catalogName, nextToken };
    }
    case 'GetTableResponse':
      return {
        catalogName: message.catalogName,
        tableName: encodeTableName(message.tableName),
        schema: blocks.schema(message.schema),
        partitionColumns: message.partitionColumns,
      };
    case 'GetTableLayoutResponse':
      return {
        catalogName: message.catalogName,
        tableName: encodeTableName(message.tableName),
        partitions: blocks.block(message.partitions),
      };
    case 'GetSplitsResponse': {
      const { catalogName, splits, continuationToken } = message;
      return { catalogName, splits: splits.map(encodeSplit), continuationToken };
    }
    case 'GetDataSourceCapabilitiesResponse':
      return { catalogName: message.catalogName, capabilities: message.capabilities };
    case 'ReadRecordsResponse':
      return { catalogName: message.catalogName, records: blocks.block(message.records) };
    case 'RemoteReadRecordsResponse':
      return {
        catalogName: message.catalogName,
        schema: blocks.schema(message.schema),
        remoteBlocks: message.remoteBlocks.map(encodeSpillLocation),
        encryptionKey: encodeEncryptionKey(message.encryptionKey),
      };
    case 'UserDefinedFunctionResponse':
      return { records: blocks.block(message.records), methodName: message.methodName };
  }
}
