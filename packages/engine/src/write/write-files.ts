import { ErganeError } from '@ergane/protocol';
import { parseS3Location } from '../files/s3-location.ts';
import type { Warehouse } from '../files/warehouse.ts';
import type { MetastoreState } from '../metastore/metastore.ts';
import { pathExists } from '../metastore/write-ledger.ts';
import type { CompiledQuery, Query } from '../sql/index.ts';
import { copyInto, selectWritten, type WriteLayout } from './copy-text.ts';
import { fileExtension } from './output-format.ts';
import { listStaged, type WrittenFile } from './staged-files.ts';
import type { QueryWriter, WrittenRows } from './write-context.ts';
import { WriteTransaction, type WritePlace } from './write-transaction.ts';

export interface FilesToWrite {
  readonly place: WritePlace;
  readonly writer: QueryWriter;
  readonly query: Query;
  readonly signal?: AbortSignal | undefined;
  /** `s3://bucket/folder/`; with `isNew` it must be empty */
  readonly folder: string;
  readonly isNew: boolean;
  /** throws where the statement cannot succeed any more */
  readonly check: (state: MetastoreState) => void;
  /** how the translated query is written; throws where it cannot be */
  readonly layout: (compiled: CompiledQuery) => WriteLayout;
  /** the location of each file's partition, asked when all are written */
  readonly locate: (state: MetastoreState, file: WrittenFile) => string;
  /** the change that comes with the files */
  readonly commit: (state: MetastoreState, files: readonly WrittenFile[]) => MetastoreState;
}

/** Writes the rows of a query: all of them, with the change of the metastore, or nothing. */
export async function writeFiles(write: FilesToWrite): Promise<WrittenRows> {
  const { place, writer, query, folder, isNew, signal } = write;
  if (isNew) await requireEmpty(place.warehouse, folder);
  let transaction: WriteTransaction | undefined;
  let layout: WriteLayout | undefined;
  try {
    const rows = await writer.write(query, async (compiled) => {
      const planned = write.layout(compiled);
      layout = planned;
      const begun = await WriteTransaction.begin(place, { folder, isNew, check: write.check });
      transaction = begun;
      const { maxFileBytes } = place.warehouse.writing;
      const target = { folder: begun.stagingFolder, ...(maxFileBytes === undefined ? {} : { maxFileBytes }) };
      return {
        select: (text) => selectWritten(text, planned),
        copy: (select) => copyInto(select, planned, target),
      };
    });
    if (transaction === undefined || layout === undefined)
      throw new ErganeError('INTERNAL', 'the query ran without its preparation');
    const files = await listStaged(transaction.stagingFolder, { rows, partitionKeys: layout.partitionKeys });
    const state = await place.metastore.read();
    const extension = fileExtension(layout.format);
    const staged = files.map((file) => ({ file: file.file, folder: write.locate(state, file), extension }));
    await transaction.publish(staged, signal);
    await transaction.commit((current) => write.commit(current, files), signal);
    return { rows, files: transaction.files };
  } catch (error) {
    throw describeFailure(error, place.warehouse, signal);
  } finally {
    await transaction?.[Symbol.asyncDispose]();
  }
}

async function requireEmpty(warehouse: Warehouse, folder: string): Promise<void> {
  for await (const { key } of warehouse.list(parseS3Location(folder))) throw pathExists(folder, `it holds ${key}`);
}

/** DuckDB's words about its files, in the warehouse's. */
function describeFailure(error: unknown, warehouse: Warehouse, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true && !(error instanceof ErganeError))
    return signal.reason instanceof ErganeError
      ? signal.reason
      : new ErganeError('QUERY_CANCELLED', 'the query was cancelled', { cause: error });
  const text = error instanceof Error ? error.message : String(error);
  if (!/No space left on device|ENOSPC/i.test(text)) return error;
  return new ErganeError(
    'STORE_FAILED',
    `the disk of ${warehouse.location} is full: nothing was written; free space and run it again`,
    {
      where: { store: warehouse.location },
      cause: error,
    },
  );
}
