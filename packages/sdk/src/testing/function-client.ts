import {
  decodeFunctionError,
  decodeReadAhead,
  decodeRecordBatch,
  decodeResponse,
  decodeSplit,
  encodeRequest,
  ErganeError,
  EXTENSIONS,
  LATEST_SERDE_VERSION,
  NO_CONSTRAINTS,
  printReadAheadRequest,
} from '@ergane/protocol';
import type {
  Block,
  Constraints,
  Extension,
  FederationRequest,
  FederationResponse,
  GetTableResponse,
  Identity,
  Invoker,
  ReadRecordsResponse,
  RemoteReadRecordsResponse,
  SerDeVersion,
  Split,
  TableName,
} from '@ergane/protocol';
import { decryptSpill } from '@ergane/protocol/spill';
import type { ObjectStore } from '@ergane/storage';
import { Schema } from 'apache-arrow';
import type { RecordBatch } from 'apache-arrow';

export interface FunctionClientOptions {
  readonly invoker: Invoker;
  readonly functionName: string;
  /** where the function spills */
  readonly store: ObjectStore;
  readonly bucket: string;
  readonly catalogName?: string;
  readonly announce?: readonly Extension[];
  readonly version?: SerDeVersion;
}

export interface ReadOptions {
  readonly constraints?: Partial<Constraints>;
  /** default: all columns */
  readonly columns?: readonly string[];
  readonly maxBlockSize?: bigint;
  readonly maxInlineBlockSize?: bigint;
  readonly signal?: AbortSignal;
}

/** One invocation's answer to a read. */
export interface ReadAnswer {
  readonly batches: readonly RecordBatch[];
  readonly response: ReadRecordsResponse | RemoteReadRecordsResponse;
  readonly continuation: Split | undefined;
}

type Answers = { readonly [Type in FederationResponse['type']]: Extract<FederationResponse, { readonly type: Type }> };

/** A layout's answer to who announced `readAhead`. */
export interface LayoutAnswer {
  readonly partitions: Block;
  readonly splits: readonly Split[];
  readonly continuationToken: string | null;
  /** of the only split */
  readonly records: ReadAnswer | undefined;
}

/** A caller of one connector through the wire, as an engine is: for tests and benchmarks. */
export interface FunctionClient {
  readonly identity: Identity;
  send(message: FederationRequest, signal?: AbortSignal): Promise<FederationResponse>;
  ping(): Promise<Answers['PingResponse']>;
  listSchemas(): Promise<readonly string[]>;
  /** every page of `pageSize` */
  listTables(schemaName: string, pageSize?: number): Promise<readonly TableName[]>;
  getTable(
    tableName: TableName,
    queryPassthroughArguments?: Readonly<Record<string, string>>,
  ): Promise<GetTableResponse>;
  capabilities(): Promise<Answers['GetDataSourceCapabilitiesResponse']['capabilities']>;
  layout(table: GetTableResponse, options?: ReadOptions): Promise<Block>;
  /** every page */
  splits(table: GetTableResponse, options?: ReadOptions): Promise<readonly Split[]>;
  readSplit(table: GetTableResponse, split: Split, options?: ReadOptions): Promise<ReadAnswer>;
  /** With `readAhead` announced: a layout, the splits of its first page, and what reading the only split answers. */
  layoutAhead(table: GetTableResponse, options?: ReadOptions): Promise<LayoutAnswer>;
  /** layout, splits and every read, continued to the end; ahead where that is announced */
  readTable(table: GetTableResponse, options?: ReadOptions): Promise<readonly RecordBatch[]>;
}

const PLENTY = 16_000_000n;
const INLINE = 4_000_000n;

/** An error of the function is thrown as ErganeError with the function's code. */
export function makeFunctionClient(options: FunctionClientOptions): FunctionClient {
  const { catalogName = options.functionName, version = LATEST_SERDE_VERSION } = options;
  const configOptions = Object.fromEntries([
    ...(options.announce ?? []).map((extension) => [EXTENSIONS[extension], '1']),
    ['spill_bucket', options.bucket],
  ]);
  const identity: Identity = { account: '1', arn: 'arn', tags: {}, groups: [], configOptions };
  const caller = { identity, queryId: 'query', catalogName };
  const send = (message: FederationRequest, signal?: AbortSignal) =>
    invoke(options, encodeRequest(message, version), signal);
  const ask = async <Type extends keyof Answers>(
    type: Type,
    message: FederationRequest,
    signal?: AbortSignal,
  ): Promise<Answers[Type]> => expectType(type, await send(message, signal));

  const client: FunctionClient = {
    identity,
    send,
    ping: () => ask('PingResponse', { type: 'PingRequest', ...caller }),
    listSchemas: async () => (await ask('ListSchemasResponse', { type: 'ListSchemasRequest', ...caller })).schemas,
    async listTables(schemaName, pageSize = -1) {
      const tables: TableName[] = [];
      let nextToken: string | null = null;
      do {
        const request: FederationRequest = { type: 'ListTablesRequest', ...caller, schemaName, nextToken, pageSize };
        const page: Answers['ListTablesResponse'] = await ask('ListTablesResponse', request);
        tables.push(...page.tables);
        nextToken = page.tables.length === 0 ? null : page.nextToken;
      } while (nextToken !== null);
      return tables;
    },
    getTable: (tableName, queryPassthroughArguments = {}) =>
      ask('GetTableResponse', { type: 'GetTableRequest', ...caller, tableName, queryPassthroughArguments }),
    capabilities: async () =>
      (await ask('GetDataSourceCapabilitiesResponse', { type: 'GetDataSourceCapabilitiesRequest', ...caller }))
        .capabilities,
    async layout({ tableName, schema, partitionColumns }, { constraints, signal } = {}) {
      const request = {
        ...caller,
        tableName,
        schema,
        partitionColumns,
        constraints: { ...NO_CONSTRAINTS, ...constraints },
      };
      const answer = await ask('GetTableLayoutResponse', { type: 'GetTableLayoutRequest', ...request }, signal);
      return answer.partitions;
    },
    async splits(table, read = {}) {
      const { tableName, partitionColumns } = table;
      const partitions = await client.layout(table, read);
      if (partitions.batch.numRows === 0) return [];
      const constraints = { ...NO_CONSTRAINTS, ...read.constraints };
      const splits: Split[] = [];
      let continuationToken: string | null = null;
      do {
        const request = { ...caller, tableName, partitions, partitionColumns, constraints, continuationToken };
        const page: Answers['GetSplitsResponse'] = await ask(
          'GetSplitsResponse',
          { type: 'GetSplitsRequest', ...request },
          read.signal,
        );
        splits.push(...page.splits);
        continuationToken = page.continuationToken;
      } while (continuationToken !== null);
      return splits;
    },
    async readSplit({ tableName, schema }, split, read = {}) {
      const response = await send(
        {
          type: 'ReadRecordsRequest',
          ...caller,
          tableName,
          schema: project(schema, read.columns),
          split,
          constraints: { ...NO_CONSTRAINTS, ...read.constraints },
          maxBlockSize: read.maxBlockSize ?? PLENTY,
          maxInlineBlockSize: read.maxInlineBlockSize ?? INLINE,
        },
        read.signal,
      );
      return readAnswer(options, response);
    },
    async layoutAhead({ tableName, schema, partitionColumns }, { constraints, signal, ...read } = {}) {
      const announcement = printReadAheadRequest({
        columns: project(schema, read.columns).fields.map((field) => field.name),
        maxBlockSize: read.maxBlockSize ?? PLENTY,
        maxInlineBlockSize: read.maxInlineBlockSize ?? INLINE,
      });
      const request = {
        ...caller,
        identity: { ...identity, configOptions: { ...configOptions, [EXTENSIONS.readAhead]: announcement } },
        tableName,
        schema,
        partitionColumns,
        constraints: { ...NO_CONSTRAINTS, ...constraints },
      };
      const answer = await ask('GetTableLayoutResponse', { type: 'GetTableLayoutRequest', ...request }, signal);
      const ahead = decodeReadAhead(answer);
      if (ahead === undefined) throw new ErganeError('FUNCTION_RESPONSE_INVALID', 'the layout did not read ahead');
      const records = ahead.records && (await readAnswer(options, ahead.records));
      return { partitions: answer.partitions, ...ahead.splits, records };
    },
    async readTable(table, read = {}) {
      const batches: RecordBatch[] = [];
      const ahead = options.announce?.includes('readAhead') ? await client.layoutAhead(table, read) : undefined;
      let known = ahead?.records;
      const splits = ahead?.continuationToken === null ? ahead.splits : await client.splits(table, read);
      for (const first of splits)
        for (let split: Split | undefined = first; split !== undefined;) {
          const answer: ReadAnswer = known ?? (await client.readSplit(table, split, read));
          known = undefined;
          batches.push(...answer.batches);
          split = answer.continuation;
        }
      return batches;
    },
  };
  return client;
}

async function invoke(
  { invoker, functionName }: FunctionClientOptions,
  payload: Uint8Array,
  signal?: AbortSignal,
): Promise<FederationResponse> {
  const result = await invoker.invoke({ functionName, payload, ...(signal && { signal }) });
  if (result.functionError === undefined) return decodeResponse(result.payload);
  const { code = 'FUNCTION_FAILED', message, where } = decodeFunctionError(result.payload);
  throw new ErganeError(code, message, where && { where });
}

function expectType<Type extends keyof Answers>(type: Type, response: FederationResponse): Answers[Type] {
  if (isType(type, response)) return response;
  throw new ErganeError('FUNCTION_RESPONSE_INVALID', `${response.type} where ${type} was expected`);
}

function isType<Type extends keyof Answers>(type: Type, response: FederationResponse): response is Answers[Type] {
  return response.type === type;
}

async function readAnswer(options: FunctionClientOptions, response: FederationResponse): Promise<ReadAnswer> {
  if (response.type !== 'ReadRecordsResponse' && response.type !== 'RemoteReadRecordsResponse')
    throw new ErganeError('FUNCTION_RESPONSE_INVALID', `${response.type} where rows were expected`);
  const resumed = response.extra?.['continuation'];
  const continuation = resumed === undefined ? undefined : decodeSplit(resumed, 'continuation');
  if (response.type === 'ReadRecordsResponse') return { batches: [response.records.batch], response, continuation };
  const nonces = response.extra?.['nonces'];
  const { encryptionKey, schema, remoteBlocks } = response;
  const batches = remoteBlocks.map(async ({ bucket, key }, index) => {
    const bytes = await options.store.get(bucket, key);
    const nonce: unknown = Array.isArray(nonces) ? nonces[index] : undefined;
    const own = encryptionKey && {
      ...encryptionKey,
      ...(typeof nonce === 'string' && { nonce: Buffer.from(nonce, 'base64') }),
    };
    return decodeRecordBatch(own === null ? bytes : decryptSpill(bytes, own), schema);
  });
  return { batches: await Promise.all(batches), response, continuation };
}

/** The columns in their order in the table. */
export function project(schema: Schema, columns: readonly string[] | undefined): Schema {
  if (columns === undefined) return schema;
  const fields = schema.fields.filter((field) => columns.includes(field.name));
  return new Schema(fields, schema.metadata);
}
