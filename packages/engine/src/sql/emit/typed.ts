import { ErganeError, type ErrorCode } from '@ergane/protocol';
import type { Position } from '../parse/syntax-tree.ts';
import type { TrinoType } from '../trino-type.ts';
import { duckdbType } from '../types/physical-type.ts';

/** An analysed expression: its Trino type and the DuckDB expression (in the physical type) that computes it. */
export interface Typed {
  readonly type: TrinoType;
  /** safe in any context: compound expressions stand in parentheses */
  readonly sql: string;
  /** what a literal says, so that it can be turned into another type without a cast of the column beside it */
  readonly literal?:
    | { readonly unscaled: bigint; readonly scale: number }
    | { readonly text: string }
    /** a date, timestamp or zoned timestamp, in picoseconds since 1970 */
    | { readonly picos: bigint; readonly zoneKey?: number }
    /** a double that is a number */
    | { readonly double: number };
  /** of a `?` whose type is asked for: told the type that it must have */
  readonly onType?: (type: TrinoType) => void;
}

export function failAt(code: ErrorCode, at: Position, message: string): ErganeError {
  return new ErganeError(code, `line ${at.line}:${at.col}: ${message}`, { where: { line: at.line, col: at.col } });
}

export const quoteText = (text: string) => `'${text.replaceAll("'", "''")}'`;
export const quoteName = (name: string) => `"${name.replaceAll('"', '""')}"`;

export function nullOf(type: TrinoType): Typed {
  return { type, sql: `CAST(NULL AS ${duckdbType(type)})` };
}

/** A DuckDB expression that fails when a row reaches it, in the shape of the given type. */
export function failSql(code: ErrorCode, message: string, physical: string): string {
  return `CAST(ergane_fail(${quoteText(`${code}: ${message}`)}) AS ${physical})`;
}
