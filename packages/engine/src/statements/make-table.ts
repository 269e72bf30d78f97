import { ErganeError } from '@ergane/protocol';
import { parseS3Location, printS3Location } from '../files/s3-location.ts';
import { tableColumns } from '../files/file-relation.ts';
import { checkColumnNames } from '../metastore/alter-table.ts';
import type { TableDefinition } from '../metastore/metastore.ts';
import type { DdlStatement } from '../sql/ddl/ddl-statement.ts';

/** The table that `CREATE EXTERNAL TABLE` means: its types, names and location checked. `createdAt` in milliseconds. */
export function makeTable(
  statement: Extract<DdlStatement, { readonly kind: 'create table' }>,
  createdAt: number,
): TableDefinition {
  const { name, columns, partitionKeys, storage, parameters, comment, buckets } = statement;
  if (/^iceberg$/i.test(parameters['table_type'] ?? ''))
    throw new ErganeError('NOT_SUPPORTED', `table ${name.table}: Iceberg tables cannot be read`, {
      where: { table: name.table, setting: 'table_type' },
    });
  const table: TableDefinition = {
    kind: 'external',
    name: name.table,
    columns,
    partitionKeys,
    location: printS3Location(parseS3Location(statement.location)),
    storage,
    parameters,
    ...(comment === undefined ? {} : { comment }),
    ...(buckets === undefined ? {} : { buckets }),
    partitions: [],
    createdAt,
  };
  tableColumns(table);
  checkColumnNames(table);
  return table;
}
