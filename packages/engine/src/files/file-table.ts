import { Field, Schema } from 'apache-arrow';
import type { Metastore, TableDefinition } from '../metastore/metastore.ts';
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
}

/** @throws ErganeError SCHEMA_NOT_FOUND, TABLE_NOT_FOUND, METASTORE_FAILED, TYPE_MISMATCH */
export async function findFileTable(metastore: Metastore, database: string, name: string): Promise<FileTable> {
  const table = requireTable(await metastore.read(), database, name);
  const columns = tableColumns(table);
  return {
    database,
    table,
    columns,
    schema: new Schema(columns.map((column) => new Field(column.name, arrowType(column.type), true))),
    partitionColumns: table.partitionKeys.map((key) => key.name),
  };
}
