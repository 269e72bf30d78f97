import { ErganeError } from '@ergane/protocol';
import type { ObjectStore } from '@ergane/storage';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WarehouseWriting } from './warehouse.ts';

/** no bucket can be named so: its files are no objects */
const STAGING = '.ergane-staging';
/** a file is held in memory while it is uploaded */
const UPLOAD_BYTES = 128 * 2 ** 20;
const MAX_UPLOAD_BYTES = 2 ** 31 - 1;
const MAKE_FOLDER_TRIES = 5;

export function openWriting({
  store,
  cacheFolder,
  defaultLocation,
}: {
  readonly store: ObjectStore;
  readonly cacheFolder: string;
  readonly defaultLocation?: string;
}): WarehouseWriting {
  const location = defaultLocation ?? (store.localPath === undefined ? undefined : 's3://warehouse/');
  const shared = {
    ...(location === undefined ? {} : { defaultLocation: location }),
    delete: (bucket: string, keys: readonly string[]) => store.delete(bucket, keys),
  };
  const { localPath } = store;
  if (localPath !== undefined)
    return {
      ...shared,
      stagingFolder: path.join(fileURLToPath(store.location), STAGING),
      publish: (file, bucket, key) => moveFile(file, localPath.call(store, bucket, key)),
    };
  return {
    ...shared,
    stagingFolder: path.join(cacheFolder, STAGING),
    maxFileBytes: UPLOAD_BYTES,
    async publish(file, bucket, key, signal) {
      const { size } = await stat(file);
      if (size > MAX_UPLOAD_BYTES)
        throw new ErganeError(
          'STORE_FAILED',
          `a file of ${size} bytes is too large to be put into s3://${bucket}/${key}: write to more partitions`,
        );
      await store.put(bucket, key, await readFile(file), signal === undefined ? {} : { signal });
      await rm(file, { force: true });
    },
  };
}

/** On the disk before it has its name; from another file system by a copy that is renamed. */
async function moveFile(file: string, target: string): Promise<void> {
  const folder = path.dirname(target);
  try {
    await sync(file);
    for (let attempt = 1; ; attempt++) {
      // a folder that becomes empty may be removed by another's delete at any time
      await mkdir(folder, { recursive: true });
      try {
        await rename(file, target);
        return;
      } catch (cause) {
        if (codeOf(cause) === 'EXDEV') return await copyInto(file, target);
        if (codeOf(cause) !== 'ENOENT' || attempt === MAKE_FOLDER_TRIES) throw cause;
      }
    }
  } catch (cause) {
    throw new ErganeError('STORE_FAILED', `cannot put a file at ${target}: ${String(cause)}`, { cause });
  }
}

async function copyInto(file: string, target: string): Promise<void> {
  const temporary = path.join(path.dirname(target), `.ergane-${randomUUID()}.tmp`);
  try {
    await copyFile(file, temporary);
    await sync(temporary);
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
  await rm(file, { force: true });
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}
