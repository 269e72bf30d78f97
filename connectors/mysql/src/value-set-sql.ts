import type { Marker, Range, SortedRangeSet, Value, ValueSet } from '@ergane/protocol';
import { joinSql, sql } from './sql-text.ts';
import type { Sql } from './sql-text.ts';
import { lowerTextBound, prefixSafe } from './text-bounds.ts';
import type { TypedColumn } from './types.ts';
import { NO_VALUE, toParameter } from './value-parameter.ts';

/** A value set as a condition. `isExact`: it holds for exactly the rows of the set; else for more. No condition: for all rows. */
export interface Condition {
  readonly condition: Sql | undefined;
  readonly isExact: boolean;
}

/** A statement takes 65,535 parameters, and a value may need two; beyond this a list becomes the range that holds it. */
const MOST_RANGES = 20_000;
const NOTHING: Sql = sql('FALSE');

/** The condition of `column` being in `set` (section 3.2). */
export function valueSetCondition(source: TypedColumn, set: ValueSet): Condition {
  // the column has another type than when the query was planned: its values cannot be compared with these
  if (set.type.typeId !== source.type.typeId) return { condition: undefined, isExact: false };
  const column: TypedColumn = { ...source, type: set.type };
  switch (set.kind) {
    case 'SortedRangeSet':
      return sortedCondition(column, set);
    case 'EquatableValueSet': {
      const equal = equals(column, set.values);
      if (set.whiteList) return exact(orNull(column, equal ?? NOTHING, set.nullAllowed));
      if (equal === undefined) return exact(set.nullAllowed ? undefined : notNull(column));
      return exact(orNull(column, sql(`NOT (${equal.text})`, ...equal.parameters), set.nullAllowed));
    }
    case 'AllOrNoneValueSet':
      if (set.all) return exact(set.nullAllowed ? undefined : notNull(column));
      // a Java peer writes "not null" as none (section 3.2): nothing can be concluded
      return set.nullAllowed ? exact(isNull(column)) : { condition: undefined, isExact: false };
  }
}

function exact(condition: Sql | undefined): Condition {
  return { condition, isExact: true };
}

function sortedCondition(column: TypedColumn, set: SortedRangeSet): Condition {
  const [first] = set.ranges;
  if (first === undefined) return exact(set.nullAllowed ? isNull(column) : NOTHING);
  if (isUnbounded(first)) return exact(set.nullAllowed ? undefined : notNull(column));
  const isLong = set.ranges.length > MOST_RANGES;
  const ranges = isLong ? [{ low: first.low, high: set.ranges.at(-1)?.high ?? first.high }] : set.ranges;
  const values = ranges.filter(isSingle).flatMap(({ low }) => (low.value === undefined ? [] : [low.value]));
  const alternatives: Sql[] = [];
  const equal = equals(column, values);
  if (equal !== undefined) alternatives.push(equal);
  for (const range of ranges) {
    if (isSingle(range)) continue;
    const condition = rangeCondition(column, range);
    if (condition === undefined) return { condition: undefined, isExact: false };
    alternatives.push(condition);
  }
  const any = alternatives.length === 0 ? NOTHING : joinSql(alternatives, ' OR ');
  return { condition: orNull(column, any, set.nullAllowed), isExact: !isLong };
}

function isUnbounded({ low, high }: Range): boolean {
  return low.value === undefined && high.value === undefined;
}

function isSingle({ low, high }: Range): boolean {
  if (low.bound !== 'EXACTLY' || high.bound !== 'EXACTLY' || low.value === undefined) return false;
  const { value } = low;
  if (value instanceof Uint8Array) return high.value instanceof Uint8Array && Buffer.compare(value, high.value) === 0;
  return value === high.value;
}

function isNull(column: TypedColumn): Sql {
  return sql(`${column.indexed ?? column.read} IS NULL`);
}

function notNull(column: TypedColumn): Sql {
  return sql(`${column.indexed ?? column.read} IS NOT NULL`);
}

function orNull(column: TypedColumn, condition: Sql, nullAllowed: boolean): Sql {
  return nullAllowed ? joinSql([condition, isNull(column)], ' OR ') : condition;
}

/** Undefined: there is nothing to be equal to. */
function equals(column: TypedColumn, values: readonly Value[]): Sql | undefined {
  if (values.length === 0) return undefined;
  if (column.comparison === 'milliseconds') return equalsMillisecond(column, values);
  const parameters = values
    .map((value) => toParameter(value, column.comparison, column.type))
    .filter((parameter) => parameter !== NO_VALUE);
  if (parameters.length === 0) return NOTHING;
  const marks = parameters.map(() => '?').join(', ');
  const same = sql(`${column.compare} IN (${marks})`, ...parameters);
  if (column.comparison !== 'text' || column.indexed === undefined) return same;
  if (!values.every((value) => isComparable(column, value))) return same;
  // equal bytes are equal in every collation, so an index of the column's own collation finds them, among others
  const texts = values.filter((value) => typeof value === 'string' && value.isWellFormed()).map(String);
  const found = texts.map((value) => ({ kind: 'text', value }) as const);
  return joinSql([sql(`${column.indexed} IN (${marks})`, ...found), same], ' AND ');
}

/** The server can say the text in the column's character set; else it refuses to compare, or compares by another collation. */
function isComparable({ source }: TypedColumn, value: Value): boolean {
  return source.charset === 'utf8mb4' || (typeof value === 'string' && isAscii(value));
}

function isAscii(text: string): boolean {
  for (const character of text) if (character > '\u007f') return false;
  return true;
}

/** What has the same milliseconds lies within one millisecond. */
function equalsMillisecond(column: TypedColumn, values: readonly Value[]): Sql {
  const ranges = values.map((value) => {
    const at: Marker = { value, bound: 'EXACTLY' };
    return rangeCondition(column, { low: at, high: at });
  });
  return joinSql(
    ranges.filter((range) => range !== undefined).map((range) => sql(`(${range.text})`, ...range.parameters)),
    ' OR ',
  );
}

/** Undefined: it cannot be said. */
function rangeCondition(column: TypedColumn, { low, high }: Range): Sql | undefined {
  const parts: Sql[] = [];
  for (const [side, marker] of [['low', low] as const, ['high', high] as const]) {
    const bound = boundCondition(column, side, marker);
    if (bound === 'unknown') return undefined;
    if (bound !== undefined) parts.push(bound);
  }
  return parts.length === 0 ? notNull(column) : joinSql(parts, ' AND ');
}

function boundCondition(column: TypedColumn, side: 'low' | 'high', marker: Marker): Sql | 'unknown' | undefined {
  const { value, bound } = marker;
  if (value === undefined) return undefined;
  if (column.comparison === 'milliseconds' && typeof value === 'bigint')
    return millisecondBound(column, side, { value, bound });
  const parameter = toParameter(value, column.comparison, column.type);
  if (parameter === NO_VALUE) return beyond(side, value);
  const operator = bound === 'EXACTLY' ? (side === 'low' ? '>=' : '<=') : side === 'low' ? '>' : '<';
  const condition = sql(`${column.compare} ${operator} ?`, parameter);
  const hint = typeof value === 'string' ? textHint(column, side, value) : undefined;
  return hint === undefined ? condition : joinSql([hint, condition], ' AND ');
}

/** A bound that no value of the source reaches: it keeps all rows out, or none. */
function beyond(side: 'low' | 'high', value: Value): Sql | 'unknown' | undefined {
  if (typeof value === 'string' || value instanceof Uint8Array || typeof value === 'boolean') return 'unknown';
  if (typeof value === 'number' && Number.isNaN(value)) return 'unknown';
  const isHigh = value > 0;
  return isHigh === (side === 'low') ? NOTHING : undefined;
}

/** The engine sees 12.345678 s as 12.345: greater than 12.345 begins at 12.346. */
function millisecondBound(
  column: TypedColumn,
  side: 'low' | 'high',
  { value, bound }: { readonly value: bigint; readonly bound: Marker['bound'] },
): Sql | 'unknown' | undefined {
  const isNext = side === 'low' ? bound === 'ABOVE' : bound === 'EXACTLY';
  const parameter = toParameter(isNext ? value + 1n : value, 'dateTime', column.type);
  if (parameter === NO_VALUE) return beyond(side, value);
  return sql(`${column.indexed ?? column.compare} ${side === 'low' ? '>=' : '<'} ?`, parameter);
}

/** A condition in the column's own order that an index can serve, and that holds wherever the exact one does. */
function textHint(column: TypedColumn, side: 'low' | 'high', value: string): Sql | undefined {
  if (column.indexed === undefined || !isCodePointOrder(column.source.collation)) return undefined;
  if (side === 'high') return prefixSafe(value) ? sql(`${column.indexed} <= ?`, { kind: 'text', value }) : undefined;
  const bound = lowerTextBound(value);
  return bound === undefined ? undefined : sql(`${column.indexed} > ?`, { kind: 'text', value: bound });
}

/** Collations that order by code point, as bytes of UTF-8 do, but for trailing spaces. */
function isCodePointOrder(collation: string): boolean {
  return /^utf8mb4(_0900|_nopad)?_bin$/.test(collation);
}
