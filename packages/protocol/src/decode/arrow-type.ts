import {
  Binary,
  Bool,
  type DataType,
  DateUnit,
  Date_,
  Decimal,
  Field,
  FixedSizeBinary,
  FixedSizeList,
  Float,
  Int,
  List,
  Map_,
  Null,
  Precision,
  Struct,
  Time,
  TimeUnit,
  Timestamp,
  Utf8,
} from 'apache-arrow';
import { invalid } from '../invalid.ts';
import { JsonObject } from './json-object.ts';

const INT_WIDTHS = [8, 16, 32, 64] as const;
const PRECISIONS = { HALF: Precision.HALF, SINGLE: Precision.SINGLE, DOUBLE: Precision.DOUBLE } as const;
const TIME_UNITS = {
  SECOND: TimeUnit.SECOND,
  MILLISECOND: TimeUnit.MILLISECOND,
  MICROSECOND: TimeUnit.MICROSECOND,
  NANOSECOND: TimeUnit.NANOSECOND,
} as const;

/**
 * An Arrow type as JSON, as constraints name it (section 2.6). It does not say the elements of lists, structs and maps: theirs are
 * Null here.
 */
export function decodeArrowType(value: unknown, path: string): DataType {
  const type = new JsonObject(value, path);
  const name = type.text('@type');
  switch (name) {
    case 'Null':
      return new Null();
    case 'Utf8':
      return new Utf8();
    case 'Binary':
      return new Binary();
    case 'Bool':
      return new Bool();
    case 'Int':
      return new Int(type.boolean('isSigned'), bitWidth(type, INT_WIDTHS));
    case 'FloatingPoint':
      return new Float(PRECISIONS[type.word('precision', ['HALF', 'SINGLE', 'DOUBLE'])]);
    case 'Decimal':
      return new Decimal(type.integer('scale'), type.integer('precision'), 128);
    case 'Date':
      return new Date_(type.word('unit', ['DAY', 'MILLISECOND']) === 'DAY' ? DateUnit.DAY : DateUnit.MILLISECOND);
    case 'Time':
      return new Time(timeUnit(type), bitWidth(type, [32, 64]));
    case 'Timestamp':
      return new Timestamp(timeUnit(type), type.textOrNull('timezone'));
    case 'FixedSizeBinary':
      return new FixedSizeBinary(type.integer('byteWidth'));
    default:
      return decodeNested(name, type);
  }
}

function decodeNested(name: string, type: JsonObject): DataType {
  const element = new Field('', new Null(), true);
  switch (name) {
    case 'List':
      return new List(element);
    case 'FixedSizeList':
      return new FixedSizeList(type.integer('listSize'), element);
    case 'Struct':
      return new Struct([]);
    case 'Map': {
      const entries: Struct = new Struct([new Field('key', new Null(), false), new Field('value', new Null(), true)]);
      return new Map_(new Field('entries', entries, false));
    }
    default:
      throw invalid(type.at('@type'), 'an Arrow type that Athena supports', name);
  }
}

function timeUnit(type: JsonObject): TimeUnit {
  return TIME_UNITS[type.word('unit', ['SECOND', 'MILLISECOND', 'MICROSECOND', 'NANOSECOND'])];
}

function bitWidth<Width extends number>(type: JsonObject, allowed: readonly Width[]): Width {
  const width = type.integer('bitWidth');
  const found = allowed.find((candidate) => candidate === width);
  if (found === undefined) throw invalid(type.at('bitWidth'), `one of ${allowed.join(', ')}`, width);
  return found;
}
