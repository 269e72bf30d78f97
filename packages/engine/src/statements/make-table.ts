import { ErganeError } from '@ergane/protocol';
import { parseS3Location, printS3Location } from '../files/s3-location.ts';
import { tableColumns } from '../files/file-relation.ts';
import type { TableDefinition } from '../metastore/metastore.ts';
import type { DdlStatement } from '../sql/ddl/ddl-statement.ts';

/** The table that `CREATE EXTERNAL TABLE` means: its types, names and location checked. `createdAt` in milliseconds. */
export function makeTable(
  statement: Extract<DdlStatement, { readonly kind: 'create table' }>,
  createdAt: number,
): TableDefinition {
  const { name, columns, partitionKeys, storage, parameters, comment } = statement;
  const table: TableDefinition = {
    kind: 'external',
    name: name.table,
    columns,
    partitionKeys,
    location: printS3Location(parseS3Location(statement.location)),
    storage,
    parameters,
    ...(comment === undefined ? {} : { comment }),
    partitions: [],
    createdAt,
  };
  const names = tableColumns(table).map((column) => column.name);
  const twice = names.find((column, index) => names.indexOf(column) !== index);
  if (twice !== undefined)
    throw new ErganeError('DUPLICATE_COLUMN_NAME', `Column name '${twice}' specified more than once`, {
      where: { table: table.name, column: twice },
    });
  return table;
}
