import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A new empty folder, removed when disposed. */
export async function makeTemporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ergane-folder-'));
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** A folder of the corpora that are read in place, beside the repository; undefined on a machine that has none. */
export function findSharedFolder(name: string): string | undefined {
  const folder = fileURLToPath(new URL(`../../../../shared/${name}`, import.meta.url));
  return existsSync(folder) ? folder : undefined;
}
