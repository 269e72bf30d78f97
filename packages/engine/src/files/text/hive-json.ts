import type { FileColumn } from '../file-relation.ts';
import { duckdbType } from '../../sql/types/physical-type.ts';
import { hiveValue, timestampFormats } from './hive-value.ts';
import { columnMember, type KeyOptions } from './json-keys.ts';
import { JsonReader, type Place } from './json-reader.ts';

/**
 * Hive's own JsonSerDe (https://docs.aws.amazon.com/athena/latest/ug/hive-json-serde.html). Numbers must be numbers in JSON too, a fraction
 * of a whole number is cut off; what is no value of its column's type is an error.
 */
export class HiveJson extends JsonReader {
  column({ name, type }: FileColumn): string {
    const place = { type, depth: 0, column: name };
    return this.value(columnMember(name, this.keys()), place);
  }

  protected keys(): KeyOptions {
    return { insensitive: true, dots: false };
  }

  protected otherwise(json: string, place: Place): string {
    return this.failure(json, place);
  }

  protected scalar(json: string, place: Place): string {
    const { type } = place;
    const text = this.text(json);
    const value =
      type.kind === 'boolean'
        ? `(lower(${text}) = 'true')`
        : hiveValue(text, type, { timestampFormats: timestampFormats(this.properties), truncates: true });
    const isNumber = ['tinyint', 'smallint', 'integer', 'bigint', 'real', 'double'].includes(type.kind);
    const isString = `(json_type(${json}) NOT IN ('VARCHAR', 'BOOLEAN') OR starts_with(${json} ->> '$', chr(1)))`;
    const whole = `TRY_CAST(trunc(TRY_CAST(${text} AS DOUBLE)) AS ${duckdbType(type)})`;
    const number = isNumber
      ? `CASE WHEN ${isString} THEN ${type.kind === 'real' || type.kind === 'double' ? value : `coalesce(${value}, ${whole})`} END`
      : value;
    return `CASE WHEN json_type(${json}) = 'NULL' THEN NULL WHEN json_type(${json}) IN ('OBJECT', 'ARRAY') THEN ${this.failure(json, place)} WHEN ${json} IS NOT NULL AND ${number} IS NULL THEN ${this.failure(json, place)} ELSE ${number} END`;
  }
}
