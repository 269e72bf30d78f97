import type { ValueSet } from '@ergane/protocol';
import { conversionOf } from './convert/file-conversion.ts';
import { fileRelation } from './file-relation.ts';
import type { FileTable } from './file-table.ts';
import { listFiles, pruneListing, type FileListing } from './list-files.ts';
import type { Warehouse, WarehouseReading } from './warehouse.ts';

/** A scan of a table on S3 that DuckDB can run; its files stay readable until it is disposed. */
export interface FileScan extends Disposable {
  readonly fileTable: FileTable;
  /** what the query admits of each column; partitions are pruned by it */
  readonly summary: Readonly<Record<string, ValueSet>>;
  /** the DuckDB relation that stands for the table: its columns in their physical types */
  readonly relation: string;
  readonly listing: FileListing;
  /** readable paths, in the order of `listing.files` */
  readonly paths: readonly string[];
  /** As `WarehouseReading.checkUnchanged`. */
  checkUnchanged(): Promise<void>;
  /** The scan of what narrower constraints leave. The files of both are disposed with the first. */
  narrow(summary: Readonly<Record<string, ValueSet>>): FileScan;
}

/** how many objects are made readable at once */
const FILES_AT_ONCE = 4;

/** Prunes partitions by `summary`, lists what is left and makes it readable. */
export async function openFileScan(
  warehouse: Warehouse,
  fileTable: FileTable,
  options: { readonly summary: Readonly<Record<string, ValueSet>>; readonly signal?: AbortSignal },
): Promise<FileScan> {
  const { table } = fileTable;
  const listing = await listFiles(warehouse, table, options.summary, fileTable.findVisible);
  const reading = warehouse.openReading(options.signal);
  try {
    const paths = new Array<string>(listing.files.length);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < listing.files.length; index = next++) {
        const file = listing.files[index];
        options.signal?.throwIfAborted();
        if (file === undefined) continue;
        const conversion = conversionOf(table, file.object.key);
        paths[index] = await reading.readablePath(file.bucket, file.object, conversion);
      }
    };
    await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
    return scanOf(fileTable, { summary: options.summary, listing, paths, reading });
  } catch (cause) {
    reading[Symbol.dispose]();
    throw cause;
  }
}

function scanOf(
  fileTable: FileTable,
  {
    summary,
    listing,
    paths,
    reading,
  }: Pick<FileScan, 'summary' | 'listing' | 'paths'> & { readonly reading: WarehouseReading },
): FileScan {
  const { table } = fileTable;
  return {
    fileTable,
    summary,
    relation: fileRelation(table, listing.files, paths, summary),
    listing,
    paths,
    narrow(narrower) {
      const left = pruneListing(listing, table, narrower);
      const kept = paths.filter(
        (_, index) => listing.files[index] !== undefined && left.files.includes(listing.files[index]),
      );
      return scanOf(fileTable, { summary: narrower, listing: left, paths: kept, reading });
    },
    checkUnchanged: () => reading.checkUnchanged(),
    [Symbol.dispose]: () => reading[Symbol.dispose](),
  };
}
