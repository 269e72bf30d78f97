import type { ReadBatch } from '../connector.ts';

/** Counters of one read, for `readStatistics` (extensions.ts). */
export interface ReadStatistics {
  add(batch: ReadBatch, rowsReturned: number): void;
  finish(spilledBytes: number): Readonly<Record<string, unknown>>;
}

export function makeReadStatistics(): ReadStatistics {
  let rowsRead = 0;
  let rowsReturned = 0;
  const sums = new Map<string, number>();
  const notes = new Set<string>();
  return {
    add(item, returned) {
      rowsRead += item.rowsRead ?? item.batch.numRows;
      rowsReturned += returned;
      for (const [name, value] of Object.entries(item.statistics ?? {})) sums.set(name, (sums.get(name) ?? 0) + value);
      for (const note of item.notes ?? []) notes.add(note);
    },
    finish: (spilledBytes) => ({
      ...Object.fromEntries(sums),
      rowsRead,
      rowsReturned,
      spilledBytes,
      ...(notes.size > 0 && { notes: [...notes] }),
    }),
  };
}
