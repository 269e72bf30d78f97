import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampValue,
  DuckDBUUIDValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { ErganeError } from '@ergane/protocol';
import type { TrinoType } from '../sql/trino-type.ts';
import { printAddress } from '../sql/runtime/address.ts';
import { unpackZoned } from '../sql/runtime/cast-functions.ts';
import {
  printDate,
  printDayInterval,
  printTime,
  printTimeTz,
  printTimestamp,
  printYearInterval,
  printZoned,
} from '../sql/runtime/instant-text.ts';
import { printDecimal } from '../sql/runtime/number-text.ts';
import type { ResultValue } from './query-result.ts';

/** A value of a DuckDB result (in the physical type of `duckdbType`) as the value that results hold; see ResultValue. */
export function readResultValue(value: DuckDBValue, type: TrinoType): ResultValue {
  if (value === null) return null;
  if (type.kind === 'decimal') {
    return value instanceof DuckDBDecimalValue ? printDecimal(value.value, value.scale) : unexpected(value, type);
  }
  if (type.kind === 'char') {
    const text = String(value);
    // the length counts characters, of which some take two of JavaScript's units
    return text + ' '.repeat(Math.max(0, type.length - [...text].length));
  }
  if (type.kind === 'varbinary') {
    return value instanceof DuckDBBlobValue ? value.bytes : unexpected(value, type);
  }
  if (type.kind === 'ipaddress') {
    return value instanceof DuckDBBlobValue ? printAddress(value.bytes) : unexpected(value, type);
  }
  if (type.kind === 'uuid') {
    return value instanceof DuckDBUUIDValue ? value.toString() : unexpected(value, type);
  }
  if (type.kind === 'date') {
    return value instanceof DuckDBDateValue ? printDate(value.days) : unexpected(value, type);
  }
  if (type.kind === 'time') {
    return printTime(integer(value, type), type.precision);
  }
  if (type.kind === 'time with time zone') {
    return printTimeTz(integer(value, type), type.precision);
  }
  if (type.kind === 'timestamp') {
    if (value instanceof DuckDBTimestampValue) return printTimestamp(value.micros * 1_000_000n, type.precision);
    return printTimestamp(integer(value, type), type.precision);
  }
  if (type.kind === 'timestamp with time zone') {
    const { picos, key } = unpackZoned(integer(value, type), type.precision);
    return printZoned(picos, key, type.precision);
  }
  if (type.kind === 'interval day to second') {
    return printDayInterval(integer(value, type));
  }
  if (type.kind === 'interval year to month') {
    return printYearInterval(Number(value));
  }
  if (type.kind === 'array') {
    if (!(value instanceof DuckDBListValue)) return unexpected(value, type);
    return value.items.map((item) => readResultValue(item, type.element));
  }
  if (type.kind === 'map') {
    if (!(value instanceof DuckDBMapValue)) return unexpected(value, type);
    return value.entries.map((entry) => [
      readResultValue(entry.key, type.key),
      readResultValue(entry.value, type.value),
    ]);
  }
  if (type.kind === 'row') {
    if (!(value instanceof DuckDBStructValue)) return unexpected(value, type);
    return type.fields.map((field, index) => readResultValue(value.entries[`f${index}`] ?? null, field.type));
  }

  return plain(value, type);
}

function plain(value: DuckDBValue, type: TrinoType): ResultValue {
  if (typeof value !== 'object' || value === null) return value;
  return value instanceof DuckDBBlobValue ? value.bytes : unexpected(value, type);
}

function integer(value: DuckDBValue, type: TrinoType): bigint {
  return typeof value === 'bigint' || typeof value === 'number' ? BigInt(value) : unexpected(value, type);
}

function unexpected(value: DuckDBValue, type: TrinoType): never {
  throw new ErganeError('INTERNAL', `DuckDB gave ${String(value)} for a value of type ${type.kind}`);
}
