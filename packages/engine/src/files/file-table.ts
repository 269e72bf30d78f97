import { Field, Schema } from 'apache-arrow';
import type { Metastore, MetastoreState, TableDefinition } from '../metastore/metastore.ts';
import { isVisible, type WriteLedger } from '../metastore/write-ledger.ts';
import { requireTable } from '../metastore/metastore-changes.ts';
import { arrowType } from './arrow-type.ts';
import { tableColumns, type FileColumn } from './file-relation.ts';

/** A table on S3 as planning sees it. */
export interface FileTable {
  readonly database: string;
  readonly table: TableDefinition;
  /** partition keys last */
  readonly columns: readonly FileColumn[];
  /** the same columns in the wire's types, in which constraints speak */
  readonly schema: Schema;
  readonly partitionColumns: readonly string[];
  /** Asked after the files are listed: which of Ergane's own were there, all of them, when the table was looked up. */
  readonly findVisible?: () => Promise<(fileName: string) => boolean>;
}

/** @throws ErganeError SCHEMA_NOT_FOUND, TABLE_NOT_FOUND, METASTORE_FAILED, TYPE_MISMATCH */
export async function findFileTable(metastore: Metastore, database: string, name: string): Promise<FileTable> {
  return makeFileTable(metastore, { state: await metastore.read(), database, name });
}

/** The same, from a state of the metastore that was read before. */
export function makeFileTable(
  metastore: Metastore,
  { state, database, name }: { readonly state: MetastoreState; readonly database: string; readonly name: string },
): FileTable {
  const table = requireTable(state, database, name);
  const columns = tableColumns(table);
  return {
    database,
    table,
    columns,
    schema: new Schema(columns.map((column) => new Field(column.name, arrowType(column.type), true))),
    partitionColumns: table.partitionKeys.map((key) => key.name),
    findVisible: async () => {
      const ledger = state.writes ?? emptyLedger(await metastore.read());
      return (fileName) => isVisible(ledger, fileName);
    },
  };
}

/** A query that began before the first write of all sees nothing of it. */
function emptyLedger({ writes }: MetastoreState): WriteLedger | undefined {
  return writes && { epoch: writes.epoch, last: 0, pending: [], aborted: [] };
}
