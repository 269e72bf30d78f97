import { ErganeError } from '@ergane/protocol';
import { duckdbType } from '../../sql/types/physical-type.ts';
import type { TrinoType } from '../../sql/trino-type.ts';
import { quoteText } from '../quote.ts';
import { quoteList } from './text-lines.ts';

/** How text stands for values. */
export interface ValueOptions {
  /** Joda formats of timestamps, tried before Hive's own */
  readonly timestampFormats: readonly string[];
  /** whether a whole number may have a fraction, which is dropped */
  readonly truncates: boolean;
}

/**
 * A DuckDB expression for a value that is not nested, from text in the forms that Hive's SerDes take; NULL where the text is none.
 * What each accepts was compared with Trino's readers, which Athena's engine version 3 has.
 */
export function hiveValue(text: string, type: TrinoType, options: ValueOptions): string {
  switch (type.kind) {
    case 'varchar':
      return type.length === undefined ? text : `left(${text}, ${type.length})`;
    case 'char':
      return `rtrim(left(${text}, ${type.length}), ' ')`;
    case 'boolean':
      return `CASE lower(${text}) WHEN 'true' THEN true WHEN 'false' THEN false END`;
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return integerValue(text, duckdbType(type), options.truncates);
    case 'decimal':
      return `CASE WHEN regexp_full_match(${text}, '${DECIMAL}') THEN TRY_CAST(${text} AS ${duckdbType(type)}) END`;
    case 'real':
    case 'double':
      return floatValue(text, duckdbType(type));
    case 'date':
      return dateValue(text);
    case 'timestamp':
      return timestampValue(text, options.timestampFormats);
    case 'varbinary':
      return binaryValue(text);
    case 'unknown':
    case 'json':
    case 'uuid':
    case 'ipaddress':
    case 'interval day to second':
    case 'interval year to month':
    case 'time':
    case 'time with time zone':
    case 'timestamp with time zone':
    case 'array':
    case 'map':
    case 'row':
    case 'function':
    case 'hyperloglog':
    case 'qdigest':
    case 'tdigest':
    case 'setdigest':
    case 'color':
    case 'bingtile':
    case 'geometry':
      throw new ErganeError('INTERNAL', `a value of type ${type.kind} is not read from one text`);
  }
}

const DECIMAL = '[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?';

/** DuckDB would take blanks, exponents and underscores, and round a fraction; Hive drops it. */
function integerValue(text: string, type: string, truncates: boolean): string {
  const whole = `split_part(${text}, '.', 1)`;
  const fraction = `WHEN regexp_full_match(${text}, '[+-]?[0-9]*\\.[0-9]*') THEN CASE WHEN ${whole} IN ('', '+', '-') THEN 0 ELSE TRY_CAST(${whole} AS ${type}) END`;
  return `CASE WHEN regexp_full_match(${text}, '[+-]?[0-9]+') THEN TRY_CAST(${text} AS ${type}) ${truncates ? fraction : ''} END`;
}

/** Base64 with or without its padding, of either alphabet; what is none stands for its own bytes. */
function binaryValue(text: string): string {
  const letters = `regexp_replace(translate(${text}, '-_', '+/'), '[=\\s]', '', 'g')`;
  const whole = `CASE WHEN length(${letters}) % 4 = 1 THEN left(${letters}, length(${letters}) - 1) ELSE ${letters} END`;
  const padded = `from_base64(rpad(${whole}, CAST(ceil(length(${whole}) / 4) AS INTEGER) * 4, '='))`;
  return `CASE WHEN regexp_full_match(${text}, '[A-Za-z0-9+/_=\\s-]*') THEN ${padded} ELSE encode(${text}) END`;
}

/** As Java's Double.parseDouble: blanks around it, a suffix `f` or `d`, NaN and Infinity spelt so. */
function floatValue(text: string, type: string): string {
  const number = `rtrim(trim(${text}), 'fFdD')`;
  return `CASE WHEN regexp_full_match(trim(${text}), '${DECIMAL}[fFdD]?') THEN TRY_CAST(${number} AS ${type}) WHEN regexp_full_match(trim(${text}), '[+-]?(?:NaN|Infinity)') THEN TRY_CAST(ltrim(trim(${text}), '+') AS ${type}) END`;
}

/** `year-month-day`, and what follows a blank is ignored; a day or a month too many goes into the next, as in Hive. */
export function dateValue(text: string): string {
  const day = `split_part(trim(${text}), ' ', 1)`;
  return `CASE WHEN CAST(TRY_CAST(${text} AS DATE) AS VARCHAR) = ${text} THEN TRY_CAST(${text} AS DATE) WHEN regexp_full_match(${day}, '-?[0-9]{1,6}-[0-9]{1,2}-[0-9]{1,2}') THEN ${lenientDate(day)} END`;
}

function lenientDate(text: string): string {
  const part = (group: number) => `CAST(regexp_extract(${text}, '^(-?[0-9]+)-([0-9]+)-([0-9]+)', ${group}) AS INTEGER)`;
  return `(CAST(make_date(${part(1)}, 1, 1) + to_months(${part(2)} - 1) AS DATE) + (${part(3)} - 1))`;
}

/** `2024-01-05 10:00:00.123` with one or two digits each, or with T; a time of day too many goes into the next. */
function timestampValue(text: string, formats: readonly string[]): string {
  const trimmed = `trim(${text})`;
  const plain = `CASE WHEN regexp_full_match(${trimmed}, '[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,9})?') AND TRY_CAST(${trimmed} AS TIMESTAMP) IS NOT NULL THEN TRY_CAST(${trimmed} AS TIMESTAMP) WHEN regexp_full_match(${trimmed}, '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,9})?)?') THEN TRY_CAST(${trimmed} AS TIMESTAMP) WHEN regexp_full_match(${trimmed}, '-?[0-9]{1,6}-[0-9]{1,2}-[0-9]{1,2} [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\\.[0-9]{1,9})?') THEN ${lenientTimestamp(trimmed)} END`;
  const either =
    formats.length === 0 ? plain : `coalesce(ergane_hive_timestamp(${trimmed}, ${quoteList(formats)}), ${plain})`;
  return toMillis(either);
}

function lenientTimestamp(text: string): string {
  const part = (group: number) =>
    `coalesce(TRY_CAST(regexp_extract(${text}, ' ([0-9]+):([0-9]+):([0-9]+)', ${group}) AS INTEGER), 0)`;
  const fraction = `coalesce(TRY_CAST('0' || nullif(regexp_extract(${text}, '\\.[0-9]+$'), '') AS DECIMAL(12,9)), 0)`;
  return `(CAST(${lenientDate(text)} AS TIMESTAMP) + to_hours(${part(1)}) + to_minutes(${part(2)}) + to_seconds(${part(3)} + CAST(${fraction} AS DOUBLE)))`;
}

/** Athena's timestamps of tables have three digits; a half is rounded up. */
export function toMillis(timestamp: string): string {
  return `date_trunc('millisecond', ${timestamp} + INTERVAL 500 MICROSECONDS)`;
}

/** `timestamp.formats`: by commas; a backslash before a comma or a backslash takes it as it is. */
export function timestampFormats(properties: Readonly<Record<string, string>>): readonly string[] {
  const text = properties['timestamp.formats'] ?? '';
  const formats = Array.from(text.matchAll(/(?:[^,\\]|\\.)+/g), ([format]) => format.replace(/\\([,\\])/g, '$1'));
  return formats.filter((format) => format !== '');
}

/** Stands in a message before the line that it is about, whose number is looked for then. */
export const LINE_MARK = '\u001e';

/** What an error's text ends in to tell its line. */
export function lineMark(line: string): string {
  return `chr(30) || left(${line}, 1000)`;
}

/** The value, or an error that names file and column where the text is none of the type. `line` is quoted for who looks for its number. */
export function requireValue(
  value: string,
  text: string,
  place: { readonly name: string; readonly type: TrinoType; readonly file: string; readonly line?: string },
): string {
  const { name, type, file, line } = place;
  const problem = quoteText(` is no ${describeType(type)} of column ${name} in file `);
  const where = line === undefined ? file : `${file} || ${lineMark(line)}`;
  return `CASE WHEN ${text} IS NULL THEN NULL WHEN ${value} IS NULL THEN error('FILE_INVALID: "' || left(${text}, 100) || '"' || ${problem} || ${where}) ELSE ${value} END`;
}

function describeType(type: TrinoType): string {
  return type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind;
}
