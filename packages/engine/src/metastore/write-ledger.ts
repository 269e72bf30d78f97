import { ErganeError } from '@ergane/protocol';
import { randomBytes } from 'node:crypto';
import type { MetastoreState } from './metastore.ts';

/** A write whose rows nobody may see yet. */
export interface PendingWrite {
  readonly id: number;
  /** the process that writes: see process-identity.ts */
  readonly owner: string;
  /** milliseconds since the epoch */
  readonly startedAt: number;
  /** locations below which files of this write may lie */
  readonly folders: readonly string[];
}

/**
 * Which of Ergane's own files hold rows. Every file that Ergane writes bears the epoch of the metastore and the number of its write:
 * `ergane-<epoch>-<id>-…`. A write is given its number and is pending before it puts its first file anywhere, and one change of the
 * metastore ends that: all its files become visible at once. What is known of a table is this ledger as it stood when the query began,
 * so files of later writes are invisible too, and no file is ever half seen. Files of any other name, and of other metastores, are
 * what they are to every reader of Hive tables.
 */
export interface WriteLedger {
  readonly epoch: string;
  /** the highest number given */
  readonly last: number;
  readonly pending: readonly PendingWrite[];
  /** numbers of writes that failed: an upload that was given up may still arrive */
  readonly aborted: readonly number[];
}

const FILE_NAME = /^ergane-([0-9a-f]{16})-(\d+)-/;

export interface BegunWrite {
  readonly state: MetastoreState;
  readonly epoch: string;
  readonly write: PendingWrite;
}

/** Gives a write its number. @throws ErganeError HIVE_PATH_ALREADY_EXISTS when another one fills `emptyFolder` */
export function beginWrite(
  state: MetastoreState,
  begin: Omit<PendingWrite, 'id'> & { readonly emptyFolder?: string },
): BegunWrite {
  const ledger = state.writes ?? { epoch: randomBytes(8).toString('hex'), last: 0, pending: [], aborted: [] };
  const { emptyFolder, ...rest } = begin;
  if (emptyFolder !== undefined && ledger.pending.some(({ folders }) => folders.includes(emptyFolder)))
    throw pathExists(emptyFolder, 'another statement writes there now');
  const write = { ...rest, id: ledger.last + 1 };
  const writes = { ...ledger, last: write.id, pending: [...ledger.pending, write] };
  return { state: { ...state, writes }, epoch: ledger.epoch, write };
}

/** Tells where else files of a write will lie. @throws ErganeError when it is not pending any more */
export function widenWrite(state: MetastoreState, id: number, folders: readonly string[]): MetastoreState {
  requirePending(state, id);
  return changePending(state, (write) =>
    write.id === id ? { ...write, folders: [...new Set([...write.folders, ...folders])] } : write,
  );
}

/** Its files are visible from now on. @throws ErganeError when it is not pending any more */
export function commitWrite(state: MetastoreState, id: number): MetastoreState {
  requirePending(state, id);
  return changePending(state, (write) => (write.id === id ? undefined : write));
}

/** Its files are gone, and what may still come of them will never be seen. */
export function abortWrite(state: MetastoreState, id: number): MetastoreState {
  const { writes } = state;
  if (writes?.pending.some((write) => write.id === id) !== true) return state;
  const pending = writes.pending.filter((write) => write.id !== id);
  return { ...state, writes: { ...writes, pending, aborted: [...writes.aborted, id] } };
}

/** Whether a file of this name is one to read, to a query that began when the ledger was this. */
export function isVisible(ledger: WriteLedger | undefined, fileName: string): boolean {
  const found = FILE_NAME.exec(fileName);
  if (found === null || ledger === undefined || found[1] !== ledger.epoch) return true;
  const id = Number(found[2]);
  return id <= ledger.last && !ledger.aborted.includes(id) && !ledger.pending.some((write) => write.id === id);
}

/** How the names of a write's files begin. */
export function filePrefix(epoch: string, id: number): string {
  return `ergane-${epoch}-${id}-`;
}

export function pathExists(location: string, why: string): ErganeError {
  return new ErganeError(
    'HIVE_PATH_ALREADY_EXISTS',
    `Target directory already exists: ${location} (${why}). Use another location, or remove what is there`,
    { where: { location } },
  );
}

function requirePending(state: MetastoreState, id: number): void {
  if (state.writes?.pending.some((write) => write.id === id)) return;
  throw new ErganeError(
    'METASTORE_FAILED',
    `write ${id} was taken for abandoned and cleaned up: run the statement again`,
  );
}

function changePending(
  state: MetastoreState,
  change: (write: PendingWrite) => PendingWrite | undefined,
): MetastoreState {
  if (state.writes === undefined) return state;
  const pending = state.writes.pending.flatMap((write) => change(write) ?? []);
  return { ...state, writes: { ...state.writes, pending } };
}
