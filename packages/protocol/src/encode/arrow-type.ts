import { DataType, DateUnit, Precision, TimeUnit } from 'apache-arrow';
import { Found, invalid } from '../invalid.ts';

export type Json = Readonly<Record<string, unknown>>;

const PRECISIONS = { [Precision.HALF]: 'HALF', [Precision.SINGLE]: 'SINGLE', [Precision.DOUBLE]: 'DOUBLE' } as const;

/** An Arrow type as JSON, members in Java's order (section 2.6). */
export function encodeArrowType(type: DataType): Json {
  if (DataType.isInt(type)) return { '@type': 'Int', bitWidth: type.bitWidth, isSigned: type.isSigned };
  if (DataType.isFloat(type)) return { '@type': 'FloatingPoint', precision: PRECISIONS[type.precision] };
  if (DataType.isDecimal(type)) return { '@type': 'Decimal', precision: type.precision, scale: type.scale };
  if (DataType.isDate(type)) return { '@type': 'Date', unit: type.unit === DateUnit.DAY ? 'DAY' : 'MILLISECOND' };
  if (DataType.isTime(type)) return { '@type': 'Time', unit: TimeUnit[type.unit], bitWidth: type.bitWidth };
  if (DataType.isTimestamp(type))
    return { '@type': 'Timestamp', unit: TimeUnit[type.unit], timezone: type.timezone ?? null };
  if (DataType.isFixedSizeBinary(type)) return { '@type': 'FixedSizeBinary', byteWidth: type.byteWidth };
  if (DataType.isFixedSizeList(type)) return { '@type': 'FixedSizeList', listSize: type.listSize };
  return { '@type': plainName(type) };
}

function plainName(type: DataType): string {
  if (DataType.isNull(type)) return 'Null';
  if (DataType.isUtf8(type)) return 'Utf8';
  if (DataType.isBinary(type)) return 'Binary';
  if (DataType.isBool(type)) return 'Bool';
  if (DataType.isList(type)) return 'List';
  if (DataType.isStruct(type)) return 'Struct';
  if (DataType.isMap(type)) return 'Map';
  throw invalid('type', 'an Arrow type that Athena supports', new Found(String(type)));
}
