import { decodeBase64, decodeRecordBatch, decodeSplit, ErganeError } from '@ergane/protocol';
import type { RemoteReadRecordsResponse, SpillLocation, Split } from '@ergane/protocol';
import { decryptSpill } from '@ergane/protocol/spill';
import type { RecordBatch } from 'apache-arrow';
import type { ScanStatistics } from '../explain/scan-statistics.ts';
import { callFunction } from '../invoke/call-function.ts';
import { wireConstraints } from '../invoke/wire-constraints.ts';
import { isRetryable, pauseFor } from '../invoke/with-retry.ts';
import type { TableScan } from '../plan/table-scan.ts';
import type { QueryContext } from '../query-context.ts';
import type { ListedSplit, ReadAnswer } from '../split/list-splits.ts';
import { MAX_BLOCK_BYTES, MAX_INLINE_BYTES } from './block-sizes.ts';
import { checkSchema } from './check-schema.ts';

const GET_ATTEMPTS = 4;

/**
 * The rows of one split: one invocation, unless its listing brought the answer along, then one for every continuation. Each batch is memory that nobody else reads. Spilled objects
 * are deleted as they are consumed.
 */
export async function* readSplit(
  context: QueryContext,
  scan: TableScan,
  { listed, statistics }: { readonly listed: ListedSplit; readonly statistics: ScanStatistics },
): AsyncGenerator<RecordBatch> {
  let known = listed.answer;
  for (let next: Split | undefined = listed.split; next;) {
    const answer: ReadAnswer = known ?? (await invokeOnce(context, scan, { split: next, statistics }));
    known = undefined;
    if (answer.type === 'ReadRecordsResponse') {
      checkSchema(answer.records.schema, scan);
      if (answer.records.batch.numRows > 0) yield answer.records.batch;
    } else {
      yield* readSpilled(context, scan, { answer, statistics });
    }
    next = continuationOf(answer, scan);
  }
}

async function invokeOnce(
  context: QueryContext,
  scan: TableScan,
  { split, statistics }: { readonly split: Split; readonly statistics: ScanStatistics },
): Promise<ReadAnswer> {
  const { functionName, version, catalogName, tableName, schema } = scan;
  statistics.running++;
  try {
    const { response, report } = await callFunction(
      context.reader,
      {
        functionName,
        version,
        signal: context.signal,
        request: {
          type: 'ReadRecordsRequest',
          identity: context.identity,
          queryId: context.queryId,
          catalogName,
          tableName,
          schema,
          split,
          constraints: wireConstraints(scan),
          maxBlockSize: MAX_BLOCK_BYTES,
          maxInlineBlockSize: MAX_INLINE_BYTES,
        },
      },
      ['ReadRecordsResponse', 'RemoteReadRecordsResponse'],
    );
    statistics.addInvocation(report, response.extra?.['readStatistics']);
    return response;
  } finally {
    statistics.running--;
  }
}

async function* readSpilled(
  context: QueryContext,
  scan: TableScan,
  { answer, statistics }: { readonly answer: RemoteReadRecordsResponse; readonly statistics: ScanStatistics },
): AsyncGenerator<RecordBatch> {
  checkSchema(answer.schema, scan);
  const nonces = noncesOf(answer, scan);
  const { store } = context.spill;
  for (const [index, location] of answer.remoteBlocks.entries()) {
    const bytes = await getObject(context, scan, location);
    statistics.spilledBytes += bytes.byteLength;
    const { buffers } = context;
    const batch = inPlace(location, scan, () => {
      const nonce = nonces?.[index];
      const key = answer.encryptionKey && (nonce ? { ...answer.encryptionKey, nonce } : answer.encryptionKey);
      const clear = key ? decryptSpill(bytes, key, (size) => buffers.take(size)) : ownMemory(bytes);
      return decodeRecordBatch(clear, scan.schema);
    });
    if (answer.encryptionKey && bytes.buffer instanceof ArrayBuffer) buffers.give(bytes.buffer);
    await store.delete(location.bucket, [location.key]);
    if (batch.numRows > 0) yield batch;
  }
}

/** Small Node buffers share memory, which must not be handed to another thread. */
function ownMemory(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength * 2 >= bytes.buffer.byteLength ? bytes : bytes.slice();
}

/** A read that fails for the moment is repeated; a missing object is a fault that no repetition mends. */
async function getObject(
  { spill, signal, buffers }: QueryContext,
  scan: TableScan,
  { bucket, key }: SpillLocation,
): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await spill.store.get(bucket, key, { signal, allocate: (size) => buffers.take(size) });
    } catch (error) {
      if (signal.aborted) throw new ErganeError('QUERY_CANCELLED', 'the query was cancelled', { cause: error });
      if (!isRetryable(error) || attempt === GET_ATTEMPTS) throw spillMissing(error, scan, { bucket, key });
      await pauseFor(50 * 2 ** attempt, signal);
    }
  }
}

function spillMissing(error: unknown, scan: TableScan, { bucket, key }: { bucket: string; key: string }): unknown {
  if (!(error instanceof ErganeError)) return error;
  const place = placeOf(scan);
  if (error.code === 'OBJECT_NOT_FOUND')
    return new ErganeError(
      'OBJECT_NOT_FOUND',
      `${place.said}: a spilled result is missing: ${bucket}/${key}; run the query again, and see that nothing else deletes there`,
      { where: { ...error.where, ...place.where, bucket, key }, cause: error },
    );
  return new ErganeError(error.code, `${place.said}: a spilled result cannot be read: ${error.message}`, {
    where: { ...error.where, ...place.where },
    cause: error,
  });
}

function placeOf({ catalogName, tableName, functionName }: TableScan) {
  const { schemaName, tableName: table } = tableName;
  return {
    said: `${catalogName}.${schemaName}.${table}`,
    where: { catalog: catalogName, schema: schemaName, table, function: functionName },
  };
}

/** Says which spilled object of which table could not be read. */
function inPlace<Result>({ bucket, key }: SpillLocation, scan: TableScan, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof ErganeError)) throw cause;
    const place = placeOf(scan);
    const remedy =
      cause.code === 'SPILL_CORRUPT' ? '; run the query again, and see that nothing else writes there' : '';
    throw new ErganeError(cause.code, `${place.said}: spilled object ${bucket}/${key}: ${cause.message}${remedy}`, {
      where: { ...cause.where, ...place.where },
      cause,
    });
  }
}

function noncesOf({ extra, remoteBlocks }: RemoteReadRecordsResponse, scan: TableScan): Uint8Array[] | undefined {
  const nonces = extra?.['nonces'];
  if (nonces === undefined) return undefined;
  if (!Array.isArray(nonces) || nonces.length !== remoteBlocks.length)
    throw new ErganeError(
      'PROTOCOL_INVALID',
      `function ${scan.functionName} gave nonces that do not match its blocks`,
      {
        where: { function: scan.functionName },
      },
    );
  return nonces.map((nonce, index) => decodeBase64(String(nonce), `nonces[${index}]`));
}

function continuationOf({ extra }: ReadAnswer, _scan: TableScan): Split | undefined {
  const continuation = extra?.['continuation'];
  return continuation === undefined || continuation === null ? undefined : decodeSplit(continuation, 'continuation');
}
