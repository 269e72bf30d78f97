import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseS3Location } from '../files/s3-location.ts';
import type { Warehouse } from '../files/warehouse.ts';
import type { Metastore } from '../metastore/metastore.ts';
import { isGone, processIdentity } from '../metastore/process-identity.ts';
import { abortWrite, filePrefix, type PendingWrite } from '../metastore/write-ledger.ts';

export interface CleaningPlace {
  readonly metastore: Metastore;
  readonly warehouse: Warehouse;
}

export function stagingFolderOf({ writing }: Warehouse, epoch: string, id: number): string {
  return path.join(writing.stagingFolder, `${epoch}-${id}`);
}

/** Removes every file of a write that will not be committed, then its place in the ledger: in this order it can be done again. */
export async function cleanWrite(
  { metastore, warehouse }: CleaningPlace,
  epoch: string,
  { id, folders }: Pick<PendingWrite, 'id' | 'folders'>,
): Promise<void> {
  await rm(stagingFolderOf(warehouse, epoch, id), { recursive: true, force: true });
  const begin = filePrefix(epoch, id);
  for (const folder of folders) {
    const location = parseS3Location(folder);
    const keys: string[] = [];
    for await (const { key } of warehouse.list(location))
      if (key.slice(key.lastIndexOf('/') + 1).startsWith(begin)) keys.push(key);
    if (keys.length > 0) await warehouse.writing.delete(location.bucket, keys);
  }
  await metastore.update((state) => (state.writes?.epoch === epoch ? abortWrite(state, id) : state));
}

/** Removes what processes left that died while they wrote, and what this one could not remove. */
export async function cleanOrphans(
  place: CleaningPlace,
  isRunningHere: (epoch: string, id: number) => boolean,
): Promise<void> {
  const { writes } = await place.metastore.read();
  if (writes === undefined) return;
  const me = processIdentity();
  for (const write of writes.pending) {
    const isOrphan = write.owner === me ? !isRunningHere(writes.epoch, write.id) : isGone(write.owner, write.startedAt);
    if (isOrphan) await cleanWrite(place, writes.epoch, write);
  }
}
