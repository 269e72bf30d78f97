import type { ObjectInfo } from '@ergane/storage';
import type { FileConversion } from './convert/file-conversion.ts';
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
  /** The whole of a small object. @throws ErganeError OBJECT_NOT_FOUND, STORE_FAILED */
  read(bucket: string, key: string): Promise<Uint8Array>;
  head(bucket: string, key: string): Promise<ObjectInfo | undefined>;
  readonly writing: WarehouseWriting;
  /** What one query reads: the paths stay readable until it is disposed. */
  openReading(signal?: AbortSignal): WarehouseReading;
}

export interface WarehouseReading extends Disposable {
  /** A path that DuckDB can read now: of the store itself, or of a copy of the object, or of what a conversion made of it. */
  readablePath(bucket: string, object: ObjectInfo, conversion?: FileConversion): Promise<string>;
  /**
   * That the objects which are read in place are still the same, once all is read: those that were replaced or removed meanwhile may have
   * given a part of each version. @throws ErganeError SOURCE_CHANGED that names the object
   */
  checkUnchanged(): Promise<void>;
}

/** How files get to where `s3://` leads. DuckDB writes them on the local disk first. */
export interface WarehouseWriting {
  /** a folder of its own on the local disk, one of `folders`; made when it is needed */
  readonly stagingFolder: string;
  /** the largest file that can be moved to an object; undefined: any */
  readonly maxFileBytes?: number;
  /** `s3://bucket/prefix/` where tables go that name no location; undefined: there is none */
  readonly defaultLocation?: string;
  /** Makes a local file the object: a reader sees it whole or not at all. The file is used up. */
  publish(file: string, bucket: string, key: string, signal?: AbortSignal): Promise<void>;
  delete(bucket: string, keys: readonly string[]): Promise<void>;
}
