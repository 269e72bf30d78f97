export { createEngine } from './engine.ts';
export type { DescribedColumn } from './catalog/catalog.ts';
export type { CatalogOptions, Engine, EngineOptions, RunOptions } from './engine.ts';
export type { QueryProgress, ScanProgress } from './explain/query-progress.ts';
export type { QueryResult, ResultColumn, ResultValue } from './result/query-result.ts';
export type { TrinoType } from './sql/trino-type.ts';
export { printValue } from './result/print-value.ts';
export { printType } from './sql/index.ts';
