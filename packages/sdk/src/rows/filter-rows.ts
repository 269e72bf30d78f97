import type { ValueSet } from '@ergane/protocol';
import type { RecordBatch, Schema } from 'apache-arrow';
import { compileMatcher } from './match-column.ts';
import type { ColumnMatcher } from './match-column.ts';
import { rangesOfMask, wholeRange } from './row-ranges.ts';
import type { RowRanges } from './row-ranges.ts';

/** Which rows of a batch meet every value set of the columns that it has. */
export interface RowFilter {
  /** columns of the summary that the filter cannot see or compare: rows may still not meet those */
  readonly unchecked: readonly string[];
  select(batch: RecordBatch): RowRanges;
}

/** The re-check of a summary (section 3.6), compiled once a read. Columns without a constraint cost nothing. */
export function compileFilter(schema: Schema, summary: Readonly<Record<string, ValueSet>>): RowFilter {
  const matchers: { readonly index: number; readonly match: ColumnMatcher }[] = [];
  const unchecked: string[] = [];
  for (const [column, set] of Object.entries(summary)) {
    const index = schema.fields.findIndex((field) => field.name === column);
    const match = compileMatcher(set);
    if (match === 'everything') continue;
    if (match === 'unchecked' || index < 0) unchecked.push(column);
    else matchers.push({ index, match });
  }
  let mask = new Uint8Array(0);
  return {
    unchecked,
    select(batch) {
      const rows = batch.numRows;
      if (matchers.length === 0) return wholeRange(rows);
      if (mask.length < rows) mask = new Uint8Array(rows);
      mask.fill(1, 0, rows);
      for (const { index, match } of matchers) {
        const data = batch.data.children[index];
        if (data !== undefined) match(data, mask);
      }
      return rangesOfMask(mask, rows);
    },
  };
}
