import { printValue, type ResultValue, type TrinoType } from '@ergane/engine';
import { ErganeError } from '@ergane/protocol';
import * as arrow from 'apache-arrow';
import { fieldNames } from './format.ts';

const PLAIN: Readonly<Partial<Record<TrinoType['kind'], () => arrow.DataType>>> = {
  unknown: () => new arrow.Null(),
  boolean: () => new arrow.Bool(),
  tinyint: () => new arrow.Int8(),
  smallint: () => new arrow.Int16(),
  integer: () => new arrow.Int32(),
  bigint: () => new arrow.Int64(),
  real: () => new arrow.Float32(),
  double: () => new arrow.Float64(),
  date: () => new arrow.DateDay(),
  varbinary: () => new arrow.Binary(),
};

/** The Arrow type that holds every value of a Trino type; Utf8 where there is none. */
export function arrowType(type: TrinoType): arrow.DataType {
  if (type.kind === 'decimal') return new arrow.Decimal(type.scale, type.precision, 128);
  if (type.kind === 'timestamp') return timestampType(type.precision);
  if (type.kind === 'array') return new arrow.List(new arrow.Field('item', arrowType(type.element), true));
  if (type.kind === 'map') return new arrow.Map_(new arrow.Field('entries', entryType(type), false));
  if (type.kind === 'row') {
    const names = fieldNames(type.fields);
    return new arrow.Struct(
      type.fields.map((field, index) => new arrow.Field(names[index] ?? '', arrowType(field.type), true)),
    );
  }
  return PLAIN[type.kind]?.() ?? new arrow.Utf8();
}

function timestampType(precision: number): arrow.DataType {
  if (precision <= 3) return new arrow.TimestampMillisecond();
  if (precision <= 6) return new arrow.TimestampMicrosecond();
  return precision <= 9 ? new arrow.TimestampNanosecond() : new arrow.Utf8();
}

type MapType = TrinoType & { readonly kind: 'map' };

function entryType({ key, value }: MapType): arrow.Struct<{ key: arrow.DataType; value: arrow.DataType }> {
  return new arrow.Struct([
    new arrow.Field('key', arrowType(key), false),
    new arrow.Field('value', arrowType(value), true),
  ]);
}

/** One column of values as Arrow data. */
export function makeArrowData(trinoType: TrinoType, values: readonly ResultValue[]): arrow.Data {
  const type = arrowType(trinoType);
  const length = values.length;
  const { nullBitmap, nullCount } = markNulls(values);
  const shared = { length, nullCount, nullBitmap };
  if (type instanceof arrow.Null) return arrow.makeData({ type, length });
  if (type instanceof arrow.Bool)
    return arrow.makeData({ ...shared, type, data: packBits(values, (value) => value === true) });
  if (type instanceof arrow.List && trinoType.kind === 'array') {
    const lists = values.map(asList);
    const child = makeArrowData(trinoType.element, lists.flat());
    return arrow.makeData({ ...shared, type, valueOffsets: offsets(lists.map((list) => list.length)), child });
  }
  if (type instanceof arrow.Map_ && trinoType.kind === 'map') {
    const lists = values.map(asList);
    const child = makeEntries(trinoType, lists.flat().map(asList));
    return arrow.makeData({ ...shared, type, valueOffsets: offsets(lists.map((list) => list.length)), child });
  }
  if (type instanceof arrow.Struct && trinoType.kind === 'row') {
    const rows = values.map(asList);
    const children = trinoType.fields.map((field, index) =>
      makeArrowData(
        field.type,
        rows.map((row) => row[index] ?? null),
      ),
    );
    return arrow.makeData({ ...shared, type, children });
  }
  if (type instanceof arrow.Utf8 || type instanceof arrow.Binary) {
    const parts = values.map((value) => toBytes(value, trinoType));
    const data = Buffer.concat(parts);
    const valueOffsets = offsets(parts.map((part) => part.length));
    return type instanceof arrow.Utf8
      ? arrow.makeData({ ...shared, type, valueOffsets, data })
      : arrow.makeData({ ...shared, type, valueOffsets, data });
  }
  return makeFixedWidth(type, values, shared);
}

function makeEntries(type: MapType, entries: readonly (readonly ResultValue[])[]): arrow.Data<arrow.Struct> {
  const children = [type.key, type.value].map((part, index) =>
    makeArrowData(
      part,
      entries.map((entry) => entry[index] ?? null),
    ),
  );
  return arrow.makeData({ type: entryType(type), length: entries.length, nullCount: 0, children });
}

interface Validity {
  readonly length: number;
  readonly nullCount: number;
  readonly nullBitmap: Uint8Array | undefined;
}

function makeFixedWidth(type: arrow.DataType, values: readonly ResultValue[], shared: Validity): arrow.Data {
  const make = arrow.makeData;
  if (type instanceof arrow.Int8) return make({ ...shared, type, data: Int8Array.from(values, asNumber) });
  if (type instanceof arrow.Int16) return make({ ...shared, type, data: Int16Array.from(values, asNumber) });
  if (type instanceof arrow.Int32) return make({ ...shared, type, data: Int32Array.from(values, asNumber) });
  if (type instanceof arrow.Int64) return make({ ...shared, type, data: BigInt64Array.from(values, asBigint) });
  if (type instanceof arrow.Float32) return make({ ...shared, type, data: Float32Array.from(values, asNumber) });
  if (type instanceof arrow.Float64) return make({ ...shared, type, data: Float64Array.from(values, asNumber) });
  if (type instanceof arrow.Decimal) return make({ ...shared, type, data: decimalWords(values, type.scale) });
  const texts = values.map((value) => (value === null ? undefined : asText(value)));
  if (type instanceof arrow.DateDay) {
    return make({ ...shared, type, data: Int32Array.from(texts, (text) => (text === undefined ? 0 : toDays(text))) });
  }
  if (!(type instanceof arrow.Timestamp)) throw new ErganeError('INTERNAL', `no Arrow data is made of ${String(type)}`);
  const digits = 3 * type.unit;
  const data = BigInt64Array.from(texts, (text) => (text === undefined ? 0n : toTicks(text, digits)));
  return make({ ...shared, type, data });
}

/** 128 bits a value, two's complement, little-endian. */
function decimalWords(values: readonly ResultValue[], scale: number): Uint32Array {
  const words = new BigUint64Array(values.length * 2);
  for (const [index, value] of values.entries()) {
    const unscaled = value === null ? 0n : toUnscaled(asText(value), scale);
    words[2 * index] = BigInt.asUintN(64, unscaled);
    words[2 * index + 1] = BigInt.asUintN(64, unscaled >> 64n);
  }
  return new Uint32Array(words.buffer);
}

/** `-12.5` of scale 3 is -12500. */
function toUnscaled(text: string, scale: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(`${whole}${fraction.padEnd(scale, '0')}`);
}

const DAY_MS = 86_400_000;

/** Days since 1970-01-01 of `2024-02-29`; years may have a sign and more than four digits. */
function toDays(text: string): number {
  const [, sign = '', year = '', month = '', day = ''] = /^([+-]?)(\d+)-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const date = new Date(0);
  date.setUTCFullYear(Number(`${sign}${year}`), Number(month) - 1, Number(day));
  return Math.round(date.getTime() / DAY_MS);
}

/** `2024-02-29 12:34:56.789` in units of ten to the minus `digits` seconds since 1970. */
function toTicks(text: string, digits: number): bigint {
  const [date = '', time = ''] = text.split(' ');
  const [hours = '0', minutes = '0', rest = '0'] = time.split(':');
  const [seconds = '0', fraction = ''] = rest.split('.');
  const whole = toDays(date) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return BigInt(whole) * 10n ** BigInt(digits) + BigInt(fraction.padEnd(digits, '0').slice(0, digits) || '0');
}

function toBytes(value: ResultValue, type: TrinoType): Uint8Array {
  if (value === null) return new Uint8Array(0);
  if (value instanceof Uint8Array) return value;
  return Buffer.from(typeof value === 'string' ? value : (printValue(value, type) ?? ''), 'utf8');
}

function markNulls(values: readonly ResultValue[]) {
  const nullCount = values.reduce<number>((count, value) => count + (value === null ? 1 : 0), 0);
  return { nullCount, nullBitmap: nullCount === 0 ? undefined : packBits(values, (value) => value !== null) };
}

function packBits(values: readonly ResultValue[], isSet: (value: ResultValue) => boolean): Uint8Array {
  const bits = new Uint8Array((values.length + 7) >> 3);
  for (const [index, value] of values.entries())
    if (isSet(value)) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  return bits;
}

function offsets(lengths: readonly number[]): Int32Array {
  const result = new Int32Array(lengths.length + 1);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total > 0x7fffffff) {
    const message = `${total} bytes in one column of ${lengths.length} rows are more than Arrow's Utf8 and Binary hold: read fewer rows, or use another format`;
    throw new ErganeError('NOT_SUPPORTED', message);
  }
  for (const [index, length] of lengths.entries()) result[index + 1] = (result[index] ?? 0) + length;
  return result;
}

function asNumber(value: ResultValue): number {
  return value === null ? 0 : typeof value === 'number' ? value : wrongValue('number', value);
}

function asBigint(value: ResultValue): bigint {
  return value === null ? 0n : typeof value === 'bigint' ? value : wrongValue('bigint', value);
}

function asText(value: ResultValue): string {
  return typeof value === 'string' ? value : wrongValue('text', value);
}

function asList(value: ResultValue): readonly ResultValue[] {
  return value === null ? [] : isList(value) ? value : wrongValue('list', value);
}

function isList(value: ResultValue): value is readonly ResultValue[] {
  return Array.isArray(value);
}

function wrongValue(expected: string, value: ResultValue): never {
  throw new ErganeError('INTERNAL', `a result holds ${typeof value} where a ${expected} belongs`);
}
