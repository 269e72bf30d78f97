import type { TrinoType } from '../sql/trino-type.ts';

export interface ResultColumn {
  readonly name: string;
  readonly type: TrinoType;
}

/**
 * A value as results hold it, by Trino type: null; boolean; tinyint..integer, real, double number; bigint bigint; decimal
 * `{ unscaled: bigint, scale }` is printed already: decimals, dates, times, timestamps, intervals, uuid, json, varchar and char are
 * the text that an Athena client gets; varbinary Uint8Array; array Value[]; map [key, value][]; row Value[].
 */
export type ResultValue = null | boolean | number | bigint | string | Uint8Array | readonly ResultValue[];

export interface QueryResult extends AsyncDisposable {
  readonly columns: readonly ResultColumn[];
  /** batches of rows, each a row of values in column order; read once; closing early cancels the query */
  readonly batches: AsyncIterable<readonly (readonly ResultValue[])[]>;
  /** after CREATE TABLE AS, INSERT and UNLOAD, which have the column `rows` and no row: Athena's UpdateCount, and the files for its manifest */
  readonly written?: { readonly rows: bigint; readonly files: readonly string[] };
  /** after USE: what names without catalog and schema shall mean from now on; the session is the caller's */
  readonly use?: { readonly catalog?: string; readonly schema: string };
}
