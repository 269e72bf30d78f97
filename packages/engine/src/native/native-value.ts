import type { SqlDialect, SqlKind } from '@ergane/protocol';
import { ErganeError } from '@ergane/protocol';
import type { DuckdbTypeId } from '../plan/plan-expression.ts';

/** A value of a native query. Numbers have at most `whole` digits before and exactly `scale` after the point. */
export interface NativeValue {
  readonly sql: string;
  readonly kind: SqlKind;
  readonly whole: number;
  readonly scale: number;
  /** see SqlColumn */
  readonly indexed?: string;
  /** see SqlColumn */
  readonly isLong?: boolean;
  /** a constant may stand in no GROUP BY: there a number is a position */
  readonly isConstant?: boolean;
  /** a sum that may be too large for Trino's bigint, which is an error: no group may be left out unseen */
  readonly mayOverflow?: boolean;
}

/** Why a part of a query stays in the engine. */
export class NotNative extends Error {}

/** Throws NotNative. */
export function stay(why: string): never {
  throw new NotNative(why);
}

const WHOLE_DIGITS: Readonly<Record<string, number>> = {
  TINYINT: 3,
  SMALLINT: 5,
  INTEGER: 10,
  BIGINT: 19,
  HUGEINT: 38,
};

/** The digits that values of a DuckDB type may have; undefined: it is no exact number. */
export function digitsOf({ id, width, scale }: DuckdbTypeId): Pick<NativeValue, 'whole' | 'scale'> | undefined {
  if (id === 'DECIMAL') return { whole: width - scale, scale };
  const whole = WHOLE_DIGITS[id];
  return whole === undefined ? undefined : { whole, scale: 0 };
}

/** A DuckDB type as CAST names it. */
export function typeName({ id, width, scale }: DuckdbTypeId): string {
  return id === 'DECIMAL' ? `DECIMAL(${width},${scale})` : id;
}

/** Whether equal values make one group at the source. */
export function groupable(value: NativeValue): NativeValue {
  return value.isLong === true ? stay('the source may take long texts for equal that differ late') : value;
}

export function isNumber({ kind }: NativeValue): boolean {
  return kind === 'integer' || kind === 'decimal';
}

/** SQL that selects the value so that the source answers the type that the engine expects. */
export function selectSql(
  { sql, kind, whole, scale }: NativeValue,
  { selectText, selectTimestamp }: SqlDialect,
): string {
  // what the source computes may lose the digits that are declared
  if (kind === 'decimal') return `CAST(${sql} AS DECIMAL(${whole + scale},${scale}))`;
  if (kind === 'text') return selectText.replace('{}', () => sql);
  return kind === 'timestamp' ? selectTimestamp.replace('{}', () => sql) : sql;
}

/** A text literal. Undefined-behaviour texts (NUL, half a surrogate pair) are refused with NotNative. */
export function textLiteral(text: string, form: SqlDialect['textLiteral'] | SqlDialect['indexedLiteral']): string {
  if (text.includes('\0') || !text.isWellFormed()) stay('a text that not every source can hold');
  switch (form) {
    case 'escaped':
      return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
    case 'hexadecimal':
      return `X'${Buffer.from(text).toString('hex')}'`;
    case 'hexadecimal text':
      return `_utf8mb4 X'${Buffer.from(text).toString('hex')}'`;
  }
}

export function printNumber(unscaled: bigint, scale: number): string {
  if (scale < 0) throw new ErganeError('INTERNAL', `scale ${scale}`);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return unscaled < 0n ? `(-${text})` : text;
}
