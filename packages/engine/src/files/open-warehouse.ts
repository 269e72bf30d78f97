import type { ObjectInfo, ObjectStore } from '@ergane/storage';
import { fileURLToPath } from 'node:url';
import { httpfsSetup, type HttpfsOptions } from './httpfs.ts';
import { ObjectCache, objectChanged } from './object-cache.ts';
import { openWriting } from './open-writing.ts';
import type { Warehouse } from './warehouse.ts';

export interface WarehouseOptions {
  readonly store: ObjectStore;
  /** where copies of objects of a store that is no directory are kept */
  readonly cacheFolder: string;
  /** how many bytes of copies are kept; default 10 GiB */
  readonly cacheBytes?: number;
  /** `s3://bucket/prefix/` of tables that name no location; default: the bucket `warehouse` of a directory store, none of any other */
  readonly defaultLocation?: string;
  /** DuckDB reads S3 by itself, only the ranges that it needs; nothing is copied */
  readonly httpfs?: HttpfsOptions;
}

const DEFAULT_CACHE_BYTES = 10 * 2 ** 30;

/** A directory store is read in place; objects of other stores by DuckDB's httpfs, else through a cache of copies. */
export function openWarehouse(options: WarehouseOptions): Warehouse {
  const { store, cacheFolder, cacheBytes = DEFAULT_CACHE_BYTES, httpfs } = options;
  const writing = openWriting(options);
  const { localPath } = store;
  const cache = new ObjectCache({ store, folder: cacheFolder, maxBytes: cacheBytes });
  const isRemote = httpfs !== undefined && localPath === undefined;
  const place = localPath !== undefined ? fileURLToPath(store.location) : isRemote ? 's3://' : undefined;
  return {
    location: store.location,
    folders: [...(place === undefined ? [] : [place]), cacheFolder, writing.stagingFolder],
    setup: isRemote ? httpfsSetup(httpfs) : [],
    writing,
    list: ({ bucket, prefix }) => store.list(bucket, prefix),
    read: (bucket, key) => store.get(bucket, key),
    head: (bucket, key) => store.head(bucket, key),
    openReading(signal) {
      const pinned: string[] = [];
      const inPlace = new Map<string, { readonly bucket: string; readonly object: ObjectInfo }>();
      return {
        async readablePath(bucket, object, conversion) {
          if (conversion === undefined && localPath !== undefined) {
            inPlace.set(`${bucket}/${object.key}`, { bucket, object });
            return localPath.call(store, bucket, object.key);
          }
          if (conversion === undefined && isRemote) return `s3://${bucket}/${object.key}`;
          const file = await cache.pin(bucket, object, { signal, conversion });
          pinned.push(file);
          return file;
        },
        async checkUnchanged() {
          for (const { bucket, object } of inPlace.values())
            if ((await store.head(bucket, object.key))?.etag !== object.etag) throw objectChanged(bucket, object.key);
        },
        [Symbol.dispose]: () => {
          for (const file of pinned.splice(0)) cache.unpin(file);
        },
      };
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
