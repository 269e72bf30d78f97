import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { ResultColumn, ResultValue } from './query-result.ts';
import { readResultValue } from './read-value.ts';

/** The rows of a chunk of a result. */
export function readRows(chunk: DuckDBDataChunk, columns: readonly ResultColumn[]): ResultValue[][] {
  const rows: ResultValue[][] = Array.from({ length: chunk.rowCount }, () => []);
  columns.forEach(({ type }, index) => {
    const vector = chunk.getColumnVector(index);
    rows.forEach((row, at) => {
      row.push(readResultValue(vector.getItem(at), type));
    });
  });
  return rows;
}
