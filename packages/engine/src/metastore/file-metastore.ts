import { ErganeError } from '@ergane/protocol';
import { link, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './process-identity.ts';
import type { Metastore, MetastoreState } from './metastore.ts';
import { EMPTY_METASTORE } from './metastore.ts';
import { decodeState } from './metastore-json.ts';

/** a writer holds the lock for some milliseconds; one that is not free by then is stuck */
const LOCK_WAIT_MS = 30_000;

/**
 * A metastore in one JSON file. Readers see the old file or the new one, never a part: a writer makes a new file, syncs it and renames
 * it. Writers of several processes take turns by a lock file that says who holds it; the lock of a process that has died is taken over.
 */
export function openFileMetastore(file: string): Metastore {
  const location = path.resolve(file);
  let known: { readonly stamp: string; readonly state: MetastoreState } | undefined;
  const read = async (): Promise<MetastoreState> => {
    const stamp = await readStamp(location);
    if (stamp === undefined) return EMPTY_METASTORE;
    if (known?.stamp === stamp) return known.state;
    const state = decodeState(await readText(location), location);
    known = { stamp, state };
    return state;
  };
  return {
    location,
    read,
    async update(change) {
      await mkdir(path.dirname(location), { recursive: true }).catch((cause: unknown) => {
        throw failed('write', location, cause);
      });
      const unlock = await lock(`${location}.lock`, location);
      try {
        const before = await read();
        const after = change(before);
        if (after !== before) await replace(location, `${JSON.stringify({ version: 1, ...after }, null, 1)}\n`);
      } finally {
        await unlock();
      }
    },
  };
}

async function readStamp(file: string): Promise<string | undefined> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw failed('read', file, cause);
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw failed('read', file, cause);
  }
}

async function replace(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.new`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    const folder = await open(path.dirname(file), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (cause) {
    await rm(temporary, { force: true });
    throw failed('write', file, cause);
  }
}

async function lock(lockFile: string, file: string): Promise<() => Promise<void>> {
  const end = Date.now() + LOCK_WAIT_MS;
  // the owner's name is in the file before the file has its name: no lock is ever without one
  const mine = `${lockFile}.${process.pid}.${++attempts}`;
  try {
    await writeFile(mine, String(process.pid));
    for (;;) {
      try {
        await link(mine, lockFile);
        return () => rm(lockFile, { force: true });
      } catch (cause) {
        if (codeOf(cause) !== 'EEXIST') throw cause;
        await takeOverFromTheDead(lockFile);
        if (Date.now() > end) throw new Error(`another process holds ${lockFile}; remove it if none does`, { cause });
        await sleep(2 + Math.random() * 10);
      }
    }
  } catch (cause) {
    throw failed('write', file, cause);
  } finally {
    await rm(mine, { force: true });
  }
}

let attempts = 0;

/** Renaming before removing: of two that see a dead owner one wins, and the lock of a third is never removed. */
async function takeOverFromTheDead(lockFile: string): Promise<void> {
  const owner = await readFile(lockFile, 'utf8').catch(() => '');
  if (owner === '' || isAlive(Number(owner))) return;
  const taken = `${lockFile}.${process.pid}.dead`;
  try {
    await rename(lockFile, taken);
    const moved = await readFile(taken, 'utf8');
    if (moved !== owner) await rename(taken, lockFile);
    else await rm(taken, { force: true });
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw cause;
  }
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

function failed(operation: 'read' | 'write', file: string, cause: unknown): ErganeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ErganeError('METASTORE_FAILED', `cannot ${operation} the metastore ${file}: ${reason}`, {
    where: { setting: 'metastore' },
    cause,
  });
}
