import type { TrinoType } from '../trino-type.ts';

/** Whether DuckDB's own comparison of the physical values is Trino's. */
export function comparesNatively(type: TrinoType): boolean {
  if (
    type.kind === 'timestamp with time zone' ||
    type.kind === 'time with time zone' ||
    type.kind === 'real' ||
    type.kind === 'double' ||
    type.kind === 'array' ||
    type.kind === 'map' ||
    type.kind === 'row'
  ) {
    return false;
  }

  return true;
}

/** The value that orders and identifies: the instant of a zoned value; elsewhere the value itself. */
export function identitySql(type: TrinoType, sql: string): string {
  if (type.kind === 'timestamp with time zone') {
    return `(${sql} >> 12)`;
  }
  if (type.kind === 'time with time zone') {
    return `ergane_timetz_key(${sql})`;
  }

  return sql;
}

export const hasIdentity = (type: TrinoType) =>
  type.kind === 'timestamp with time zone' || type.kind === 'time with time zone';

/** `a = b` with Trino's meaning: NaN equals nothing, unknown parts make the answer unknown. */
export function equalSql(type: TrinoType, a: string, b: string): string {
  if (type.kind === 'real' || type.kind === 'double') {
    return `(${a} = ${b} AND NOT isnan(${a}))`;
  }
  if (type.kind === 'timestamp with time zone' || type.kind === 'time with time zone') {
    return `(${identitySql(type, a)} = ${identitySql(type, b)})`;
  }
  if (type.kind === 'row') {
    return `(${type.fields.map((field, index) => equalSql(field.type, `(${a}).f${index}`, `(${b}).f${index}`)).join(' AND ')})`;
  }
  if (type.kind === 'array') {
    const each = `list_transform(list_zip(${a}, ${b}), lambda p: ${equalSql(type.element, 'p[1]', 'p[2]')})`;
    return `(CASE WHEN len(${a}) <> len(${b}) THEN false ELSE ergane_all(${each}) END)`;
  }
  if (type.kind === 'map') {
    const each = `list_transform(map_keys(${a}), lambda k: ${equalSql(type.value, `${a}[k]`, `${b}[k]`)})`;
    return `(CASE WHEN cardinality(${a}) <> cardinality(${b}) OR NOT list_has_all(map_keys(${a}), map_keys(${b})) THEN false ELSE ergane_all(${each}) END)`;
  }

  return `(${a} = ${b})`;
}

/** `a < b`, `a <= b`: Trino's order. Rows and arrays compare part by part; NaN is neither less nor more. */
export function orderSql(type: TrinoType, operator: '<' | '<=' | '>' | '>=', a: string, b: string): string {
  if (type.kind === 'real' || type.kind === 'double') {
    const upper = operator.startsWith('>') ? a : b;
    return `(${a} ${operator} ${b} AND NOT isnan(${upper}))`;
  }
  if (type.kind === 'timestamp with time zone' || type.kind === 'time with time zone') {
    return `(${identitySql(type, a)} ${operator} ${identitySql(type, b)})`;
  }

  return `(${a} ${operator} ${b})`;
}

/** `a IS DISTINCT FROM b`. */
export function distinctSql(type: TrinoType, a: string, b: string): string {
  return `(${identitySql(type, a)} IS DISTINCT FROM ${identitySql(type, b)})`;
}
