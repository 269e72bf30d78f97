import type { ObjectStore } from '@ergane/storage';
import { fileURLToPath } from 'node:url';
import { ObjectCache } from './object-cache.ts';
import type { Warehouse } from './warehouse.ts';

export interface WarehouseOptions {
  readonly store: ObjectStore;
  /** where copies of objects of a store that is no directory are kept */
  readonly cacheFolder: string;
  /** how many bytes of copies are kept; default 10 GiB */
  readonly cacheBytes?: number;
}

const DEFAULT_CACHE_BYTES = 10 * 2 ** 30;

/** A directory store is read in place; objects of other stores through a cache of copies. */
export function openWarehouse(options: WarehouseOptions): Warehouse {
  const { store, cacheFolder, cacheBytes = DEFAULT_CACHE_BYTES } = options;
  const { localPath } = store;
  const cache = new ObjectCache({ store, folder: cacheFolder, maxBytes: cacheBytes });
  return {
    location: store.location,
    folders: [localPath === undefined ? cacheFolder : fileURLToPath(store.location)],
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
