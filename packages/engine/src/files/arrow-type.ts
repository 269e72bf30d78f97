import { ErganeError } from '@ergane/protocol';
import * as arrow from 'apache-arrow';
import type { TrinoType } from '../sql/trino-type.ts';

/** The wire's Arrow type of a Trino type (protocol section 2.4), for constraints on tables that no connector describes. */
export function arrowType(type: TrinoType): arrow.DataType {
  switch (type.kind) {
    case 'boolean':
      return new arrow.Bool();
    case 'tinyint':
      return new arrow.Int8();
    case 'smallint':
      return new arrow.Int16();
    case 'integer':
      return new arrow.Int32();
    case 'bigint':
      return new arrow.Int64();
    case 'real':
      return new arrow.Float32();
    case 'double':
      return new arrow.Float64();
    case 'decimal':
      return new arrow.Decimal(type.scale, type.precision, 128);
    case 'varchar':
    case 'char':
    case 'json':
    case 'uuid':
    case 'ipaddress':
      return new arrow.Utf8();
    case 'varbinary':
      return new arrow.Binary();
    case 'date':
      return new arrow.DateDay();
    case 'timestamp':
      return new arrow.DateMillisecond();
    case 'timestamp with time zone':
      return new arrow.TimestampMillisecond('UTC');
    case 'array':
      return new arrow.List(new arrow.Field('', arrowType(type.element), true));
    case 'map':
      return new arrow.Map_(
        new arrow.Field(
          'entries',
          new arrow.Struct<{ key: arrow.DataType; value: arrow.DataType }>([
            new arrow.Field('key', arrowType(type.key), false),
            new arrow.Field('value', arrowType(type.value), true),
          ]),
          false,
        ),
      );
    case 'row':
      return new arrow.Struct(
        type.fields.map((field, index) => new arrow.Field(field.name ?? `field${index}`, arrowType(field.type), true)),
      );
    case 'unknown':
    case 'time':
    case 'time with time zone':
    case 'interval day to second':
    case 'interval year to month':
    case 'function':
    case 'hyperloglog':
    case 'qdigest':
    case 'tdigest':
    case 'setdigest':
    case 'color':
    case 'bingtile':
    case 'geometry':
      throw new ErganeError('NOT_SUPPORTED', `a table cannot have a column of type ${type.kind}`);
  }
}
