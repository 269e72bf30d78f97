import {
  Binary,
  Bool,
  DataType,
  type DateUnit,
  Date_,
  Decimal,
  type Field,
  FixedSizeBinary,
  FixedSizeList,
  Float,
  Int,
  List,
  Map_,
  Null,
  type Precision,
  Struct,
  Time,
  type TimeUnit,
  Timestamp,
  Utf8,
} from 'apache-arrow';
import { Found, invalid } from '../invalid.ts';
import type { FlatTable } from './flat-table.ts';
import { type FlatField, flatInt16, flatInt32, flatString, flatUint8 } from './flat-writer.ts';

/** Arrow's `Type` union (Schema.fbs), as far as the protocol can name types (section 2.6) but for unions and intervals. */
const TYPE = {
  Null: 1,
  Int: 2,
  FloatingPoint: 3,
  Binary: 4,
  Utf8: 5,
  Bool: 6,
  Decimal: 7,
  Date: 8,
  Time: 9,
  Timestamp: 10,
  List: 12,
  Struct: 13,
  FixedSizeBinary: 15,
  FixedSizeList: 16,
  Map: 17,
} as const;

interface TypeMetadata {
  readonly typeId: number;
  readonly table: FlatTable | undefined;
  readonly children: readonly Field[];
  readonly path: string;
}

/** An Arrow type from the metadata of a field. */
export function readType(metadata: TypeMetadata): DataType {
  const { typeId, table, path } = metadata;
  switch (typeId) {
    case TYPE.Null:
      return new Null();
    case TYPE.Binary:
      return new Binary();
    case TYPE.Utf8:
      return new Utf8();
    case TYPE.Bool:
      return new Bool();
    case TYPE.Int:
      return new Int(table?.uint8(1) === 1, oneOf(table?.int32(0), [8, 16, 32, 64], `${path}.type.bitWidth`));
    case TYPE.FloatingPoint:
      return new Float(oneOf<Precision>(table?.int16(0), [0, 1, 2], `${path}.type.precision`));
    case TYPE.Decimal:
      return readDecimal(table, path);
    case TYPE.Date:
      return new Date_(oneOf<DateUnit>(table?.int16(0, 1), [0, 1], `${path}.type.unit`));
    case TYPE.Time: {
      const unit = oneOf<TimeUnit>(table?.int16(0, 1), [0, 1, 2, 3], `${path}.type.unit`);
      return new Time(unit, oneOf(table?.int32(1, 32), [32, 64], `${path}.type.bitWidth`));
    }
    case TYPE.Timestamp: {
      const unit = oneOf<TimeUnit>(table?.int16(0), [0, 1, 2, 3], `${path}.type.unit`);
      return new Timestamp(unit, table?.string(1) ?? null);
    }
    case TYPE.FixedSizeBinary:
      return new FixedSizeBinary(table?.int32(0) ?? 0);
    default:
      return readNested(metadata);
  }
}

function readNested({ typeId, table, children, path }: TypeMetadata): DataType {
  switch (typeId) {
    case TYPE.List:
      return new List(onlyChild(children, path));
    case TYPE.FixedSizeList:
      return new FixedSizeList(table?.int32(0) ?? 0, onlyChild(children, path));
    case TYPE.Struct:
      return new Struct([...children]);
    case TYPE.Map: {
      const entries = onlyChild(children, path);
      if (!DataType.isStruct(entries.type) || entries.type.children.length !== 2)
        throw invalid(`${path}.children[0]`, 'a struct of key and value', new Found(String(entries.type)));
      return new Map_(entries, table?.uint8(0) === 1);
    }
    default:
      throw invalid(`${path}.type`, 'a type that Athena supports', new Found(`Arrow's type number ${typeId}`));
  }
}

function readDecimal(table: FlatTable | undefined, path: string): Decimal {
  const bitWidth = oneOf(table?.int32(2, 128), [128, 256], `${path}.type.bitWidth`);
  return new Decimal(table?.int32(1) ?? 0, table?.int32(0) ?? 0, bitWidth);
}

function onlyChild(children: readonly Field[], path: string): Field {
  const [child] = children;
  if (child === undefined || children.length !== 1)
    throw invalid(`${path}.children`, 'one child', new Found(`${children.length}`));
  return child;
}

function oneOf<Allowed extends number>(value: number | undefined, allowed: readonly Allowed[], path: string): Allowed {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw invalid(path, `one of ${allowed.join(', ')}`, value);
  return found;
}

/** What a field's metadata says of its type. */
export function typeFields(
  type: DataType,
  path: string,
): { readonly typeId: number; readonly fields: readonly FlatField[]; readonly children: readonly Field[] } {
  const scalar = scalarFields(type);
  if (scalar !== undefined) return { ...scalar, children: [] };
  const { children } = type;
  if (DataType.isList(type)) return { typeId: TYPE.List, fields: [], children };
  if (DataType.isStruct(type)) return { typeId: TYPE.Struct, fields: [], children };
  if (DataType.isMap(type)) return { typeId: TYPE.Map, fields: [flatUint8(type.keysSorted ? 1 : 0)], children };
  if (DataType.isFixedSizeList(type))
    return { typeId: TYPE.FixedSizeList, fields: [flatInt32(type.listSize)], children };
  throw invalid(path, 'a type that Athena supports', new Found(String(type)));
}

function scalarFields(type: DataType): { readonly typeId: number; readonly fields: readonly FlatField[] } | undefined {
  if (DataType.isNull(type)) return { typeId: TYPE.Null, fields: [] };
  if (DataType.isInt(type))
    return { typeId: TYPE.Int, fields: [flatInt32(type.bitWidth), flatUint8(type.isSigned ? 1 : 0)] };
  if (DataType.isFloat(type)) return { typeId: TYPE.FloatingPoint, fields: [flatInt16(type.precision)] };
  if (DataType.isBinary(type)) return { typeId: TYPE.Binary, fields: [] };
  if (DataType.isUtf8(type)) return { typeId: TYPE.Utf8, fields: [] };
  if (DataType.isBool(type)) return { typeId: TYPE.Bool, fields: [] };
  if (DataType.isDecimal(type)) {
    const { precision, scale, bitWidth } = type;
    return { typeId: TYPE.Decimal, fields: [flatInt32(precision), flatInt32(scale), flatInt32(bitWidth)] };
  }
  if (DataType.isDate(type)) return { typeId: TYPE.Date, fields: [flatInt16(type.unit)] };
  if (DataType.isTime(type)) return { typeId: TYPE.Time, fields: [flatInt16(type.unit), flatInt32(type.bitWidth)] };
  if (DataType.isTimestamp(type)) {
    const zone = type.timezone;
    return { typeId: TYPE.Timestamp, fields: [flatInt16(type.unit), zone ? flatString(zone) : undefined] };
  }
  if (DataType.isFixedSizeBinary(type)) return { typeId: TYPE.FixedSizeBinary, fields: [flatInt32(type.byteWidth)] };
  return undefined;
}
