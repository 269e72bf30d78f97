import { constants } from 'node:fs';
import type { Dirent } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { GetOptions, ObjectInfo, ObjectStore } from './object-store.ts';
import { checkName, notFound, storeFailed } from './store-error.ts';

const TEMPORARY = /^\.ergane-[0-9a-f-]{36}\.tmp$/;

/**
 * A store in a folder: `<root>/<bucket>/<key>`. Buckets come into being with their first object. Puts are atomic: a reader sees the
 * whole object or none. A key that would leave its bucket, or whose parts are no file names (`.`, `..`, empty), is refused.
 */
export function openDirectoryStore(rootPathOrUrl: string): ObjectStore {
  const root = path.resolve(rootPathOrUrl.startsWith('file:') ? fileURLToPath(rootPathOrUrl) : rootPathOrUrl);
  const location = pathToFileURL(root).href;
  const locate = (bucket: string, key: string): string => {
    checkName(location, bucket, key);
    return path.join(root, bucket, key);
  };
  return {
    location,
    localPath: locate,
    async put(bucket, key, bytes, options = {}) {
      const target = locate(bucket, key);
      try {
        await putFile(target, bytes, options.signal);
      } catch (cause) {
        throw storeFailed('put', { location, bucket, key }, cause);
      }
    },
    async get(bucket, key, options = {}) {
      const file = locate(bucket, key);
      try {
        options.signal?.throwIfAborted();
        return await readRange(file, options);
      } catch (cause) {
        if (isAbsent(cause)) throw notFound({ location, bucket, key }, cause);
        throw storeFailed('get', { location, bucket, key }, cause);
      }
    },
    async head(bucket, key) {
      const file = locate(bucket, key);
      try {
        return await describe(file, key);
      } catch (cause) {
        if (isAbsent(cause)) return undefined;
        throw storeFailed('head', { location, bucket, key }, cause);
      }
    },
    async *list(bucket, prefix) {
      checkName(location, bucket);
      const start = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      if (start !== '') checkName(location, bucket, start.slice(0, -1));
      try {
        yield* walk(path.join(root, bucket), start, prefix);
      } catch (cause) {
        throw storeFailed('list', { location, bucket, key: prefix }, cause);
      }
    },
    async delete(bucket, keys) {
      for (const key of keys) {
        const file = locate(bucket, key);
        try {
          await rm(file, { force: true });
          await removeEmptyFolders(path.dirname(file), path.join(root, bucket));
        } catch (cause) {
          if (!isAbsent(cause)) throw storeFailed('delete', { location, bucket, key }, cause);
        }
      }
    },
    async deleteAll(bucket, prefix, before) {
      const folder = locate(bucket, prefix.replace(/\/$/, ''));
      try {
        await deleteFiles(folder, before);
        await removeEmptyFolders(folder, path.join(root, bucket));
      } catch (cause) {
        throw storeFailed('delete', { location, bucket, key: prefix }, cause);
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Writes beside the target, then renames. A folder that a delete removes meanwhile is made again. */
async function putFile(target: string, bytes: Uint8Array | readonly Uint8Array[], signal?: AbortSignal): Promise<void> {
  const folder = path.dirname(target);
  for (let attempt = 1; ; attempt++) {
    const temporary = path.join(folder, `.ergane-${randomUUID()}.tmp`);
    let written = false;
    try {
      signal?.throwIfAborted();
      await mkdir(folder, { recursive: true });
      const file = await open(temporary, 'wx');
      written = true;
      try {
        if (bytes instanceof Uint8Array) await file.writeFile(bytes, { signal });
        else await writePieces(file, bytes, signal);
      } finally {
        await file.close();
      }
      await rename(temporary, target);
      return;
    } catch (error) {
      if (written) await rm(temporary, { force: true });
      if (errorCode(error) !== 'ENOENT') throw error;
      if (attempt === 5) throw await explainNoFolder(folder, error);
    }
  }
}

/** Node's recursive mkdir says ENOENT also where the nearest folder that is there cannot be written. */
async function explainNoFolder(folder: string, missing: unknown): Promise<unknown> {
  for (let current = folder; ; current = path.dirname(current)) {
    try {
      await access(current, constants.W_OK);
      return missing;
    } catch (error) {
      if (errorCode(error) !== 'ENOENT' || current === path.dirname(current)) return error;
    }
  }
}

/** Vectors that one `writev` takes; Linux has 1024. */
const VECTORS = 512;

async function writePieces(file: FileHandle, pieces: readonly Uint8Array[], signal?: AbortSignal): Promise<void> {
  for (let from = 0; from < pieces.length; from += VECTORS) {
    signal?.throwIfAborted();
    const group = pieces.slice(from, from + VECTORS);
    let { bytesWritten } = await file.writev(group);
    // a short write, as of a disk that is nearly full: the rest piece by piece, which ends or tells why not
    for (const piece of group) {
      if (bytesWritten < piece.length) await file.writeFile(piece.subarray(bytesWritten), { signal });
      bytesWritten = Math.max(0, bytesWritten - piece.length);
    }
  }
}

async function readRange(path: string, { range, allocate = allocateOwn }: GetOptions): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY);
  try {
    const status = await file.stat();
    if (status.isDirectory()) throw Object.assign(new Error('a folder, not an object'), { code: 'ENOENT' });
    const start = Math.min(range?.start ?? 0, status.size);
    const size = Math.max(0, Math.min(range?.end ?? status.size, status.size) - start);
    const bytes = allocate(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await file.read(bytes, filled, size - filled, start + filled);
      if (bytesRead === 0) throw new Error(`the file became shorter than ${start + size} bytes while it was read`);
      filled += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

function allocateOwn(size: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(size).buffer, 0, size);
}

async function describe(file: string, key: string): Promise<ObjectInfo | undefined> {
  const status = await stat(file, { bigint: true });
  if (!status.isFile()) return undefined;
  return {
    key,
    size: Number(status.size),
    etag: `${status.size.toString(16)}-${status.mtimeNs.toString(16)}`,
    lastModified: Number(status.mtimeNs / 1_000_000n),
  };
}

/** Objects below a folder in the order of S3: by the UTF-8 bytes of the whole key, in which a folder's name ends in `/`. */
async function* walk(bucketFolder: string, start: string, prefix: string): AsyncGenerator<ObjectInfo> {
  const entries = await listEntries(path.join(bucketFolder, start));
  const names = entries
    .filter((entry) => !TEMPORARY.test(entry.name))
    .map((entry) => `${start}${entry.name}${entry.isDirectory() ? '/' : ''}`)
    .sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  for (const name of names) {
    if (name.endsWith('/')) {
      if (name.startsWith(prefix) || prefix.startsWith(name)) yield* walk(bucketFolder, name, prefix);
    } else if (name.startsWith(prefix)) {
      const info = await describe(path.join(bucketFolder, name), name).catch((error: unknown) => {
        if (isAbsent(error)) return undefined;
        throw error;
      });
      if (info !== undefined) yield info;
    }
  }
}

/** Every file below a folder, of whatever name. */
async function deleteFiles(folder: string, before: number | undefined): Promise<void> {
  for (const entry of await listEntries(folder)) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      await deleteFiles(place, before);
      await removeEmptyFolders(place, folder);
    } else if (before === undefined || (await isOlder(place, before))) await rm(place, { force: true });
  }
}

async function listEntries(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

async function isOlder(file: string, before: number): Promise<boolean> {
  try {
    return (await stat(file)).mtimeMs < before;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function removeEmptyFolders(folder: string, bucketFolder: string): Promise<void> {
  for (let current = folder; current.startsWith(bucketFolder + path.sep); current = path.dirname(current)) {
    try {
      await rmdir(current);
    } catch (error) {
      if (['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return;
      throw error;
    }
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '');
}
