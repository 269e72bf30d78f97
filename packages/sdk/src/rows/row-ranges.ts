/** Rows of a batch in ascending order: pairs of first row and row after the last. */
export type RowRanges = Int32Array;

export function wholeRange(rows: number): RowRanges {
  return rows === 0 ? new Int32Array(0) : Int32Array.of(0, rows);
}

export function countRows(ranges: RowRanges): number {
  let rows = 0;
  for (let at = 0; at < ranges.length; at += 2) rows += (ranges[at + 1] ?? 0) - (ranges[at] ?? 0);
  return rows;
}

/** The rows whose byte in `mask` is not 0. */
export function rangesOfMask(mask: Uint8Array, rows: number): RowRanges {
  const found = new Int32Array(rows + 1);
  let count = 0;
  let before = 0;
  for (let row = 0; row < rows; row++) {
    const now = mask[row] ?? 0;
    if (now === before) continue;
    found[count++] = row;
    before = now;
  }
  if (before !== 0) found[count++] = rows;
  return found.slice(0, count);
}

/** The first `limit` of the rows. */
export function firstRows(ranges: RowRanges, limit: number): RowRanges {
  let left = limit;
  for (let at = 0; at < ranges.length; at += 2) {
    const start = ranges[at] ?? 0;
    const size = (ranges[at + 1] ?? 0) - start;
    if (size >= left) {
      const cut = ranges.slice(0, at + 2);
      cut[at + 1] = start + left;
      return left === 0 ? ranges.slice(0, at) : cut;
    }
    left -= size;
  }
  return ranges;
}
