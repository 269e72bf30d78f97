import type { Range, Value, ValueSet } from '@ergane/protocol';
import { duckdbType } from '../sql/types/physical-type.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import { quoteName, quoteText } from './quote.ts';
import type { FileColumn } from './file-relation.ts';

/**
 * A DuckDB condition that holds for every row of a file relation whose column is in the set, perhaps for more; undefined: for all. Times
 * and floating point are left out: a file may hold finer times than a set can say.
 */
export function valueSetSql(column: FileColumn, set: ValueSet): string | undefined {
  if (set.kind !== 'SortedRangeSet' || literalOf(column, 0n) === undefined) return undefined;
  const name = quoteName(column.name);
  const ranges = set.ranges.map((range) => rangeSql(column, range));
  const known = ranges.filter((range) => range !== undefined);
  if (known.length < ranges.length) return undefined;
  return `(${[...known, ...(set.nullAllowed ? [`${name} IS NULL`] : []), 'false'].join(' OR ')})`;
}

function rangeSql(column: FileColumn, { low, high }: Range): string | undefined {
  const name = quoteName(column.name);
  const bounds: string[] = [`${name} IS NOT NULL`];
  for (const [marker, open, closed] of [
    [low, '>', '>='],
    [high, '<', '<='],
  ] as const) {
    if (marker.value === undefined) continue;
    const literal = literalOf(column, marker.value);
    if (literal === undefined) return undefined;
    bounds.push(`${name} ${marker.bound === 'EXACTLY' ? closed : open} ${literal}`);
  }
  return `(${bounds.join(' AND ')})`;
}

const WHOLE = new Set<TrinoType['kind']>(['tinyint', 'smallint', 'integer', 'bigint']);

function literalOf({ type }: FileColumn, value: Value): string | undefined {
  if (WHOLE.has(type.kind)) return `CAST(${String(value)} AS ${duckdbType(type)})`;
  if (type.kind === 'decimal') return `CAST(${quoteText(`${String(value)}e-${type.scale}`)} AS ${duckdbType(type)})`;
  if (type.kind === 'date') return `(DATE '1970-01-01' + CAST(${String(value)} AS INTEGER))`;
  return type.kind === 'varchar' ? quoteText(String(value)) : undefined;
}
