import { ErganeError } from '@ergane/protocol';
import { DataType, DateUnit, Precision, TimeUnit } from 'apache-arrow';
import type { TrinoType } from '../sql/trino-type.ts';

/** The Trino type of a column on Athena's wire (section 2.4); undefined where Athena has none. */
export function trinoTypeOf(type: DataType): TrinoType | undefined {
  if (DataType.isBool(type)) return { kind: 'boolean' };
  if (DataType.isInt(type)) return type.isSigned ? INTEGERS[type.bitWidth] : undefined;
  if (DataType.isFloat(type)) {
    if (type.precision === Precision.DOUBLE) return { kind: 'double' };
    return type.precision === Precision.SINGLE ? { kind: 'real' } : undefined;
  }
  if (DataType.isDecimal(type)) return { kind: 'decimal', precision: type.precision, scale: type.scale };
  if (DataType.isUtf8(type)) return { kind: 'varchar' };
  if (DataType.isBinary(type)) return { kind: 'varbinary' };
  if (DataType.isDate(type)) return type.unit === DateUnit.DAY ? { kind: 'date' } : { kind: 'timestamp', precision: 3 };
  if (DataType.isTimestamp(type))
    return type.unit === TimeUnit.MILLISECOND ? { kind: 'timestamp with time zone', precision: 3 } : undefined;
  return nestedTypeOf(type);
}

const INTEGERS: Readonly<Record<number, TrinoType>> = {
  8: { kind: 'tinyint' },
  16: { kind: 'smallint' },
  32: { kind: 'integer' },
  64: { kind: 'bigint' },
};

function nestedTypeOf(type: DataType): TrinoType | undefined {
  if (DataType.isList(type)) {
    const element = trinoTypeOf(type.valueType);
    return element && { kind: 'array', element };
  }
  if (DataType.isMap(type)) {
    const key = trinoTypeOf(type.keyType);
    const value = trinoTypeOf(type.valueType);
    return key && value && { kind: 'map', key, value };
  }
  if (!DataType.isStruct(type)) return undefined;
  const fields: { name: string; type: TrinoType }[] = [];
  for (const child of type.children) {
    const field = trinoTypeOf(child.type);
    if (!field) return undefined;
    fields.push({ name: child.name, type: field });
  }
  return { kind: 'row', fields };
}

/** As `trinoTypeOf`, for a column that has to have a type. */
export function requireTrinoType(type: DataType, column: string, table: string): TrinoType {
  const found = trinoTypeOf(type);
  if (found) return found;
  throw new ErganeError(
    'NOT_SUPPORTED',
    `table ${table}, column ${column}: Arrow type ${String(type)} has no Athena type; the connector has to give another`,
    { where: { table, column } },
  );
}
