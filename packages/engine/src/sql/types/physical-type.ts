import { ErganeError } from '@ergane/protocol';
import type { TrinoType } from '../trino-type.ts';

/**
 * How a value of each Trino type is held in DuckDB. All of src/sql, and the engine's scans, rely on it:
 *
 * | Trino | DuckDB |
 * |---|---|
 * | boolean, tinyint … bigint, double | the same; real is FLOAT |
 * | decimal(p,s) | DECIMAL(p,s) |
 * | varchar, json | VARCHAR; json is the text that Trino prints |
 * | char(n) | VARCHAR without the trailing blanks; printing pads |
 * | varbinary, ipaddress | BLOB; an address is its 16 bytes (IPv4 mapped into IPv6), so that order is the addresses' order |
 * | uuid | UUID |
 * | date | DATE |
 * | time(p) | BIGINT, picoseconds of the day |
 * | time(p) with time zone | HUGEINT, picoseconds of the local day * 4096 + offset in minutes + 1024 |
 * | timestamp(p) | p <= 6: TIMESTAMP; above: HUGEINT, picoseconds since 1970 |
 * | timestamp(p) with time zone | p <= 3: BIGINT, milliseconds since 1970 * 4096 + Trino's zone key (as on Athena's wire); above: HUGEINT, picoseconds * 4096 + key |
 * | interval day to second | BIGINT, milliseconds |
 * | interval year to month | INTEGER, months |
 * | array, map | LIST, MAP |
 * | hyperloglog, tdigest, qdigest, setdigest | BLOB; color is VARCHAR, its name or `#rrggbb`; bingtile is VARCHAR, its quadkey; geometry is VARCHAR, its WKT |
 * | row | STRUCT with the fields f0, f1, … by position: names are the front end's own matter, so renaming costs nothing |
 * | unknown | INTEGER, always NULL |
 */
export function duckdbType(type: TrinoType): string {
  switch (type.kind) {
    case 'unknown':
    case 'interval year to month':
      return 'INTEGER';
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'double':
    case 'date':
    case 'uuid':
      return type.kind.toUpperCase();
    case 'real':
      return 'FLOAT';
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'varchar':
    case 'char':
    case 'json':
    case 'color':
    case 'bingtile':
    case 'geometry':
      return 'VARCHAR';
    case 'varbinary':
    case 'ipaddress':
    case 'hyperloglog':
    case 'qdigest':
    case 'tdigest':
    case 'setdigest':
      return 'BLOB';
    case 'time':
    case 'interval day to second':
      return 'BIGINT';
    case 'time with time zone':
      return 'HUGEINT';
    case 'timestamp':
      return type.precision <= 6 ? 'TIMESTAMP' : 'HUGEINT';
    case 'timestamp with time zone':
      return type.precision <= 3 ? 'BIGINT' : 'HUGEINT';
    case 'array':
      return `${duckdbType(type.element)}[]`;
    case 'map':
      return `MAP(${duckdbType(type.key)}, ${duckdbType(type.value)})`;
    case 'row':
      return `STRUCT(${type.fields.map((field, index) => `f${index} ${duckdbType(field.type)}`).join(', ')})`;
    case 'function':
      throw new ErganeError('NOT_SUPPORTED', 'a function is not a value');
  }
}
