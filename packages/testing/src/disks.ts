import { spawnSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { makeTemporaryFolder } from './files.ts';

/** A folder whose disk holds little, and how a program must be started for the disk to be small to it. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  /** what a write there fails with when the disk is full */
  readonly code: 'ENOSPC' | 'EFBIG';
  readonly command: (program: readonly [string, ...string[]]) => [string, ...string[]];
}

/**
 * A file system in memory of its own where it may be mounted (Linux, as root). Elsewhere a program whose files may not grow above
 * `bytes`, which fails in the middle of a write, too.
 */
export async function makeSmallDisk(bytes: number): Promise<SmallDisk> {
  const folder = await makeTemporaryFolder();
  const options = ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder.path];
  if (process.getuid?.() === 0 && spawnSync('mount', options).status === 0)
    return {
      path: folder.path,
      code: 'ENOSPC',
      command: ([...program]) => program,
      [Symbol.asyncDispose]: () => unmount(folder),
    };
  const limited = `trap '' XFSZ; ulimit -f ${Math.floor(bytes / 512)}; exec "$0" "$@"`;
  return {
    path: folder.path,
    code: 'EFBIG',
    command: (program) => ['/bin/sh', '-c', limited, ...program],
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** The user and group of nobody in particular, which own nothing. */
const NOBODY = 65_534;

/** Does something in a folder where this process may not write. Root may everywhere, so it is another user meanwhile. */
export async function inUnwritableFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  await using folder = await makeTemporaryFolder();
  await chmod(folder.path, 0o555);
  if (process.getuid?.() !== 0) return work(folder.path);
  process.seteuid?.(NOBODY);
  try {
    return await work(folder.path);
  } finally {
    process.seteuid?.(0);
  }
}

/** A folder in which nobody may make anything; undefined where root may not mount one. */
export async function makeReadOnlyFolder(): Promise<({ readonly path: string } & AsyncDisposable) | undefined> {
  const folder = await makeTemporaryFolder();
  if (process.getuid?.() !== 0) {
    await chmod(folder.path, 0o555);
    return folder;
  }
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=4k', 'tmpfs', folder.path]).status === 0)
    return { path: folder.path, [Symbol.asyncDispose]: () => unmount(folder) };
  await folder[Symbol.asyncDispose]();
  return undefined;
}

/** Lazily: a process that was killed may still be about to let go of it. */
async function unmount(folder: { readonly path: string } & AsyncDisposable): Promise<void> {
  const { status, stderr } = spawnSync('umount', ['--lazy', folder.path], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${folder.path} cannot be unmounted: ${stderr}`);
  await folder[Symbol.asyncDispose]();
}
