export { BatchWriter, makeBatchWriter } from './batch-writer.ts';
export type { BatchWriterOptions } from './batch-writer.ts';
export { BoolColumn } from './bool-column.ts';
export { BinaryColumn, Utf8Column } from './bytes-columns.ts';
export type { Column } from './column.ts';
export type { ColumnWriter } from './make-column.ts';
export { ListColumn, MapColumn, StructColumn } from './nested-columns.ts';
export { Float32Column, Float64Column, Int16Column, Int32Column, Int8Column } from './number-columns.ts';
export { DecimalColumn, Int64Column } from './wide-columns.ts';
