/**
 * Ergane's extensions of the protocol. A caller announces each in `identity.configOptions` with the value `1`; a callee uses none that
 * was not announced, so AWS peers never see one. Each adds one trailing top-level member to a response.
 */
export const EXTENSIONS = {
  /** ReadRecordsResponse, RemoteReadRecordsResponse: member `continuation`, the split that resumes where this answer stopped */
  continuation: 'ergane.continuation',
  /** RemoteReadRecordsResponse: member `nonces`, base64, one a remote block, in its order */
  blockNonces: 'ergane.blockNonces',
  /**
   * GetSplitsResponse: member `explain`: `{ nativeQuery?: string, notes?: string[] }` of the first split of the page. The announcement may
   * be the projected columns as a JSON array of names instead of `1`.
   */
  explain: 'ergane.explain',
  /** GetTableLayoutRequest, GetSplitsRequest: the value is the JSON list of the columns that the query reads, not `1`; no member */
  columns: 'ergane.columns',
  /** GetTableResponse: member `statistics`: `{ rowCount?: number, totalBytes?: number }` (estimates) */
  statistics: 'ergane.statistics',
  /**
   * GetTableResponse: member `valueBlocks: true`: in requests about this table a list of values may come as an EquatableValueSet, whatever
   * its type: some bytes a value, where a SortedRangeSet takes a kilobyte
   */
  valueBlocks: 'ergane.valueBlocks',
  /**
   * GetTableRequest: infer the table from a sample even where it is defined. GetTableResponse: member `inference`:
   * `{ documentCount: number, complete: boolean, sourceTable: string, parameters?: { [name]: string }, columns: { [column]: { source: string, kinds: { [kind]: number } } },
   * defined?: { [column]: { source: string, type: string } } }`
   */
  inference: 'ergane.inference',
  /** GetTableResponse: member `sql`, see {@link SqlTable}; it also says that constraints on a native query are applied to its answer */
  sql: 'ergane.sql',
  /** Read responses: member `readStatistics`: `{ rowsRead, rowsReturned, spilledBytes, retries?, consumedCapacity?, notes?: string[] }` */
  readStatistics: 'ergane.readStatistics',
  /**
   * PingResponse: member `readAhead`, true. GetTableLayoutResponse: member `readAhead`, which saves the caller further invocations (see
   * read-ahead.ts). The value of the announcement in GetTableLayoutRequest is `1` (the first page of splits) or JSON (the rows too).
   */
  readAhead: 'ergane.readAhead',
} as const;

export type Extension = keyof typeof EXTENSIONS;
