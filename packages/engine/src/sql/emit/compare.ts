import type { TrinoType } from '../trino-type.ts';
import { bound, onceEach } from './once.ts';
import { failSql } from './typed.ts';

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
  if (type.kind === 'row') return orderRows(type, operator, a, b);
  if (type.kind === 'array') return orderArrays(operator, a, b);

  return `(${a} ${operator} ${b})`;
}

/** Field by field; a NULL that is met before the answer is known is an error. */
function orderRows(type: Extract<TrinoType, { kind: 'row' }>, operator: string, a: string, b: string): string {
  const fail = failSql('NOT_SUPPORTED', 'ROW comparison not supported for fields with null elements', 'BOOLEAN');
  const strict = operator.startsWith('<') ? '<' : '>';
  const whens = type.fields.map((field, index) => {
    const [x, y] = [`(${a}).f${index}`, `(${b}).f${index}`];
    const [p, q] = [identitySql(field.type, x), identitySql(field.type, y)];
    const order = field.type.kind === 'row' ? orderRows(field.type, strict, x, y) : `${p} ${strict} ${q}`;
    return `WHEN ${x} IS NULL OR ${y} IS NULL THEN ${fail} WHEN ${p} <> ${q} THEN ${order}`;
  });
  return `(CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL ${whens.join(' ')} ELSE ${operator.endsWith('=')} END)`;
}

/** Element by element, a shorter array before those that it begins; a NULL that is met before the answer is known is an error. */
function orderArrays(operator: string, a: string, b: string): string {
  const fail = failSql('NOT_SUPPORTED', 'ARRAY comparison not supported for arrays with null elements', 'BOOLEAN');
  return onceEach([a, b], (x = '', y = '') =>
    bound((at) => {
      const both = `range(1, least(len(${x}), len(${y})) + 1)`;
      const differ = `list_filter(${both}, lambda ${at}: ${x}[${at}] IS NULL OR ${y}[${at}] IS NULL OR ${x}[${at}] <> ${y}[${at}])[1]`;
      return `(CASE WHEN ${differ} IS NOT NULL AND (${x}[${differ}] IS NULL OR ${y}[${differ}] IS NULL) THEN ${fail} ELSE ${x} ${operator} ${y} END)`;
    }),
  );
}

/** `a IS DISTINCT FROM b`. */
export function distinctSql(type: TrinoType, a: string, b: string): string {
  return `(${identitySql(type, a)} IS DISTINCT FROM ${identitySql(type, b)})`;
}
