import type { TrinoType } from '../trino-type.ts';
import { hasIdentity, identitySql } from './compare.ts';
import { bound, once } from './once.ts';

/** Whether DuckDB's IS NOT DISTINCT FROM of the physical values is Trino's IDENTICAL: not for zoned values, nor maps, nor what holds them. */
export function isIdentifiedNatively(type: TrinoType): boolean {
  if (hasIdentity(type) || type.kind === 'map') return false;
  if (type.kind === 'array') return isIdentifiedNatively(type.element);
  if (type.kind === 'row') return type.fields.every((field) => isIdentifiedNatively(field.type));
  return true;
}

/** A value that is equal in DuckDB where the given one is identical in Trino. */
export function identityKey(type: TrinoType, sql: string): string {
  if (isIdentifiedNatively(type)) return sql;
  if (type.kind === 'array') {
    return bound((item) => `list_transform(${sql}, lambda ${item}: ${identityKey(type.element, item)})`);
  }
  if (type.kind === 'map') {
    const pair = (entry: string) =>
      `struct_pack(f0 := ${identityKey(type.key, `(${entry}).key`)}, f1 := ${identityKey(type.value, `(${entry}).value`)})`;
    return bound((entry) => `list_sort(list_transform(map_entries(${sql}), lambda ${entry}: ${pair(entry)}))`);
  }
  if (type.kind === 'row') {
    return once(sql, (row) => {
      const fields = type.fields.map((field, index) => `f${index} := ${identityKey(field.type, `(${row}).f${index}`)}`);
      return `(CASE WHEN ${row} IS NULL THEN NULL ELSE struct_pack(${fields.join(', ')}) END)`;
    });
  }
  return identitySql(type, sql);
}

/** A value that DuckDB orders as Trino orders the given one; NaN is the greatest, or the least with `nanFirst`. */
export function orderKey(type: TrinoType, sql: string, nanFirst: boolean): string {
  if (type.kind === 'real' || type.kind === 'double') {
    return nanFirst ? `struct_pack(f0 := NOT isnan(${sql}), f1 := ${sql})` : sql;
  }
  if (type.kind === 'array') {
    if (isOrderedNatively(type, nanFirst)) return sql;
    return bound((item) => `list_transform(${sql}, lambda ${item}: ${orderKey(type.element, item, nanFirst)})`);
  }
  if (type.kind === 'row') {
    if (isOrderedNatively(type, nanFirst)) return sql;
    const fields = type.fields.map(
      (field, index) => `f${index} := ${orderKey(field.type, `(${sql}).f${index}`, nanFirst)}`,
    );
    return `struct_pack(${fields.join(', ')})`;
  }
  return identitySql(type, sql);
}

export function isOrderedNatively(type: TrinoType, nanFirst: boolean): boolean {
  if (type.kind === 'real' || type.kind === 'double') return !nanFirst;
  if (type.kind === 'array') return isOrderedNatively(type.element, nanFirst);
  if (type.kind === 'row') return type.fields.every((field) => isOrderedNatively(field.type, nanFirst));
  return !hasIdentity(type);
}
