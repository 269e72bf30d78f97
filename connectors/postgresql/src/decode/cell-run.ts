/**
 * Cells of one column in some rows of one network buffer. The cell of row `first + i` of the batch is `buffer` from `starts[base + i]`; its
 * length, -1 for NULL, stands in the four bytes before. A decoder has one tight loop over it, so the loop sees one type of column only.
 */
export interface CellRun {
  readonly buffer: Buffer;
  readonly view: DataView;
  readonly starts: Int32Array;
  readonly base: number;
  readonly rows: number;
  readonly first: number;
}

/** Writes a run of cells into the column that it was made for. */
export type CellDecoder = (run: CellRun) => void;
