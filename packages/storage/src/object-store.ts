/** What a store knows of an object. `lastModified` in milliseconds since the epoch. */
export interface ObjectInfo {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly lastModified: number;
}

/** Bytes `start` to `end` (exclusive) of an object. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface GetOptions {
  readonly range?: ByteRange;
  readonly signal?: AbortSignal;
  /** Memory for so many bytes, which the answer may be put into; default: new memory. */
  readonly allocate?: (size: number) => Uint8Array;
}

/**
 * A bucket-and-key store. Implemented by a directory (`<root>/<bucket>/<key>`) and by S3; both pass one suite.
 * A missing object is ErganeError OBJECT_NOT_FOUND; every other failure is STORE_FAILED and names the store, bucket and key.
 */
export interface ObjectStore extends AsyncDisposable {
  /** where it is, for messages: a URL such as `file:///data` or `s3://` with its endpoint */
  readonly location: string;
  /** `bytes` may come in pieces, so that a writer need not join them. */
  put(
    bucket: string,
    key: string,
    bytes: Uint8Array | readonly Uint8Array[],
    options?: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal },
  ): Promise<void>;
  get(bucket: string, key: string, options?: GetOptions): Promise<Uint8Array>;
  head(bucket: string, key: string): Promise<ObjectInfo | undefined>;
  list(bucket: string, prefix: string): AsyncIterable<ObjectInfo>;
  /** Deleting what is not there is not an error. */
  delete(bucket: string, keys: readonly string[]): Promise<void>;
  /**
   * Deletes all whose key begins with `prefix`, which ends in `/`, also what writers that were killed left unfinished; with `before`
   * (milliseconds since the epoch) only what was not changed since. A store without it has nothing unfinished: list and delete.
   */
  deleteAll?(bucket: string, prefix: string, before?: number): Promise<void>;
  /** The local path of an object, where the store has one: readers may then map the file instead of copying it. */
  localPath?(bucket: string, key: string): string;
}
