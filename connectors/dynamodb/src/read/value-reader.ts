import { DataType, DateUnit } from 'apache-arrow';
import type { Field } from 'apache-arrow';
import { ErganeError } from '@ergane/protocol';
import { isDouble } from '@ergane/schemas';
import type { WireValue } from '../wire.ts';
import { addLoss } from './losses.ts';
import type { Losses } from './losses.ts';
import { Misfit } from './misfit.ts';
import { parseUnscaled } from '@ergane/schemas';
import { parseSmallUnscaled } from './number.ts';
import { textOf } from './text.ts';
import { parseDate, parseTimestamp } from './time.ts';

/** A wire value in the JavaScript form that column writers and constraints take; null is NULL. @throws Misfit */
export type ValueReader = (value: WireValue) => unknown;

export interface ReaderPlace {
  /** the path of the value, for losses */
  readonly path: string;
  readonly losses: Losses;
}

/** @throws ErganeError NOT_SUPPORTED */
export function makeValueReader(type: DataType, place: ReaderPlace): ValueReader {
  const read = makeTypedReader(type, place);
  return (value) => (value.NULL === true ? null : read(value));
}

function makeTypedReader(type: DataType, place: ReaderPlace): ValueReader {
  if (DataType.isUtf8(type)) return textOf;
  if (DataType.isDecimal(type)) return makeDecimalReader(type.precision, type.scale);
  if (DataType.isBool(type)) return (value) => value.BOOL ?? misfit(value, 'boolean');
  if (DataType.isBinary(type)) return readBinary;
  if (DataType.isInt(type)) return makeIntegerReader(type.bitWidth);
  if (DataType.isFloat(type)) return readDouble;
  if (DataType.isDate(type)) return type.unit === DateUnit.DAY ? readDate : readTimestamp;
  if (DataType.isList(type)) return makeListReader(type.children[0], place);
  if (DataType.isMap(type)) return makeMapReader(type.children[0], place);
  if (DataType.isStruct(type)) return makeRowReader(type.children, place);
  throw new ErganeError('NOT_SUPPORTED', `Ergane reads no ${String(type)} from DynamoDB`);
}

function misfit(value: WireValue, type: string): never {
  throw new Misfit(value, type);
}

function readBinary(value: WireValue): unknown {
  return value.B === undefined ? misfit(value, 'varbinary') : Buffer.from(value.B, 'base64');
}

function makeDecimalReader(precision: number, scale: number): ValueReader {
  const bound = 10 ** precision;
  return (value) => {
    const text = value.N;
    if (text === undefined) return misfit(value, `decimal(${precision},${scale})`);
    const small = parseSmallUnscaled(text, scale);
    if (Math.abs(small) < bound) return BigInt(small);
    return parseUnscaled(text, precision, scale) ?? misfit(value, `decimal(${precision},${scale})`);
  };
}

function makeIntegerReader(bits: number): ValueReader {
  const name = { 8: 'tinyint', 16: 'smallint', 32: 'integer' }[bits] ?? 'bigint';
  return (value) => {
    const whole = value.N === undefined ? undefined : parseUnscaled(value.N, 38, 0);
    if (whole === undefined || BigInt.asIntN(bits, whole) !== whole) return misfit(value, name);
    return bits === 64 ? whole : Number(whole);
  };
}

function readDouble(value: WireValue): unknown {
  return value.N !== undefined && isDouble(value.N) ? Number(value.N) : misfit(value, 'double');
}

function readDate(value: WireValue): unknown {
  return parseDate(value) ?? misfit(value, 'date');
}

function readTimestamp(value: WireValue): unknown {
  return parseTimestamp(value) ?? misfit(value, 'timestamp');
}

function makeListReader(element: Field | undefined, place: ReaderPlace): ValueReader {
  const read = makeValueReader(typeOf(element), place);
  return (value) => {
    const { L, SS, NS, BS } = value;
    if (L !== undefined) return L.map(read);
    if (SS !== undefined) return SS.map((S) => read({ S }));
    if (NS !== undefined) return NS.map((N) => read({ N }));
    return BS === undefined ? misfit(value, 'array') : BS.map((B) => read({ B }));
  };
}

function makeMapReader(entries: Field | undefined, place: ReaderPlace): ValueReader {
  const children: readonly Field[] = typeOf(entries).children;
  const read = makeValueReader(typeOf(children[1]), place);
  return (value) => {
    if (value.M === undefined) return misfit(value, 'map');
    return Object.entries(value.M).map(([name, member]) => [name, read(member)]);
  };
}

function makeRowReader(fields: readonly Field[], { path, losses }: ReaderPlace): ValueReader {
  const readers = fields.map((field) => ({
    name: field.name,
    read: makeValueReader(field.type, { path: `${path}.${field.name}`, losses }),
  }));
  const known = new Set(fields.map((field) => field.name));
  return (value) => {
    const { M } = value;
    if (M === undefined) return misfit(value, 'row');
    for (const name of Object.keys(M)) if (!known.has(name)) addLoss(losses, `${path}.${name}`);
    return readers.map(({ name, read }) => {
      const member = Object.hasOwn(M, name) ? M[name] : undefined;
      return member === undefined ? null : read(member);
    });
  };
}

function typeOf(field: Field | undefined): DataType {
  if (field === undefined) throw new ErganeError('PROTOCOL_INVALID', 'a nested type lacks its children');
  return field.type;
}
