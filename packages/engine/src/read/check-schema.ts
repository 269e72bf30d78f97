import { ErganeError } from '@ergane/protocol';
import type { Schema } from 'apache-arrow';
import type { TableScan } from '../plan/table-scan.ts';

/** A block must have the columns that were asked for, in order and type: nothing is guessed from what came instead. */
export function checkSchema(found: Schema, scan: TableScan): void {
  const wanted = scan.schema.fields;
  const wrong = wanted.findIndex((field, index) => {
    const other = found.fields[index];
    return !other || other.name !== field.name || String(other.type) !== String(field.type);
  });
  if (wrong < 0 && found.fields.length === wanted.length) return;
  const at = wrong < 0 ? wanted.length : wrong;
  const describe = (schema: Schema) => {
    const field = schema.fields[at];
    return field ? `${field.name} ${String(field.type)}` : 'no column';
  };
  const { catalogName, tableName, functionName } = scan;
  throw new ErganeError(
    'PROTOCOL_INVALID',
    `${catalogName}.${tableName.schemaName}.${tableName.tableName}: function ${functionName} answered with ${describe(found)} where ${describe(scan.schema)} was asked (column ${at + 1})`,
    {
      where: { catalog: catalogName, schema: tableName.schemaName, table: tableName.tableName, function: functionName },
    },
  );
}
