import type { ObjectStore } from '@ergane/storage';
import { fileURLToPath } from 'node:url';
import { httpfsSetup, type HttpfsOptions } from './httpfs.ts';
import { ObjectCache } from './object-cache.ts';
import { openWriting } from './open-writing.ts';
import type { Warehouse, WarehouseWriting } from './warehouse.ts';

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
  if (httpfs !== undefined && store.localPath === undefined) return httpfsWarehouse(store, httpfs, writing);
  const { localPath } = store;
  const cache = new ObjectCache({ store, folder: cacheFolder, maxBytes: cacheBytes });
  return {
    location: store.location,
    folders: localPath === undefined ? [cacheFolder, writing.stagingFolder] : [fileURLToPath(store.location)],
    setup: [],
    writing,
    list: ({ bucket, prefix }) => store.list(bucket, prefix),
    openReading(signal) {
      const pinned: string[] = [];
      return {
        async readablePath(bucket, object) {
          if (localPath !== undefined) return localPath.call(store, bucket, object.key);
          const file = await cache.pin(bucket, object, signal);
          pinned.push(file);
          return file;
        },
        [Symbol.dispose]: () => {
          for (const file of pinned.splice(0)) cache.unpin(file);
        },
      };
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

function httpfsWarehouse(store: ObjectStore, httpfs: HttpfsOptions, writing: WarehouseWriting): Warehouse {
  return {
    location: store.location,
    folders: ['s3://', writing.stagingFolder],
    setup: httpfsSetup(httpfs),
    writing,
    list: ({ bucket, prefix }) => store.list(bucket, prefix),
    openReading: () => ({
      readablePath: (bucket, object) => Promise.resolve(`s3://${bucket}/${object.key}`),
      [Symbol.dispose]: () => undefined,
    }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
