import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { ResultColumn, ResultValue } from './query-result.ts';

/** The rows of a chunk of a result. */
export function readRows(chunk: DuckDBDataChunk, columns: readonly ResultColumn[]): ResultValue[][] {
  const rows: ResultValue[][] = Array.from({ length: chunk.rowCount }, () => []);
  columns.slice(0, chunk.columnCount).forEach((_column, index) => {
    const vector = chunk.getColumnVector(index);
    rows.forEach((row, at) => {
      const value: unknown = vector.getItem(at);
      row.push(
        value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint'
          ? value
          : String(value),
      );
    });
  });
  return rows;
}
