import type { ValueSet } from '@ergane/protocol';
import { fileRelation } from './file-relation.ts';
import type { FileTable } from './file-table.ts';
import { listFiles, type FileListing } from './list-files.ts';
import type { Warehouse } from './warehouse.ts';

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
  /** Puts `s3://…` in the place of each readable path of a message. */
  describePaths(message: string): string;
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
  const listing = await listFiles(warehouse, table, options.summary);
  const reading = warehouse.openReading(options.signal);
  try {
    const paths = new Array<string>(listing.files.length);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < listing.files.length; index = next++) {
        const file = listing.files[index];
        options.signal?.throwIfAborted();
        if (file !== undefined) paths[index] = await reading.readablePath(file.bucket, file.object);
      }
    };
    await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
    return {
      fileTable,
      summary: options.summary,
      relation: fileRelation(table, listing.files, paths),
      listing,
      paths,
      describePaths: (message) =>
        listing.files.reduce((text, { bucket, object }, index) => {
          const path = paths[index];
          return path === undefined ? text : text.replaceAll(path, `s3://${bucket}/${object.key}`);
        }, message),
      [Symbol.dispose]: () => reading[Symbol.dispose](),
    };
  } catch (cause) {
    reading[Symbol.dispose]();
    throw cause;
  }
}
