import type { Schema } from 'apache-arrow';
import type { Block } from './arrow.ts';
import type { Constraints } from './constraints.ts';

/** Trailing top-level members that this version does not know (section 1.1 rule 3). They survive decode and encode. */
export type ExtraMembers = Readonly<Record<string, unknown>>;

export interface TableName {
  readonly schemaName: string;
  readonly tableName: string;
}

/** Who asks (section 1.2). `configOptions` carries announcements such as `ergane.continuation=1`. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
  readonly configOptions: Readonly<Record<string, string>>;
}

interface Message<Type extends string> {
  readonly type: Type;
  readonly extra?: ExtraMembers;
}

interface MetadataRequest<Type extends string> extends Message<Type> {
  readonly identity: Identity;
  readonly queryId: string | null;
  readonly catalogName: string;
}

export type PingRequest = MetadataRequest<'PingRequest'>;
export interface PingResponse extends Message<'PingResponse'> {
  readonly catalogName: string;
  readonly queryId: string | null;
  readonly sourceType: string;
  readonly capabilities: number;
  readonly serDeVersion: number;
}

export type ListSchemasRequest = MetadataRequest<'ListSchemasRequest'>;
export interface ListSchemasResponse extends Message<'ListSchemasResponse'> {
  readonly catalogName: string;
  readonly schemas: readonly string[];
}

/** `pageSize` -1 asks for every table. */
export interface ListTablesRequest extends MetadataRequest<'ListTablesRequest'> {
  readonly schemaName: string;
  readonly nextToken: string | null;
  readonly pageSize: number;
}
export interface ListTablesResponse extends Message<'ListTablesResponse'> {
  readonly tables: readonly TableName[];
  readonly catalogName: string;
  readonly nextToken: string | null;
}

export interface GetTableRequest extends MetadataRequest<'GetTableRequest'> {
  readonly tableName: TableName;
  readonly queryPassthroughArguments: Readonly<Record<string, string>>;
}
export interface GetTableResponse extends Message<'GetTableResponse'> {
  readonly catalogName: string;
  readonly tableName: TableName;
  readonly schema: Schema;
  readonly partitionColumns: readonly string[];
}

export interface GetTableLayoutRequest extends MetadataRequest<'GetTableLayoutRequest'> {
  readonly tableName: TableName;
  readonly constraints: Constraints;
  readonly schema: Schema;
  readonly partitionColumns: readonly string[];
}
export interface GetTableLayoutResponse extends Message<'GetTableLayoutResponse'> {
  readonly catalogName: string;
  readonly tableName: TableName;
  readonly partitions: Block;
}

export interface GetSplitsRequest extends MetadataRequest<'GetSplitsRequest'> {
  readonly tableName: TableName;
  readonly partitions: Block;
  readonly partitionColumns: readonly string[];
  readonly constraints: Constraints;
  readonly continuationToken: string | null;
}
export interface GetSplitsResponse extends Message<'GetSplitsResponse'> {
  readonly catalogName: string;
  readonly splits: readonly Split[];
  readonly continuationToken: string | null;
}

export type GetDataSourceCapabilitiesRequest = MetadataRequest<'GetDataSourceCapabilitiesRequest'>;
export interface GetDataSourceCapabilitiesResponse extends Message<'GetDataSourceCapabilitiesResponse'> {
  readonly catalogName: string;
  readonly capabilities: Capabilities;
}
/** Capability name -> what of it the connector guarantees (section 3.5). */
export type Capabilities = Readonly<Record<string, readonly CapabilitySubType[]>>;
export interface CapabilitySubType {
  readonly subType: string;
  readonly properties: readonly string[];
}

export interface ReadRecordsRequest extends MetadataRequest<'ReadRecordsRequest'> {
  readonly tableName: TableName;
  /** The projected schema: only the columns that the query needs, the table's custom metadata kept. */
  readonly schema: Schema;
  readonly split: Split;
  readonly constraints: Constraints;
  /** bytes of Arrow buffers in one spilled block */
  readonly maxBlockSize: bigint;
  /** bytes of Arrow buffers in an inline answer */
  readonly maxInlineBlockSize: bigint;
}
export interface ReadRecordsResponse extends Message<'ReadRecordsResponse'> {
  readonly catalogName: string;
  readonly records: Block;
}
export interface RemoteReadRecordsResponse extends Message<'RemoteReadRecordsResponse'> {
  readonly catalogName: string;
  readonly schema: Schema;
  readonly remoteBlocks: readonly SpillLocation[];
  readonly encryptionKey: EncryptionKey | null;
}

export interface UserDefinedFunctionRequest extends Message<'UserDefinedFunctionRequest'> {
  readonly identity: Identity;
  readonly inputRecords: Block;
  readonly outputSchema: Schema;
  readonly methodName: string;
  readonly functionType: 'SCALAR';
}
export interface UserDefinedFunctionResponse extends Message<'UserDefinedFunctionResponse'> {
  readonly records: Block;
  readonly methodName: string;
}

/** One unit of work: one invocation reads it (section 4.3). `properties` mean something to the connector alone. */
export interface Split {
  readonly spillLocation: SpillLocation | null;
  readonly encryptionKey: EncryptionKey | null;
  readonly properties: Readonly<Record<string, string>>;
}
export interface SpillLocation {
  readonly type: 'S3SpillLocation';
  readonly bucket: string;
  readonly key: string;
  readonly directory: boolean;
}
/** AES-GCM: key of 16, 24 or 32 bytes, nonce of 12 bytes (section 5.3). */
export interface EncryptionKey {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
}

export type FederationRequest =
  | PingRequest
  | ListSchemasRequest
  | ListTablesRequest
  | GetTableRequest
  | GetTableLayoutRequest
  | GetSplitsRequest
  | GetDataSourceCapabilitiesRequest
  | ReadRecordsRequest
  | UserDefinedFunctionRequest;

export type FederationResponse =
  | PingResponse
  | ListSchemasResponse
  | ListTablesResponse
  | GetTableResponse
  | GetTableLayoutResponse
  | GetSplitsResponse
  | GetDataSourceCapabilitiesResponse
  | ReadRecordsResponse
  | RemoteReadRecordsResponse
  | UserDefinedFunctionResponse;

/** Encoding versions (section 1.3). Version 1 (Java beans) is not spoken. */
export type SerDeVersion = 2 | 3 | 4 | 5 | 6;
export const LATEST_SERDE_VERSION: SerDeVersion = 6;

/** The wire schema of the projected columns; a name for what `ReadRecordsRequest.schema` holds. */
export type ProjectedSchema = Schema;
