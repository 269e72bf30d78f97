import { ErganeError } from '@ergane/protocol';
import type { ObjectInfo, ObjectStore } from '@ergane/storage';
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { FileConversion } from './convert/file-conversion.ts';

export interface ObjectCacheOptions {
  readonly store: ObjectStore;
  readonly folder: string;
  readonly maxBytes: number;
}

const RANGE_BYTES = 8 * 2 ** 20;
const RANGES_AT_ONCE = 4;
/** another process may read what it used a moment ago */
const RECENT_MS = 10 * 60_000;

/**
 * Copies of a store's objects in a folder, made by ranges; those used longest ago go when there are more than `maxBytes`. A copy is
 * named by its object's etag: a changed object is another copy.
 */
export class ObjectCache {
  readonly #options: ObjectCacheOptions;
  readonly #underway = new Map<string, Promise<void>>();
  readonly #pins = new Map<string, number>();

  constructor(options: ObjectCacheOptions) {
    this.#options = options;
  }

  /** The path of a copy that stays until `unpin`; with a conversion, of what it makes of the object. */
  async pin(
    bucket: string,
    object: ObjectInfo,
    options: {
      readonly signal?: AbortSignal | undefined;
      readonly conversion?: FileConversion | undefined;
    } = {},
  ): Promise<string> {
    const { store, folder } = this.#options;
    const { conversion } = options;
    const name = copyName(store.location, bucket, object);
    const file = path.join(folder, conversion === undefined ? name : `${name}.${conversion.name}`);
    this.#pins.set(file, (this.#pins.get(file) ?? 0) + 1);
    try {
      let copying = this.#underway.get(file);
      if (copying === undefined) {
        const copy =
          conversion === undefined
            ? this.#copy(bucket, object, file)
            : this.#convert(bucket, object, { conversion, file });
        copying = copy.finally(() => this.#underway.delete(file));
        this.#underway.set(file, copying);
      }
      await copying;
      options.signal?.throwIfAborted();
      return file;
    } catch (cause) {
      this.unpin(file);
      throw cause;
    }
  }

  unpin(file: string): void {
    const count = (this.#pins.get(file) ?? 0) - 1;
    if (count > 0) this.#pins.set(file, count);
    else this.#pins.delete(file);
  }

  async #convert(
    bucket: string,
    object: ObjectInfo,
    { conversion, file }: { readonly conversion: FileConversion; readonly file: string },
  ): Promise<void> {
    if (await touch(file)) return;
    const { folder, store } = this.#options;
    const own = store.localPath?.(bucket, object.key);
    const source = own ?? (await this.pin(bucket, object));
    const temporary = `${file}.${process.pid}.${performance.now()}.part`;
    try {
      await mkdir(folder, { recursive: true });
      await this.#evict(object.size);
      await conversion.convert(source, temporary);
      if (own !== undefined && (await store.head(bucket, object.key))?.etag !== object.etag)
        throw objectChanged(bucket, object.key);
      await rename(temporary, file);
    } catch (cause) {
      await rm(temporary, { force: true });
      throw conversionError(bucket, object, cause);
    } finally {
      if (own === undefined) this.unpin(source);
    }
  }

  async #copy(bucket: string, object: ObjectInfo, file: string): Promise<void> {
    if (await touch(file, object.size)) return;
    const { folder, store } = this.#options;
    const temporary = `${file}.${process.pid}.${performance.now()}.part`;
    try {
      await mkdir(folder, { recursive: true });
      await this.#evict(object.size);
      await download(store, { bucket, object, file: temporary });
      await rename(temporary, file);
    } catch (cause) {
      await rm(temporary, { force: true });
      if (cause instanceof ErganeError) throw cause;
      throw new ErganeError(
        'STORE_FAILED',
        `cannot copy s3://${bucket}/${object.key} into ${folder}: ${String(cause)}`,
        {
          cause,
        },
      );
    }
  }

  async #evict(coming: number): Promise<void> {
    const { folder, maxBytes } = this.#options;
    const copies: { readonly file: string; readonly size: number; readonly usedAt: number }[] = [];
    for (const name of await readdir(folder)) {
      const file = path.join(folder, name);
      const info = await stat(file).catch(ignoreAbsent);
      if (info?.isFile() === true) copies.push({ file, size: info.size, usedAt: info.mtimeMs });
    }
    let total = copies.reduce((sum, { size }) => sum + size, coming);
    for (const { file, size, usedAt } of copies.sort((left, right) => left.usedAt - right.usedAt)) {
      if (total <= maxBytes || usedAt > Date.now() - RECENT_MS) return;
      if (this.#pins.has(file)) continue;
      await rm(file, { force: true });
      total -= size;
    }
  }
}

async function download(
  store: ObjectStore,
  copy: { readonly bucket: string; readonly object: ObjectInfo; readonly file: string },
): Promise<void> {
  const { bucket, object, file } = copy;
  const handle = await open(file, 'w');
  try {
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < object.size) {
        const start = next;
        next += RANGE_BYTES;
        const range = { start, end: Math.min(object.size, start + RANGE_BYTES) };
        const bytes = await store.get(bucket, object.key, { range });
        if (bytes.length !== range.end - range.start) throw objectChanged(bucket, object.key);
        await handle.write(bytes, 0, bytes.length, start);
      }
    };
    await Promise.all(Array.from({ length: RANGES_AT_ONCE }, work));
  } finally {
    await handle.close();
  }
  // ranges of two versions would make an object that never was
  if ((await store.head(bucket, object.key))?.etag !== object.etag) throw objectChanged(bucket, object.key);
}

/** SOURCE_CHANGED */
export function objectChanged(bucket: string, key: string): ErganeError {
  return new ErganeError(
    'SOURCE_CHANGED',
    `s3://${bucket}/${key} was replaced or removed while it was read: run the query again`,
  );
}

/** The extension stays: DuckDB knows compressed text by it. */
function copyName(location: string, bucket: string, object: ObjectInfo): string {
  const hash = createHash('sha256');
  for (const part of [location, bucket, object.key, object.etag, String(object.size)]) hash.update(`${part}\0`);
  const extension = /(\.[a-z0-9]{1,8}){1,2}$/i.exec(object.key)?.[0] ?? '';
  return `${hash.digest('hex').slice(0, 32)}${extension}`;
}

function conversionError(bucket: string, object: ObjectInfo, cause: unknown): ErganeError {
  const url = `s3://${bucket}/${object.key}`;
  if (cause instanceof ErganeError)
    return cause.code === 'NOT_SUPPORTED' ? new ErganeError(cause.code, `${url}: ${cause.message}`, { cause }) : cause;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return objectChanged(bucket, object.key);
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (code === 'ENOSPC') return new ErganeError('STORE_FAILED', `no room for a copy of ${url}: ${reason}`, { cause });
  return new ErganeError('FILE_INVALID', `${url} cannot be read: ${reason}`, { where: { file: url }, cause });
}

/** Marks a copy as just used; false when there is none of that size. */
async function touch(file: string, size?: number): Promise<boolean> {
  const info = await stat(file).catch(ignoreAbsent);
  if (info === undefined || (size !== undefined && info.size !== size)) return false;
  const now = new Date();
  await utimes(file, now, now);
  return true;
}

function ignoreAbsent(cause: unknown): undefined {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
  throw cause;
}
