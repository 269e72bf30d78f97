import type { ObjectInfo } from '@ergane/storage';
import type { S3Location } from './s3-location.ts';

/** Where `s3://` leads. */
export interface Warehouse extends AsyncDisposable {
  /** for messages */
  readonly location: string;
  /** what DuckDB must be allowed to read: the beginnings of its paths */
  readonly folders: readonly string[];
  /** DuckDB statements that make its paths readable, for each new instance, before external access is closed */
  readonly setup: readonly string[];
  list(location: S3Location): AsyncIterable<ObjectInfo>;
  /** What one query reads: the paths stay readable until it is disposed. */
  openReading(signal?: AbortSignal): WarehouseReading;
}

export interface WarehouseReading extends Disposable {
  /** A path that DuckDB can read now: of the store itself, or of a copy of the object. */
  readablePath(bucket: string, object: ObjectInfo): Promise<string>;
}
