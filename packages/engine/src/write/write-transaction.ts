import { ErganeError } from '@ergane/protocol';
import { mkdir, rm } from 'node:fs/promises';
import { parseS3Location } from '../files/s3-location.ts';
import type { Warehouse } from '../files/warehouse.ts';
import type { Metastore, MetastoreState } from '../metastore/metastore.ts';
import { processIdentity } from '../metastore/process-identity.ts';
import { beginWrite, commitWrite, filePrefix, widenWrite } from '../metastore/write-ledger.ts';
import { cleanWrite, stagingFolderOf } from './clean-write.ts';

/** A moment of a write, in order; `published` comes once for every file. */
export type WriteStep = 'begun' | 'copied' | 'widened' | 'published' | 'committed' | 'cleaned';

export interface WritePlace {
  readonly metastore: Metastore;
  readonly warehouse: Warehouse;
  /** is told of every step and waited for: tests end the process there */
  readonly onWriteStep?: ((step: WriteStep) => void | Promise<void>) | undefined;
}

/** A file that was written to the staging folder, and the location (`s3://bucket/folder/`) where it shall be. */
export interface StagedFile {
  readonly file: string;
  readonly folder: string;
  /** such as `.parquet` */
  readonly extension: string;
}

/** Numbers of this process's writes that run; those in the ledger that do not are left over. */
const RUNNING = new Set<string>();

export function isRunningHere(epoch: string, id: number): boolean {
  return RUNNING.has(`${epoch}-${id}`);
}

/**
 * One statement's files, from nothing to all of them: `begin`, files into `stagingFolder`, `publish`, then `commit`, which makes them
 * visible in the one step that also changes tables or partitions (see WriteLedger). Disposed before that, all of it is removed; a
 * process that dies leaves it to `cleanOrphans` of the next.
 */
export class WriteTransaction implements AsyncDisposable {
  readonly stagingFolder: string;
  readonly #place: WritePlace;
  readonly #epoch: string;
  readonly #id: number;
  readonly #folders = new Set<string>();
  readonly #published: string[] = [];
  #isOver = false;

  private constructor(place: WritePlace, epoch: string, { id, folders }: { id: number; folders: readonly string[] }) {
    this.#place = place;
    this.#epoch = epoch;
    this.#id = id;
    for (const folder of folders) this.#folders.add(folder);
    this.stagingFolder = stagingFolderOf(place.warehouse, epoch, id);
    RUNNING.add(`${epoch}-${id}`);
  }

  /**
   * `folder` is where the files will be; with `isNew` nobody else may write there, and it must be empty, which the caller has seen.
   * `check` throws where the statement cannot succeed any more.
   */
  static async begin(
    place: WritePlace,
    begin: { readonly folder: string; readonly isNew: boolean; readonly check: (state: MetastoreState) => void },
  ): Promise<WriteTransaction> {
    const { folder, isNew, check } = begin;
    let transaction: WriteTransaction | undefined;
    await place.metastore.update((state) => {
      check(state);
      const write = { owner: processIdentity(), startedAt: Date.now(), folders: [folder] };
      const begun = beginWrite(state, { ...write, ...(isNew ? { emptyFolder: folder } : {}) });
      // running before anyone can see it pending, so that a cleaner in this process leaves it alone
      transaction = new WriteTransaction(place, begun.epoch, begun.write);
      return begun.state;
    });
    if (transaction === undefined) throw new ErganeError('INTERNAL', 'the metastore did not run the change');
    try {
      await mkdir(transaction.stagingFolder, { recursive: true });
      await place.onWriteStep?.('begun');
      return transaction;
    } catch (cause) {
      await transaction[Symbol.asyncDispose]();
      throw cause;
    }
  }

  /** Moves the staged files to their folders, where nobody reads them yet. */
  async publish(files: readonly StagedFile[], signal?: AbortSignal): Promise<void> {
    const { metastore, warehouse, onWriteStep } = this.#place;
    await onWriteStep?.('copied');
    const others = [...new Set(files.map(({ folder }) => folder))].filter(
      (folder) => ![...this.#folders].some((known) => folder.startsWith(known)),
    );
    if (others.length > 0) {
      await metastore.update((state) => widenWrite(state, this.#id, others));
      for (const folder of others) this.#folders.add(folder);
    }
    await onWriteStep?.('widened');
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < files.length; index = next++) {
        const staged = files[index];
        if (staged === undefined) return;
        signal?.throwIfAborted();
        const { bucket, prefix } = parseS3Location(staged.folder);
        const key = `${prefix}${filePrefix(this.#epoch, this.#id)}${index}${staged.extension}`;
        await warehouse.writing.publish(staged.file, bucket, key, signal);
        this.#published.push(`s3://${bucket}/${key}`);
        await onWriteStep?.('published');
      }
    };
    const results = await Promise.allSettled(Array.from({ length: PUBLISHED_AT_ONCE }, work));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** The files' `s3://` addresses. */
  get files(): readonly string[] {
    return [...this.#published].sort();
  }

  /** Makes the files visible together with `change`. What it throws, and a write that others have cleaned up, leaves everything as it was. */
  async commit(change: (state: MetastoreState) => MetastoreState, signal?: AbortSignal): Promise<void> {
    const { metastore, onWriteStep } = this.#place;
    signal?.throwIfAborted();
    await metastore.update((state) => commitWrite(change(state), this.#id));
    this.#isOver = true;
    await onWriteStep?.('committed');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const write = { id: this.#id, folders: [...this.#folders] };
    try {
      if (this.#isOver) await rm(this.stagingFolder, { recursive: true, force: true });
      else await cleanWrite(this.#place, this.#epoch, write);
      await this.#place.onWriteStep?.('cleaned');
    } catch (cause) {
      // it stays pending, so nobody sees its files, until the next start removes them; what failed before says why
      if (!(cause instanceof Error)) throw cause;
    } finally {
      RUNNING.delete(`${this.#epoch}-${this.#id}`);
    }
  }
}

const PUBLISHED_AT_ONCE = 4;
