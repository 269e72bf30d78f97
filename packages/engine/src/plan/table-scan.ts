import type { Constraints, SerDeVersion, TableName, ValueSet } from '@ergane/protocol';
import type { Schema } from 'apache-arrow';

/** What a query needs of one table: the value that planning hands to split, invoke and read, or to files/ for a table on S3. */
export interface TableScan {
  /** number of the scan in its query, from 0: the argument of DuckDB's `ergane_scan(id)` */
  readonly id: number;
  readonly catalogName: string;
  /** empty for a table on S3, which DuckDB reads itself */
  readonly functionName: string;
  /** in which the function is spoken to */
  readonly version: SerDeVersion;
  /** whether the function's layout can bring splits and rows along (`ergane.readAhead`) */
  readonly readAhead: boolean;
  /** as the source spells it */
  readonly tableName: TableName;
  /** only the columns that the query reads (at least one, or none for count(*)) */
  readonly schema: Schema;
  /** all columns, partition columns too */
  readonly tableSchema: Schema;
  readonly partitionColumns: readonly string[];
  readonly constraints: Constraints;
  /** the function takes lists of values in their short form (`valueBlocks`, extensions.ts) */
  readonly valueBlocks: boolean;
  /** filters of which the source knows nothing, as text for EXPLAIN; the engine applies all filters in any case */
  readonly kept: readonly string[];
  /** columns for which keys may arrive from finished build sides, and where they come from */
  readonly dynamicFilters: readonly DynamicFilter[];
}

/** Equality of a column of this scan with values that are known by the time it starts. */
export interface DynamicFilter {
  readonly column: string;
  /** the values of all of these together */
  readonly from: readonly KeySource[];
  /** NULL equals NULL here: rows with NULL are not left out */
  readonly nullsMatch: boolean;
}

/** A column (its number in its table) that another scan reads, or values that the statement has. */
export type KeySource =
  | { readonly kind: 'column'; readonly scan: number; readonly column: number }
  | { readonly kind: 'values'; readonly set: ValueSet };
