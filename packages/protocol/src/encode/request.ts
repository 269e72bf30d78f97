import { ErganeError } from '../errors.ts';
import type { FederationRequest, SerDeVersion } from '../messages.ts';
import type { Json } from './arrow-type.ts';
import { BlockWriter } from './block.ts';
import { assertNoPassthrough, encodeConstraints } from './constraints.ts';
import { encodeIdentity, encodeSplit, encodeTableName } from './parts.ts';
import { writePayload } from './write-payload.ts';

/**
 * A request in a version: the smaller of the caller's and the callee's own (see {@link negotiateVersion}).
 * @throws ErganeError NOT_SUPPORTED where the version cannot say what is asked
 */
export function encodeRequest(message: FederationRequest, version: SerDeVersion): Uint8Array {
  return writePayload(message, encodeBody(message, new BlockWriter(version)));
}

function encodeBody(message: FederationRequest, blocks: BlockWriter): Json {
  switch (message.type) {
    case 'PingRequest': {
      const { identity, catalogName, queryId } = message;
      return { identity: encodeIdentity(identity), catalogName, queryId };
    }
    case 'ListSchemasRequest':
      return prefix(message);
    case 'GetDataSourceCapabilitiesRequest':
      if (blocks.version < 4)
        throw new ErganeError(
          'NOT_SUPPORTED',
          `version ${blocks.version} of the federation protocol has no GetDataSourceCapabilitiesRequest: do not ask`,
        );
      return prefix(message);
    case 'ListTablesRequest': {
      const { schemaName, nextToken, pageSize } = message;
      return { ...prefix(message), schemaName, nextToken, pageSize };
    }
    case 'GetTableRequest': {
      const { queryPassthroughArguments } = message;
      if (blocks.version < 5) assertNoPassthrough(queryPassthroughArguments, blocks.version);
      return {
        ...prefix(message),
        tableName: encodeTableName(message.tableName),
        ...(blocks.version >= 5 && { queryPassthroughArguments }),
      };
    }
    case 'GetTableLayoutRequest':
    case 'GetSplitsRequest':
    case 'ReadRecordsRequest':
      return encodeScan(message, blocks);
    case 'UserDefinedFunctionRequest':
      return {
        identity: encodeIdentity(message.identity),
        inputRecords: blocks.block(message.inputRecords),
        outputSchema: blocks.schema(message.outputSchema),
        methodName: message.methodName,
        functionType: message.functionType,
      };
  }
}

type ScanRequest = Extract<FederationRequest, { readonly constraints: unknown }>;

function encodeScan(message: ScanRequest, blocks: BlockWriter): Json {
  const shared = { ...prefix(message), tableName: encodeTableName(message.tableName) };
  switch (message.type) {
    case 'GetTableLayoutRequest':
      return {
        ...shared,
        constraints: encodeConstraints(message.constraints, blocks),
        schema: blocks.schema(message.schema),
        partitionColumns: message.partitionColumns,
      };
    case 'GetSplitsRequest':
      return {
        ...shared,
        partitions: blocks.block(message.partitions),
        partitionColumns: message.partitionColumns,
        constraints: encodeConstraints(message.constraints, blocks),
        continuationToken: message.continuationToken,
      };
    case 'ReadRecordsRequest':
      return {
        ...shared,
        schema: blocks.schema(message.schema),
        split: encodeSplit(message.split),
        constraints: encodeConstraints(message.constraints, blocks),
        maxBlockSize: String(message.maxBlockSize),
        maxInlineBlockSize: String(message.maxInlineBlockSize),
      };
  }
}

/** What every metadata request begins with; a ping alone has the catalog before the query. */
function prefix(message: Extract<FederationRequest, { readonly queryId: unknown }>): Json {
  const { identity, queryId, catalogName } = message;
  return { identity: encodeIdentity(identity), queryId, catalogName };
}
