/** Which row the columns of one batch (or of one nested level) are at. Columns that advance together share one. */
export interface RowCursor {
  row: number;
}

/** How many bytes of variable length a batch may take; shared by all its columns. */
export interface BatchSpace {
  readonly limit: number;
  /** bytes that the buffers of variable length have room for */
  reserved: number;
  /** the batch should be finished after this row */
  full: boolean;
}

export function makeBatchSpace(limit: number): BatchSpace {
  return { limit, reserved: 0, full: false };
}

/** Tells the batch that a buffer grew. */
export function reserveSpace(space: BatchSpace, bytes: number): void {
  space.reserved += bytes;
  if (space.reserved > space.limit) space.full = true;
}
