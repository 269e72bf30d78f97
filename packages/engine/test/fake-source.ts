import { randomUUID } from 'node:crypto';
import {
  decodeRequest,
  encodeFunctionError,
  encodeRecordBatch,
  encodeResponse,
  ErganeError,
  blockByteLength,
  makeBatch,
  readValue,
  valueSetContains,
  columnOfValues,
} from '@ergane/protocol';
import type {
  Capabilities,
  FederationRequest,
  FederationResponse,
  InvocationResult,
  Invoker,
  ReadRecordsRequest,
  Value,
  Invocation,
} from '@ergane/protocol';
import { encryptSpill, makeEncryptionKey } from '@ergane/protocol/spill';
import type { ObjectStore } from '@ergane/storage';
import { Field, Int32, Schema } from 'apache-arrow';
import type { DataType, RecordBatch } from 'apache-arrow';

/** A table in memory: rows of each split in batches, made when they are read. */
export interface FakeTable {
  readonly schema: Schema;
  readonly splits: number;
  readonly batches: (split: number) => Iterable<RecordBatch>;
  readonly rowCount?: number;
}

export interface FakeOptions {
  readonly store: ObjectStore;
  readonly tables: Readonly<Record<string, FakeTable>>;
  readonly capabilities?: Capabilities;
  /** whether reads leave out what the constraints exclude, as the SDK does */
  readonly filters?: boolean;
  /** spills blocks above this many bytes; default: as the request says */
  readonly inlineLimit?: number;
  readonly encrypt?: boolean;
  /** sees every request first; what it answers is the function's answer */
  readonly intercept?: (
    request: FederationRequest,
    invocation: Invocation,
  ) => Promise<InvocationResult | undefined> | InvocationResult | undefined;
}

export interface FakeSource extends Invoker {
  readonly requests: FederationRequest[];
  /** rows that reads gave away */
  rowsRead: number;
  /** reads that run */
  reading: number;
}

/** A function that speaks the protocol, in this process, over tables in memory. */
export function makeFakeSource(options: FakeOptions): FakeSource {
  const source: FakeSource = {
    requests: [],
    rowsRead: 0,
    reading: 0,
    async invoke(invocation) {
      const { message, version } = decodeRequest(invocation.payload);
      source.requests.push(message);
      const intercepted = await options.intercept?.(message, invocation);
      if (intercepted) return intercepted;
      try {
        const response = await answer(message, { options, source, signal: invocation.signal });
        return { payload: encodeResponse(response, version) };
      } catch (error) {
        return { payload: Buffer.from(JSON.stringify(encodeFunctionError(error))), functionError: 'Unhandled' };
      }
    },
  };
  return source;
}

interface Call {
  readonly options: FakeOptions;
  readonly source: FakeSource;
  readonly signal: AbortSignal | undefined;
}

async function answer(request: FederationRequest, call: Call): Promise<FederationResponse> {
  const { options } = call;
  switch (request.type) {
    case 'PingRequest':
      return {
        type: 'PingResponse',
        catalogName: request.catalogName,
        queryId: request.queryId,
        sourceType: 'fake',
        capabilities: 24,
        serDeVersion: 6,
      };
    case 'GetDataSourceCapabilitiesRequest':
      return {
        type: 'GetDataSourceCapabilitiesResponse',
        catalogName: request.catalogName,
        capabilities: options.capabilities ?? {},
      };
    case 'ListSchemasRequest':
      return { type: 'ListSchemasResponse', catalogName: request.catalogName, schemas: ['s'] };
    case 'ListTablesRequest':
      return {
        type: 'ListTablesResponse',
        catalogName: request.catalogName,
        tables: Object.keys(options.tables).map((tableName) => ({ schemaName: 's', tableName })),
        nextToken: null,
      };
    case 'GetTableRequest': {
      const table = findTable(request.tableName.tableName, options);
      const extra = table.rowCount === undefined ? {} : { statistics: { rowCount: table.rowCount } };
      return {
        type: 'GetTableResponse',
        catalogName: request.catalogName,
        tableName: request.tableName,
        schema: table.schema,
        partitionColumns: [],
        extra,
      };
    }
    case 'GetTableLayoutRequest': {
      const schema = new Schema([new Field('partitionId', new Int32(), true)]);
      const batch = makeBatch(schema, 1, [columnOfValues(new Int32(), [1])]);
      return {
        type: 'GetTableLayoutResponse',
        catalogName: request.catalogName,
        tableName: request.tableName,
        partitions: { schema, batch },
      };
    }
    case 'GetSplitsRequest': {
      const table = findTable(request.tableName.tableName, options);
      const { spill_bucket: bucket = '', spill_prefix: prefix = '' } = request.identity.configOptions;
      const from = Number(request.continuationToken ?? 0);
      const end = Math.min(from + 4, table.splits);
      return {
        type: 'GetSplitsResponse',
        catalogName: request.catalogName,
        splits: Array.from({ length: end - from }, (_, index) => ({
          spillLocation: {
            type: 'S3SpillLocation',
            bucket,
            key: `${prefix}/${request.queryId}/${randomUUID()}`,
            directory: true,
          } as const,
          encryptionKey: options.encrypt === false ? null : makeEncryptionKey(),
          properties: { split: String(from + index) },
        })),
        continuationToken: end < table.splits ? String(end) : null,
      };
    }
    case 'ReadRecordsRequest':
      call.source.reading++;
      try {
        return await read(request, call);
      } finally {
        call.source.reading--;
      }
    case 'UserDefinedFunctionRequest':
      throw new ErganeError('NOT_SUPPORTED', request.type);
  }
}

function findTable(name: string, { tables }: FakeOptions): FakeTable {
  const table = tables[name];
  if (!table)
    throw new ErganeError('TABLE_NOT_FOUND', `table s.${name} does not exist`, { where: { schema: 's', table: name } });
  return table;
}

async function read(request: ReadRecordsRequest, { options, source, signal }: Call): Promise<FederationResponse> {
  const table = findTable(request.tableName.tableName, options);
  const blocks: RecordBatch[] = [];
  for (const whole of table.batches(Number(request.split.properties['split']))) {
    // lets cancellation through, as a real source's input would
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) throw new ErganeError('QUERY_CANCELLED', 'cancelled');
    const batch = project(options.filters ? filter(whole, request) : whole, request.schema);
    source.rowsRead += batch.numRows;
    if (batch.numRows > 0) blocks.push(batch);
  }
  const bytes = blocks.reduce((sum, block) => sum + blockByteLength(block), 0);
  const [only] = blocks;
  if (
    blocks.length === 0 ||
    (blocks.length === 1 && only && bytes < (options.inlineLimit ?? request.maxInlineBlockSize))
  ) {
    const batch =
      only ??
      makeBatch(
        request.schema,
        0,
        request.schema.fields.map((field) => columnOfValues(field.type, [])),
      );
    return {
      type: 'ReadRecordsResponse',
      catalogName: request.catalogName,
      records: { schema: request.schema, batch },
    };
  }
  const { spillLocation, encryptionKey } = request.split;
  if (!spillLocation) throw new ErganeError('INTERNAL', 'no spill location');
  const remoteBlocks = [];
  for (const [index, block] of blocks.entries()) {
    const location = { ...spillLocation, key: `${spillLocation.key}.${index}`, directory: false };
    const plain = encodeRecordBatch(block, 'legacy');
    await options.store.put(location.bucket, location.key, encryptionKey ? encryptSpill(plain, encryptionKey) : plain);
    remoteBlocks.push(location);
  }
  return {
    type: 'RemoteReadRecordsResponse',
    catalogName: request.catalogName,
    schema: request.schema,
    remoteBlocks,
    encryptionKey,
  };
}

function project(batch: RecordBatch, schema: Schema): RecordBatch {
  const columns = schema.fields.map((field) => {
    const column = batch.data.children[batch.schema.fields.findIndex(({ name }) => name === field.name)];
    if (!column) throw new Error(`no column ${field.name}`);
    return column;
  });
  return makeBatch(schema, batch.numRows, columns);
}

function filter(batch: RecordBatch, { constraints }: ReadRecordsRequest): RecordBatch {
  const kept: number[] = [];
  for (let row = 0; row < batch.numRows; row++) {
    const passes = Object.entries(constraints.summary).every(([name, set]) => {
      const column = batch.data.children[batch.schema.fields.findIndex((field) => field.name === name)];
      return column !== undefined && valueSetContains(set, readValue(column, row));
    });
    if (passes) kept.push(row);
  }
  const columns = batch.data.children.map((column) =>
    columnOfValues(
      column.type,
      kept.map((row) => readValue(column, row)),
    ),
  );
  return makeBatch(batch.schema, kept.length, columns);
}

/** A table of one split from rows of values. */
export function tableOf(
  columns: Readonly<Record<string, DataType>>,
  rows: readonly (readonly (Value | null)[])[],
  splits = 1,
): FakeTable {
  const schema = new Schema(Object.entries(columns).map(([name, type]) => new Field(name, type, true)));
  return {
    schema,
    splits,
    rowCount: rows.length,
    *batches(split) {
      const own = rows.filter((_, index) => index % splits === split);
      yield makeBatch(
        schema,
        own.length,
        schema.fields.map((field, column) =>
          columnOfValues(
            field.type,
            own.map((row) => row[column] ?? null),
          ),
        ),
      );
    },
  };
}
