import { ErganeError } from '@ergane/protocol';
import { parsePartitionValue } from '../files/partition-value.ts';
import { parseS3Location, printS3Location } from '../files/s3-location.ts';
import { parseHiveType } from '../metastore/hive-type.ts';
import type { TableDefinition } from '../metastore/metastore.ts';
import type { PartitionSpec } from '../sql/ddl/ddl-statement.ts';

/** A spec's values in the order of the table's keys: a value for each. @throws ErganeError INVALID_FUNCTION_ARGUMENT, FILE_INVALID */
export function partitionValues(table: TableDefinition, spec: PartitionSpec): readonly string[] {
  const given = someValues(table, spec).filter((value) => value !== undefined);
  if (given.length === table.partitionKeys.length) return given;
  throw doesNotFit(table, spec);
}

/** As `partitionValues`; a key that the spec leaves out has undefined. */
export function someValues(table: TableDefinition, spec: PartitionSpec): readonly (string | undefined)[] {
  const values = table.partitionKeys.map((key) => {
    const found = spec.find(({ column }) => column === key.name)?.value;
    if (found !== undefined) parsePartitionValue(found, parseHiveType(key.type), key.name);
    return found;
  });
  if (spec.length > 0 && values.filter((value) => value !== undefined).length === spec.length) return values;
  throw doesNotFit(table, spec);
}

function doesNotFit(table: TableDefinition, spec: PartitionSpec): ErganeError {
  const keys = table.partitionKeys.map(({ name }) => name).join(', ') || 'none: it is not partitioned';
  return new ErganeError(
    'INVALID_FUNCTION_ARGUMENT',
    `PARTITION (${spec.map(({ column }) => column).join(', ')}) does not fit table ${table.name}, whose partition keys are ${keys}`,
    { where: { table: table.name } },
  );
}

export function normaliseLocation(location: string): string {
  return printS3Location(parseS3Location(location));
}
