import { ErganeError } from '@ergane/protocol';
import { DataType, DateUnit, Precision, TimeUnit } from 'apache-arrow';
import type { TableDescription } from './connector.ts';

/**
 * Refuses what Athena cannot read, also inside lists, structs and maps (section 2.4).
 * @throws ErganeError NOT_SUPPORTED that names the column, DUPLICATE_COLUMN_NAME
 */
export function assertSupportedTypes(table: TableDescription, catalog: string): void {
  const { schemaName: schema, tableName } = table.tableName;
  const names = new Set<string>();
  for (const field of table.schema.fields) {
    const where = { catalog, schema, table: tableName, column: field.name };
    const label = `column "${field.name}" of ${catalog}.${schema}.${tableName}`;
    if (names.has(field.name))
      throw new ErganeError('DUPLICATE_COLUMN_NAME', `${label} is there twice: give one another name`, { where });
    names.add(field.name);
    const found = findUnsupported(field.type);
    if (found !== undefined)
      throw new ErganeError(
        'NOT_SUPPORTED',
        `${label} has the Arrow type ${String(field.type)}, and the protocol has no ${String(found)}: the connector must map it to a type that Athena supports`,
        { where },
      );
  }
  const unknown = table.partitionColumns?.find((name) => !names.has(name));
  if (unknown !== undefined)
    throw new ErganeError(
      'FUNCTION_FAILED',
      `partition column "${unknown}" is no column of ${catalog}.${schema}.${tableName}: the connector must list it in the schema`,
      { where: { catalog, schema, table: tableName, column: unknown } },
    );
}

function findUnsupported(type: DataType): DataType | undefined {
  if (DataType.isList(type) || DataType.isStruct(type) || DataType.isMap(type)) {
    for (const child of type.children) {
      const found = findUnsupported(child.type);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return isSupportedScalar(type) ? undefined : type;
}

function isSupportedScalar(type: DataType): boolean {
  if (DataType.isInt(type)) return type.isSigned;
  if (DataType.isFloat(type)) return type.precision !== Precision.HALF;
  if (DataType.isDecimal(type)) return type.bitWidth === 128;
  if (DataType.isDate(type)) return type.unit === DateUnit.DAY || type.unit === DateUnit.MILLISECOND;
  if (DataType.isTimestamp(type))
    return (type.unit === TimeUnit.MILLISECOND || type.unit === TimeUnit.MICROSECOND) && Boolean(type.timezone);
  return DataType.isBool(type) || DataType.isUtf8(type) || DataType.isBinary(type);
}
