import type { ValueSet } from '@ergane/protocol';
import type { TableReference } from '../catalog/catalogs.ts';
import { ScanStatistics } from '../explain/scan-statistics.ts';
import type { TableScan } from '../plan/table-scan.ts';
import { describeFileError } from './file-error.ts';
import { openFileScan, type FileScan } from './open-file-scan.ts';

/** The tables on S3 of one query, ready for DuckDB. Disposed when the query is over. */
export interface FileScans extends Disposable {
  /** the query with the relations of its files in the places of `ergane_scan` */
  readonly sql: string;
  readonly statistics: ReadonlyMap<number, ScanStatistics>;
  /** by the number of the scan */
  readonly scans: ReadonlyMap<number, FileScan>;
  /** Leaves out what narrower constraints of a scan exclude: `sql` then reads less. */
  narrow(id: number, summary: Readonly<Record<string, ValueSet>>): void;
  /** As `WarehouseReading.checkUnchanged`: to be asked when all rows are read. */
  checkUnchanged(): Promise<void>;
  /** What an error of DuckDB's says of these files, as `describeFileError` tells it. */
  describe(error: unknown): Promise<unknown>;
}

/** What stands for a table on S3 while its query is planned. `marker` is the query's own: no literal of the statement holds it. */
export function fileScanMarker(marker: string, id: number): string {
  return `ergane_scan(/* ${marker} */ ${id})`;
}

export async function openFileScans(
  sql: string,
  options: {
    readonly marker: string;
    readonly scans: readonly TableScan[];
    readonly references: readonly TableReference[];
    readonly signal: AbortSignal;
  },
): Promise<FileScans> {
  const { scans, references, signal, marker } = options;
  const opened = new Map<number, FileScan>();
  const statistics = new Map<number, ScanStatistics>();
  const dispose = (): void => {
    for (const scan of opened.values()) scan[Symbol.dispose]();
  };
  try {
    for (const { id, constraints } of scans) {
      const table = references.find((reference) => reference.id === id)?.table;
      if (table?.catalog.kind !== 'files' || !('fileTable' in table)) continue;
      const { warehouse } = table.catalog;
      const scan = await openFileScan(warehouse, table.fileTable, { summary: constraints.summary, signal });
      opened.set(id, scan);
      statistics.set(id, describeListing(scan, new ScanStatistics()));
    }
  } catch (cause) {
    dispose();
    throw cause;
  }
  return {
    get sql() {
      return [...opened].reduce(
        (text, [id, { relation }]) => text.replaceAll(fileScanMarker(marker, id), () => relation),
        sql,
      );
    },
    narrow(id, summary) {
      const before = opened.get(id);
      if (before === undefined) return;
      const scan = before.narrow(summary);
      opened.set(id, scan);
      const counts = statistics.get(id);
      if (counts) describeListing(scan, counts);
    },
    statistics,
    scans: opened,
    async checkUnchanged() {
      for (const scan of opened.values()) await scan.checkUnchanged();
    },
    describe: (error) => describeFileError(error, [...opened.values()]),
    [Symbol.dispose]: dispose,
  };
}

function describeListing({ listing }: FileScan, statistics: ScanStatistics): ScanStatistics {
  statistics.partitions = listing.partitionsRead;
  statistics.splits = listing.files.length;
  statistics.splitsDone = listing.files.length;
  statistics.bytes = listing.bytes;
  statistics.listing = `${listing.partitions === undefined ? `${listing.partitionsRead} projected` : `${listing.partitionsRead} of ${listing.partitions}`} partitions, ${listing.files.length} files, ${listing.bytes} bytes on S3`;
  return statistics;
}
