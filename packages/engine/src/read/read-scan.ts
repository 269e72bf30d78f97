import type { RecordBatch } from 'apache-arrow';
import type { ScanStatistics } from '../explain/scan-statistics.ts';
import { withRetry } from '../invoke/with-retry.ts';
import type { TableScan } from '../plan/table-scan.ts';
import type { QueryContext } from '../query-context.ts';
import { listSplits } from '../split/list-splits.ts';
import type { ListedSplit } from '../split/list-splits.ts';
import { mergeConcurrently } from './merge-concurrently.ts';
import { readSplit } from './read-split.ts';

/** The rows of a scan: its splits as they are listed, several read at once, batches in the order in which they come. */
export async function* readScan(
  context: QueryContext,
  scan: TableScan,
  { statistics, concurrency }: { readonly statistics: ScanStatistics; readonly concurrency: number },
): AsyncGenerator<RecordBatch> {
  statistics.startedAt = performance.now();
  const abort = new AbortController();
  const onRetry = (): void => {
    statistics.retries++;
  };
  const reader = withRetry(context.reader, { onRetry });
  const own = { ...context, reader, signal: AbortSignal.any([context.signal, abort.signal]) };
  const read = async function* (listed: ListedSplit): AsyncGenerator<RecordBatch> {
    yield* readSplit(own, scan, { listed, statistics });
    statistics.splitsDone++;
  };
  const stop = (): void => {
    abort.abort();
  };
  const splits = listSplits(own, scan, { statistics, readAhead: scan.readAhead });
  for await (const batch of mergeConcurrently(splits, { read, concurrency, stop })) {
    statistics.rows += batch.numRows;
    yield batch;
  }
  statistics.endedAt = performance.now();
}
