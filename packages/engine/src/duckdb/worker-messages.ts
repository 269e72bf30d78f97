import type { ErrorCode, Value } from '@ergane/protocol';
import type { ResultColumn, ResultValue } from '../result/query-result.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import type { FlatBatch } from './flat-batch.ts';

/** What a worker thread needs to start its DuckDB instance. */
export interface WorkerSettings {
  readonly threads: number;
  readonly memoryLimitMb: number;
  /** where DuckDB may put what does not fit in memory */
  readonly temporaryDirectory: string;
  /** what the engine's own reads may open; nothing else of the file system can be opened */
  readonly allowedDirectories: readonly string[];
  /** statements that make those readable, before everything else is closed */
  readonly setup: readonly string[];
}

/** A federated table as DuckDB sees it: `ergane_scan(id)`. */
export interface ScanTable {
  readonly id: number;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: TrinoType }[];
  /** estimated rows, so that DuckDB puts the small side of a join on the build side */
  readonly rowCount: number;
}

/** Asks for a query's optimised plan; the first message of a query. */
export interface PlanRequest {
  readonly kind: 'plan';
  readonly sql: string;
  readonly tables: readonly ScanTable[];
}
/** Runs the query and sends its rows, at most `window` batches ahead of what was taken. */
export interface RunRequest {
  readonly kind: 'run';
  readonly sql: string;
  readonly columns: readonly ResultColumn[];
  /** columns whose values are kept while their scan is delivered, for dynamic filters */
  readonly keyColumns: readonly KeyColumn[];
  /** optimisers of DuckDB's that are switched off */
  readonly without?: readonly string[];
  /** whether one thread is enough: see `isStreaming` */
  readonly streaming?: boolean;
}
export interface KeyColumn {
  readonly scan: number;
  readonly column: number;
}
/** Another batch of rows may be sent. */
export interface TakenMessage {
  readonly kind: 'taken';
}
/** Stop the running query; its answer is a failure. */
export interface InterruptMessage {
  readonly kind: 'interrupt';
}
/** The query is over or unwanted: forget it, interrupt it when it runs. Answered with `released`. */
export interface ReleaseMessage {
  readonly kind: 'release';
}
export type ToWorker = PlanRequest | RunRequest | TakenMessage | InterruptMessage | ReleaseMessage;

/** On the data port: what a scan gives. A stream is one reading of one scan. */
export type ScanMessage =
  | { readonly kind: 'batch'; readonly stream: number; readonly batch: FlatBatch; readonly columns: readonly number[] }
  | { readonly kind: 'end'; readonly stream: number }
  | { readonly kind: 'failed'; readonly stream: number; readonly message: string };

/** The values that a finished scan delivered in one column. */
export type KeySet =
  | { readonly kind: 'values'; readonly values: readonly Value[] }
  | { readonly kind: 'range'; readonly low: Value; readonly high: Value };
export interface CollectedKeys extends KeyColumn {
  readonly keys: KeySet;
}

/** DuckDB's optimised plan. Its scans name every column of their tables when it could be told only so. */
export interface SerialisedPlan {
  readonly json: string;
  readonly columnsKnown: boolean;
}

export type FromWorker =
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'plan' } & SerialisedPlan)
  | { readonly kind: 'rows'; readonly rows: readonly (readonly ResultValue[])[] }
  | { readonly kind: 'end' }
  /** DuckDB starts to read scan `scan` as stream `stream`: `columns` of the table, in this order */
  | {
      readonly kind: 'open';
      readonly stream: number;
      readonly scan: number;
      readonly columns: readonly number[];
      readonly keys: readonly CollectedKeys[];
    }
  /** a batch was taken from the data port */
  | { readonly kind: 'consumed'; readonly stream: number }
  /** the memory of a batch that was read to its end comes back */
  | { readonly kind: 'recycled'; readonly buffers: readonly ArrayBuffer[] }
  | { readonly kind: 'failed'; readonly message: string; readonly code: ErrorCode }
  | { readonly kind: 'released' };
