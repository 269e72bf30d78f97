import type { DataType } from 'apache-arrow';
import type { Block } from './arrow.ts';

/**
 * A comparable value as JavaScript holds it. By Arrow type: Bool boolean; Int8..32, DATE (days) number; Int64, TIMESTAMP
 * (milliseconds), packed TIMESTAMP WITH TIME ZONE bigint; DECIMAL unscaled bigint (scale from the type); REAL, DOUBLE number;
 * Utf8 string; Binary Uint8Array.
 */
export type Value = boolean | number | bigint | string | Uint8Array;

/** Where a range ends, relative to its value (section 3.2). `value` undefined is unbounded. */
export interface Marker {
  readonly value: Value | undefined;
  readonly bound: 'BELOW' | 'EXACTLY' | 'ABOVE';
}
export interface Range {
  readonly low: Marker;
  readonly high: Marker;
}

/** A union of disjoint, sorted, coalesced ranges. No range and nullAllowed is IS NULL; one unbounded range without null is IS NOT NULL. */
export interface SortedRangeSet {
  readonly kind: 'SortedRangeSet';
  readonly type: DataType;
  readonly ranges: readonly Range[];
  readonly nullAllowed: boolean;
}
/** Of types without order: the values in (`whiteList`) or not in the set. */
export interface EquatableValueSet {
  readonly kind: 'EquatableValueSet';
  readonly type: DataType;
  readonly values: readonly Value[];
  readonly whiteList: boolean;
  readonly nullAllowed: boolean;
}
/** Of types that cannot be compared. */
export interface AllOrNoneValueSet {
  readonly kind: 'AllOrNoneValueSet';
  readonly type: DataType;
  readonly all: boolean;
  readonly nullAllowed: boolean;
}
export type ValueSet = SortedRangeSet | EquatableValueSet | AllOrNoneValueSet;

export interface FunctionCallExpression {
  readonly kind: 'FunctionCallExpression';
  readonly type: DataType;
  /** Trino's standard function names, such as `$equal` (section 3.3) */
  readonly functionName: string;
  readonly arguments: readonly FederationExpression[];
}
export interface VariableExpression {
  readonly kind: 'VariableExpression';
  readonly columnName: string;
  readonly type: DataType;
}
/** `valueBlock` has one column `col1`; usually one row. */
export interface ConstantExpression {
  readonly kind: 'ConstantExpression';
  readonly valueBlock: Block;
  readonly type: DataType;
}
export type FederationExpression = FunctionCallExpression | VariableExpression | ConstantExpression;

export interface OrderByField {
  readonly columnName: string;
  readonly direction: 'ASC_NULLS_FIRST' | 'ASC_NULLS_LAST' | 'DESC_NULLS_FIRST' | 'DESC_NULLS_LAST';
}

export interface QueryPlan {
  readonly substraitVersion: string;
  readonly substraitPlan: string;
}

/** What a query asks of one table: the conjunction of `summary` and `expression`, then order, then limit (section 3.1). */
export interface Constraints {
  readonly summary: Readonly<Record<string, ValueSet>>;
  readonly expression: readonly FederationExpression[];
  readonly orderByClause: readonly OrderByField[];
  /** -1: none */
  readonly limit: number;
  readonly queryPassthroughArguments: Readonly<Record<string, string>>;
  readonly queryPlan: QueryPlan | null;
}

export const NO_CONSTRAINTS: Constraints = {
  summary: {},
  expression: [],
  orderByClause: [],
  limit: -1,
  queryPassthroughArguments: {},
  queryPlan: null,
};
