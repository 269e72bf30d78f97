import type { Position } from '../parse/syntax-tree.ts';
import type { TrinoType } from '../trino-type.ts';
import { isInteger, sameType } from '../types/coercion.ts';
import { duckdbType } from '../types/physical-type.ts';
import { printType } from '../types/type-text.ts';
import { decimalText } from '../emit/decimal.ts';
import { decimalConstant, timestampConstant } from '../emit/literals.ts';
import { failAt, failSql, type Typed } from '../emit/typed.ts';
import { castFromInstant } from './from-instant.ts';
import { castFromJson, castToJson } from './json.ts';

/** `CAST(value AS type)`. Throws TYPE_MISMATCH where Trino has no such cast. */
export function castTo(value: Typed, type: TrinoType, at: Position): Typed {
  const sql = castSql(value.type, type, value.sql);
  if (sql === undefined) {
    throw failAt('TYPE_MISMATCH', at, `Cannot cast ${printType(value.type)} to ${printType(type)}`);
  }
  return { type, sql };
}

/** The value in a type that it coerces to. Literals become literals, so that a column beside them stays bare. */
export function coerceTo(value: Typed, type: TrinoType): Typed {
  value.onType?.(type);
  if (sameType(value.type, type)) return value;
  if (value.literal && 'text' in value.literal && type.kind === 'varchar') return { ...value, type };
  if (value.literal && 'unscaled' in value.literal) {
    const { unscaled, scale } = value.literal;
    if (type.kind === 'decimal' && type.scale >= scale) {
      return decimalConstant(unscaled * 10n ** BigInt(type.scale - scale), type);
    }
    if (type.kind === 'double') {
      return { type, sql: castSql(value.type, type, value.sql) ?? value.sql, literal: { double: Number(unscaled) } };
    }
    if (isInteger(type) && scale === 0) {
      return { type, sql: `CAST(${unscaled} AS ${duckdbType(type)})`, literal: value.literal };
    }
  }
  if (value.literal && 'picos' in value.literal) {
    const { picos, zoneKey } = value.literal;
    if (type.kind === 'timestamp' && zoneKey === undefined)
      return timestampConstant({ picos, precision: type.precision });
    if (type.kind === 'timestamp with time zone') {
      return timestampConstant({ picos, precision: type.precision, zoneKey: zoneKey ?? 0 });
    }
  }
  return { type, sql: castSql(value.type, type, value.sql) ?? value.sql };
}

/** The DuckDB expression of a cast, undefined when there is none from one type to the other. */
export function castSql(from: TrinoType, to: TrinoType, sql: string): string | undefined {
  if (sameType(from, to)) return sql;
  if (from.kind === 'unknown') return `CAST(NULL AS ${duckdbType(to)})`;
  if (to.kind === 'json') return castToJson(from, sql);
  if (from.kind === 'boolean') {
    return fromBoolean(to, sql);
  }
  if (from.kind === 'tinyint' || from.kind === 'smallint' || from.kind === 'integer' || from.kind === 'bigint') {
    return fromInteger(from, to, sql);
  }
  if (from.kind === 'decimal') {
    return fromDecimal(from, to, sql);
  }
  if (from.kind === 'real' || from.kind === 'double') {
    return fromFloating(from, to, sql);
  }
  if (from.kind === 'varchar' || from.kind === 'char') {
    return fromText(from, to, sql);
  }
  if (from.kind === 'json') {
    return castFromJson(to, sql);
  }
  if (from.kind === 'varbinary') {
    if (to.kind === 'hyperloglog' || to.kind === 'tdigest') return sql;
    if (to.kind === 'uuid') return `CAST(ergane_uuid_of_bytes(${sql}) AS UUID)`;
    return to.kind === 'ipaddress' ? `ergane_bytes_to_ipaddress(${sql})` : undefined;
  }
  if (from.kind === 'hyperloglog' || from.kind === 'tdigest') return to.kind === 'varbinary' ? sql : undefined;
  if (from.kind === 'uuid') {
    if (to.kind === 'varchar') return to.length === undefined ? `CAST(${sql} AS VARCHAR)` : undefined;
    return to.kind === 'varbinary' ? `from_hex(replace(CAST(${sql} AS VARCHAR), '-', ''))` : undefined;
  }
  if (from.kind === 'ipaddress') {
    if (to.kind === 'varchar') return to.length === undefined ? `ergane_ipaddress_text(${sql})` : undefined;
    return to.kind === 'varbinary' ? sql : undefined;
  }
  if (from.kind === 'array' || from.kind === 'map' || from.kind === 'row') {
    return fromNested(from, to, sql);
  }

  return castFromInstant(from, to, sql);
}

/** Text that must not be longer than a varchar(n): numbers that do not fit are errors. */
export function fitText(to: TrinoType, sql: string, what: string): string {
  if (to.kind !== 'varchar' || to.length === undefined) return sql;
  const fail = failSql('INVALID_CAST_ARGUMENT', `Value cannot be represented as ${printType(to)} (${what})`, 'VARCHAR');
  return `(CASE WHEN length(${sql}) > ${to.length} THEN ${fail} ELSE ${sql} END)`;
}

function fromBoolean(to: TrinoType, sql: string): string | undefined {
  if (to.kind === 'varchar') return fitText(to, `CAST(${sql} AS VARCHAR)`, 'boolean');
  if (isInteger(to) || to.kind === 'real' || to.kind === 'double' || to.kind === 'decimal') {
    return `CAST(${sql} AS ${duckdbType(to)})`;
  }
  return undefined;
}

function fromInteger(from: TrinoType, to: TrinoType, sql: string): string | undefined {
  if (to.kind === 'varchar') {
    return fitText(to, `CAST(${sql} AS VARCHAR)`, from.kind);
  }
  if (to.kind === 'boolean') {
    return `(${sql} <> 0)`;
  }
  if (to.kind === 'decimal') {
    return `CAST(${sql} AS ${duckdbType(to)})`;
  }
  if (
    to.kind === 'tinyint' ||
    to.kind === 'smallint' ||
    to.kind === 'integer' ||
    to.kind === 'bigint' ||
    to.kind === 'real' ||
    to.kind === 'double'
  ) {
    return `CAST(${sql} AS ${duckdbType(to)})`;
  }

  return undefined;
}

function fromDecimal(from: Extract<TrinoType, { kind: 'decimal' }>, to: TrinoType, sql: string): string | undefined {
  if (to.kind === 'varchar') {
    return fitText(to, decimalText(from, sql), printType(from));
  }
  if (to.kind === 'boolean') {
    return `(${sql} <> 0)`;
  }
  if (to.kind === 'decimal') {
    return `CAST(${sql} AS ${duckdbType(to)})`;
  }
  if (to.kind === 'tinyint' || to.kind === 'smallint' || to.kind === 'integer' || to.kind === 'bigint') {
    return `CAST(round(${sql}, 0) AS ${duckdbType(to)})`;
  }
  if (to.kind === 'real' || to.kind === 'double') {
    return `CAST(CAST(${sql} AS VARCHAR) AS ${duckdbType(to)})`;
  }

  return undefined;
}

function fromFloating(from: TrinoType, to: TrinoType, sql: string): string | undefined {
  if (to.kind === 'varchar') {
    return fitText(to, from.kind === 'real' ? `ergane_real_text(${sql})` : `ergane_double_text(${sql})`, from.kind);
  }
  if (to.kind === 'boolean') {
    return `(${sql} <> 0)`;
  }
  if (to.kind === 'decimal') {
    return `CAST(ergane_${from.kind}_to_decimal(${sql}, ${to.precision}, ${to.scale}) AS ${duckdbType(to)})`;
  }
  if (to.kind === 'tinyint' || to.kind === 'smallint' || to.kind === 'integer' || to.kind === 'bigint') {
    return `CAST(ergane_double_to_${to.kind}(CAST(${sql} AS DOUBLE)) AS ${duckdbType(to)})`;
  }
  if (to.kind === 'double') return `CAST(${sql} AS DOUBLE)`;
  return to.kind === 'real' ? `ergane_real(${sql})` : undefined;
}

function fromText(from: TrinoType, to: TrinoType, sql: string): string | undefined {
  const padded = from.kind === 'char' ? `rpad(${sql}, ${from.length}, ' ')` : sql;
  if (to.kind === 'varchar') {
    const fits =
      from.kind === 'varchar' && from.length !== undefined && to.length !== undefined && from.length <= to.length;
    return to.length === undefined || fits ? padded : `left(${padded}, ${to.length})`;
  }
  if (to.kind === 'char') {
    const fits = from.kind === 'char' && from.length <= to.length;
    return fits ? sql : `rtrim(left(${sql}, ${to.length}), ' ')`;
  }
  // Trino casts a char to nothing else
  if (from.kind === 'char') return undefined;
  if (to.kind === 'boolean' || to.kind === 'real' || to.kind === 'double' || to.kind === 'date') {
    return `ergane_text_to_${to.kind}(${sql})`;
  }
  if (to.kind === 'tinyint' || to.kind === 'smallint' || to.kind === 'integer' || to.kind === 'bigint') {
    return `CAST(ergane_text_to_${to.kind}(${sql}) AS ${duckdbType(to)})`;
  }
  if (to.kind === 'decimal') {
    return `CAST(ergane_text_to_decimal(${sql}, ${to.precision}, ${to.scale}) AS ${duckdbType(to)})`;
  }
  if (to.kind === 'timestamp') {
    const picos = `ergane_text_to_timestamp(${sql}, ${to.precision})`;
    return to.precision <= 6 ? `make_timestamp(CAST(${picos} // 1000000 AS BIGINT))` : picos;
  }
  if (to.kind === 'timestamp with time zone') {
    return `CAST(ergane_text_to_zoned(${sql}, ${to.precision}) AS ${duckdbType(to)})`;
  }
  if (to.kind === 'time') {
    return `ergane_text_to_time(${sql}, ${to.precision})`;
  }
  if (to.kind === 'time with time zone') {
    return `ergane_text_to_timetz(${sql}, ${to.precision})`;
  }
  if (to.kind === 'varbinary') {
    return `encode(${sql})`;
  }
  if (to.kind === 'uuid') {
    return `CAST(ergane_text_to_uuid(${sql}) AS UUID)`;
  }
  if (to.kind === 'ipaddress') {
    return `ergane_text_to_ipaddress(${sql})`;
  }

  return undefined;
}

/** Casts part by part; a map or row keeps its shape. */
function fromNested(from: TrinoType, to: TrinoType, sql: string): string | undefined {
  if (from.kind === 'array' && to.kind === 'array') {
    const item = castSql(from.element, to.element, 'x');
    if (item === 'x') return sql;
    if (from.element.kind === 'unknown') return `CAST(${sql} AS ${duckdbType(to)})`;
    return item && `list_transform(${sql}, lambda x: ${item})`;
  }
  if (from.kind === 'map' && to.kind === 'map') {
    if (from.key.kind === 'unknown' || from.value.kind === 'unknown') {
      return castSql(from.key, to.key, 'k') && `CAST(${sql} AS ${duckdbType(to)})`;
    }
    const key = castSql(from.key, to.key, 'k');
    const value = castSql(from.value, to.value, 'v');
    if (key === 'k' && value === 'v') return sql;
    if (key === undefined || value === undefined) return undefined;
    return `(CASE WHEN ${sql} IS NULL THEN NULL ELSE map(list_transform(map_keys(${sql}), lambda k: ${key}), list_transform(map_values(${sql}), lambda v: ${value})) END)`;
  }
  if (from.kind === 'row' && to.kind === 'row' && from.fields.length === to.fields.length) {
    const parts = from.fields.map((field, index) => {
      const target = to.fields[index];
      return target && castSql(field.type, target.type, `(${sql}).f${index}`);
    });
    if (parts.some((part) => part === undefined)) return undefined;
    if (parts.every((part, index) => part === `(${sql}).f${index}`)) return sql;
    const fields = parts.map((part, index) => `f${index} := ${part}`).join(', ');
    return `(CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(${fields}) END)`;
  }
  return undefined;
}
