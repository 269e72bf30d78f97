/** Which row the columns of one batch (or of one nested level) are at. Columns that advance together share one. */
export interface RowCursor {
  row: number;
}

/** What the columns of one batch tell each other of its size. */
export interface BatchSpace {
  /** bytes that a batch may take, about */
  readonly limit: number;
  /** a buffer of variable length grew: time to look whether the batch is too large */
  grew: boolean;
  /** how many times as much as the last batch the next one will take */
  scale: number;
}

export function makeBatchSpace(limit: number): BatchSpace {
  return { limit, grew: false, scale: 1 };
}
