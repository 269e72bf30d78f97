import { duckdbType } from '../../sql/types/physical-type.ts';
import type { TrinoType } from '../../sql/trino-type.ts';
import type { FileColumn } from '../file-relation.ts';
import { hiveValue, timestampFormats, toMillis } from './hive-value.ts';
import { columnMember, type KeyOptions } from './json-keys.ts';
import { JsonReader, type Place } from './json-reader.ts';

/**
 * The OpenX SerDe (https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html) with `mapping.<column>`, `case.insensitive` and
 * `dots.in.keys`. A text that is no value is NULL, numbers may be strings, a single value is an array of one, and a line that is an array
 * has the columns by position.
 */
export class OpenxJson extends JsonReader {
  column({ name, type }: FileColumn, index: number): string {
    const place = { type, depth: 0, column: name };
    const mapped = this.properties[`mapping.${name}`];
    const options = mapped === undefined ? this.keys() : { ...this.keys(), dots: false };
    const member = columnMember(mapped ?? name, options);
    return this.value(
      `CASE json_type(json) WHEN 'ARRAY' THEN json_extract(json, '$[${index}]') ELSE ${member} END`,
      place,
    );
  }

  protected keys(): KeyOptions {
    const isTrue = (name: string, otherwise: string) => /^true$/i.test(this.properties[name] ?? otherwise);
    return {
      insensitive: isTrue('case.insensitive', 'true'),
      dots: isTrue('dots.in.keys', 'false') || isTrue('ConvertDotsInJsonKeysToUnderscores', 'false'),
    };
  }

  protected otherwise(json: string, place: Place): string {
    const { type } = place;
    const isBlank = `json_type(${json}) = 'VARCHAR' AND trim(${json} ->> '$') = ''`;
    if (type.kind === 'array') {
      const single = `CAST([${this.value(json, { ...place, type: type.element, depth: place.depth + 1 })}] AS ${duckdbType(type)})`;
      return `CASE WHEN json_type(${json}) = 'VARCHAR' AND (${json} ->> '$') = '' THEN NULL ELSE ${single} END`;
    }
    if (type.kind !== 'row') return `CASE WHEN ${isBlank} THEN NULL ELSE ${this.failure(json, place)} END`;
    const fields = type.fields.map(
      (field, index) =>
        `'f${index}': ${this.value(`json_extract(${json}, '$[${index}]')`, { ...place, type: field.type })}`,
    );
    // a blank string has no members: all fields are NULL
    return `CASE WHEN ${isBlank} OR json_type(${json}) = 'ARRAY' THEN {${fields.join(', ')}} ELSE ${this.failure(json, place)} END`;
  }

  protected scalar(json: string, place: Place): string {
    const { type } = place;
    const text = this.text(json);
    const isNested = `json_type(${json}) IN ('OBJECT', 'ARRAY')`;
    if (type.kind === 'varchar' || type.kind === 'char') {
      const written = `regexp_replace(CAST(${json} AS VARCHAR), '"\\\\u0001([^"]*)"', '\\1', 'g')`;
      return hiveValue(`CASE WHEN ${isNested} THEN ${written} ELSE ${text} END`, type, NO_OPTIONS);
    }
    if (type.kind === 'boolean') return `(lower(${text}) = 'true')`;
    if (type.kind === 'varbinary')
      return `CASE WHEN json_type(${json}) = 'VARCHAR' AND regexp_full_match(${text}, '${BASE64}') THEN from_base64(${text}) END`;
    return `CASE WHEN ${isNested} THEN ${this.failure(json, place)} ELSE ${lenient(text, type, timestampFormats(this.properties))} END`;
  }
}

const BASE64 = '(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?';
const NO_OPTIONS = { timestampFormats: [], truncates: false };

function lenient(text: string, type: TrinoType, formats: readonly string[]): string {
  if (type.kind === 'date')
    return `coalesce(${hiveValue(text, type, NO_OPTIONS)}, DATE '1970-01-01' + ${wholeNumber(text, 'INTEGER')})`;
  if (type.kind === 'timestamp') {
    const local = `regexp_replace(${text}, '^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+)Z$', '\\1')`;
    const plain = hiveValue(local, type, { timestampFormats: formats, truncates: false });
    return `coalesce(${epochTimestamp(text)}, ${plain}, ${offsetTimestamp(text)})`;
  }
  const isWhole = ['tinyint', 'smallint', 'integer', 'bigint'].includes(type.kind);
  return isWhole ? wholeNumber(text, duckdbType(type)) : hiveValue(text, type, NO_OPTIONS);
}

/** Decimal with fraction and exponent, which are cut off; `0x1F`; octal where it begins with 0. */
function wholeNumber(text: string, type: string): string {
  const octal = `list_reduce(list_transform(string_split(ltrim(${text}, '0'), ''), lambda c: CAST(c AS BIGINT)), lambda a, c: a * 8 + c)`;
  return `CASE WHEN regexp_full_match(${text}, '0[0-7]{1,20}') THEN CASE WHEN ltrim(${text}, '0') = '' THEN 0 ELSE TRY_CAST(${octal} AS ${type}) END WHEN regexp_full_match(${text}, '[+-]?[0-9]{1,20}') THEN TRY_CAST(${text} AS ${type}) WHEN regexp_full_match(${text}, '0[xX][0-9a-fA-F]{1,15}') THEN TRY_CAST(CAST(${text} AS BIGINT) AS ${type}) WHEN regexp_full_match(${text}, '[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?') THEN TRY_CAST(trunc(TRY_CAST(${text} AS DECIMAL(38,9))) AS ${type}) END`;
}

/** Seconds, or milliseconds where there are 13 digits or more. */
function epochTimestamp(text: string): string {
  const seconds = `TRY_CAST(${text} AS DECIMAL(38,6))`;
  const micros = `CAST(CASE WHEN length(split_part(${text}, '.', 1)) >= 13 THEN ${seconds} * 1000 ELSE ${seconds} * 1000000 END AS HUGEINT)`;
  return `CASE WHEN regexp_full_match(${text}, '[+-]?[0-9]{1,15}(?:\\.[0-9]{1,9})?') AND ${micros} BETWEEN -9000000000000000000 AND 9000000000000000000 THEN ${toMillis(`make_timestamp(CAST(${micros} AS BIGINT))`)} END`;
}

/** With an offset, which is applied: the time is UTC's. */
function offsetTimestamp(text: string): string {
  const local = `TRY_CAST(replace(left(${text}, length(${text}) - 5), 'T', ' ') AS TIMESTAMP)`;
  const offset = `(CAST(substring(${text}, length(${text}) - 3, 2) AS INTEGER) * 60 + CAST(right(${text}, 2) AS INTEGER))`;
  const sign = `CASE substring(${text}, length(${text}) - 4, 1) WHEN '-' THEN -1 ELSE 1 END`;
  return `CASE WHEN regexp_full_match(${text}, '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,9})?[+-][0-9]{4}') THEN ${toMillis(`(${local} - to_minutes(${sign} * ${offset}))`)} END`;
}
