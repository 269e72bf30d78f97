import type { RecordBatch, Schema } from 'apache-arrow';

/**
 * A block: one record batch with its schema (protocol section 2.2). `batch` always has the schema's columns, also with zero rows.
 * DECIMAL values are 128-bit two's complement little-endian, DATE is int32 days, TIMESTAMP is Date(MILLISECOND) int64 milliseconds,
 * TIMESTAMP WITH TIME ZONE is int64 packed (section 2.5).
 */
export interface Block {
  readonly schema: Schema;
  readonly batch: RecordBatch;
}
