import type { PlanNode } from './duckdb-plan.ts';
import { plainColumn } from './plan-expression.ts';
import type { PlanExpression } from './plan-expression.ts';

/** A column of a scan or of VALUES (the operator that reads it, and the column's number in the table). */
export interface ColumnOrigin {
  readonly scan: PlanNode;
  readonly column: number;
  /** whether fewer rows of the scan, left out by a value of this column, only leave out rows here by the same value */
  readonly canFilter: boolean;
  /** further places from which values come (UNION) */
  readonly also: readonly ColumnOrigin[];
}

/** For every column of an operator's output, the scanned column that it passes on unchanged. */
export type OutputColumns = readonly (ColumnOrigin | undefined)[];

export function columnAt(expression: PlanExpression, input: OutputColumns): ColumnOrigin | undefined {
  const column = plainColumn(expression);
  return column && input[column.index];
}

/** The values still come from the scan, but leaving out some of its rows could let others through. */
export function keepValuesOnly(columns: OutputColumns, canFilter: boolean): OutputColumns {
  return canFilter ? columns : columns.map((column) => column && { ...column, canFilter: false });
}

/** The columns that an operator keeps of its input: all, or those that it lists. */
export function selectColumns(columns: OutputColumns | undefined, map: readonly unknown[]): OutputColumns | undefined {
  return map.length === 0 ? columns : map.map((index) => columns?.[Number(index)]);
}
