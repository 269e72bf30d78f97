import type { Cell } from './decode/cell.ts';
import { joinSql, quoteName, sql } from './sql-text.ts';
import type { Sql } from './sql-text.ts';
import type { SourceColumn, TypedColumn } from './types.ts';
import type { Parameter } from './wire/parameters.ts';

/** Values of the first columns of a key, as text: numbers and dates as MySQL prints them, bytes in base64. */
export interface KeyBound {
  readonly values: readonly string[];
  /** rows that have these values belong to the range */
  readonly isIncluded: boolean;
}

/** Rows between two places of a key, in the server's own order. */
export interface KeyRange {
  readonly low?: KeyBound;
  readonly high?: KeyBound;
}

const INTEGERS = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'integer', 'bigint']);
const DATES = new Set(['date', 'datetime', 'timestamp']);

export type KeyKind = 'integer' | 'decimal' | 'text' | 'bytes' | 'date';

/** How values of a column of a key are bound; undefined: its order and its comparison with constants are not the same (ENUM). */
export function keyKind({ dataType }: SourceColumn): KeyKind | undefined {
  if (INTEGERS.has(dataType)) return 'integer';
  if (dataType === 'decimal') return 'decimal';
  if (dataType === 'char' || dataType === 'varchar') return 'text';
  if (dataType === 'binary' || dataType === 'varbinary') return 'bytes';
  return DATES.has(dataType) ? 'date' : undefined;
}

/** A value that the server answered, as a value of a bound. */
export function printKeyValue(cell: Cell): string {
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('base64') : String(cell);
}

export function keyParameter(column: SourceColumn, value: string): Parameter {
  switch (keyKind(column)) {
    case 'integer':
      return { kind: 'integer', value: BigInt(value) };
    case 'decimal':
      return { kind: 'decimal', value };
    case 'bytes':
      return { kind: 'bytes', value: Buffer.from(value, 'base64') };
    case 'text':
    case 'date':
    case undefined:
      return { kind: 'text', value };
  }
}

/** The condition of lying in `range`; undefined: every row does. */
export function keyRangeCondition(key: readonly TypedColumn[], { low, high }: KeyRange): Sql | undefined {
  const parts = [
    ...(low === undefined ? [] : [boundCondition(key, low, '>')]),
    ...(high === undefined ? [] : [boundCondition(key, high, '<')]),
  ];
  return parts.length === 0 ? undefined : joinSql(parts, ' AND ');
}

/**
 * `(a, b) > (1, 2)` as `a >= 1 AND (a > 1 OR (a = 1 AND b > 2))`: MySQL finds no index range for a comparison of rows, but for this.
 */
function boundCondition(key: readonly TypedColumn[], bound: KeyBound, operator: '<' | '>'): Sql {
  const [first] = key;
  const [value] = bound.values;
  if (first === undefined || value === undefined) return sql('TRUE');
  const name = quoteName(first.source.name);
  const parameter = keyParameter(first.source, value);
  if (bound.values.length === 1) return sql(`${name} ${operator}${bound.isIncluded ? '=' : ''} ?`, parameter);
  const rest = boundCondition(key.slice(1), { ...bound, values: bound.values.slice(1) }, operator);
  return sql(
    `${name} ${operator}= ? AND (${name} ${operator} ? OR (${name} = ? AND ${rest.text}))`,
    parameter,
    parameter,
    parameter,
    ...rest.parameters,
  );
}
