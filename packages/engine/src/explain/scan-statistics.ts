import type { InvocationReport } from '@ergane/protocol';

/** What one scan did, counted while it runs: for EXPLAIN ANALYZE and progress. */
export class ScanStatistics {
  partitions = 0;
  splits = 0;
  splitsDone = 0;
  invocations = 0;
  retries = 0;
  coldStarts = 0;
  rows = 0;
  bytes = 0;
  spilledBytes = 0;
  running = 0;
  functionMs = 0;
  startedAt: number | undefined;
  endedAt: number | undefined;
  rowsReadAtSource = 0;
  nativeQuery: string | undefined;
  /** of a table on S3: what of it is read, as text */
  listing: string | undefined;
  /** what finished build sides gave this scan, as text */
  readonly dynamicFilters: string[] = [];
  readonly notes = new Set<string>();
  /** further counters that connectors give, such as consumedCapacity */
  readonly counters = new Map<string, number>();

  addSplits(count: number, explained: unknown): void {
    this.splits += count;
    if (typeof explained !== 'object' || explained === null) return;
    if ('nativeQuery' in explained && typeof explained.nativeQuery === 'string')
      this.nativeQuery ??= explained.nativeQuery;
    if ('notes' in explained) this.#addNotes(explained.notes);
  }

  addInvocation(report: InvocationReport | undefined, readStatistics: unknown): void {
    this.invocations++;
    if (report?.initDurationMs !== undefined) this.coldStarts++;
    if (report) this.functionMs += report.durationMs;
    if (typeof readStatistics !== 'object' || readStatistics === null) return;
    for (const [name, value] of Object.entries(readStatistics)) {
      if (name === 'notes') this.#addNotes(value);
      else if (typeof value !== 'number') continue;
      else if (name === 'rowsRead') this.rowsReadAtSource += value;
      else if (name !== 'rowsReturned' && name !== 'spilledBytes')
        this.counters.set(name, (this.counters.get(name) ?? 0) + value);
    }
  }

  #addNotes(notes: unknown): void {
    if (Array.isArray(notes)) for (const note of notes) if (typeof note === 'string') this.notes.add(note);
  }
}
