import { setTimeout as wait } from 'node:timers/promises';
import type { SpillPlace } from '../query-context.ts';

/** A function that was cancelled may still write what it had in hand: looked for once more after this time. */
const LATE_MS = 4000;

/** What is older belongs to no query that still runs: its engine was killed. */
const OLD_MS = 86_400_000;

/** Deletes what functions spilled for queries and nobody consumed. */
export class SpillSweep implements AsyncDisposable {
  readonly #place: SpillPlace;
  readonly #late = new Map<string, AbortController>();
  readonly #running = new Set<Promise<void>>();
  /** queries that may still write */
  readonly #open = new Set<string>();

  constructor(place: SpillPlace) {
    this.#place = place;
  }

  /** From now to its `end` a query may leave objects, should the engine be closed. */
  begin(queryId: string): void {
    this.#open.add(queryId);
  }

  end(queryId: string): void {
    this.#open.delete(queryId);
  }

  /** Deletes a query's objects; with `again` also those that come late. */
  async sweep(queryId: string, again: boolean): Promise<void> {
    await this.#deleteAll(queryId);
    if (!again) return;
    const hurry = new AbortController();
    this.#late.set(queryId, hurry);
    const later = wait(LATE_MS, undefined, { signal: hurry.signal, ref: false })
      .catch(() => undefined)
      .then(() => this.#deleteAll(queryId))
      .finally(() => {
        this.#late.delete(queryId);
        this.#running.delete(later);
      });
    this.#running.add(later);
    later.catch(() => undefined);
  }

  /** Deletes, in the background, what engines that were killed left in a directory store; S3 has lifecycle rules for it. */
  sweepOld(): void {
    const { store, bucket, prefix } = this.#place;
    const sweeping = Promise.resolve(store.deleteAll?.(bucket, `${prefix}/`, Date.now() - OLD_MS)).finally(() =>
      this.#running.delete(sweeping),
    );
    this.#running.add(sweeping);
    // a store that cannot be listed is told by the first query that needs it
    sweeping.catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const hurry of this.#late.values()) hurry.abort();
    await Promise.allSettled([...this.#running, ...[...this.#open].map((queryId) => this.#deleteAll(queryId))]);
  }

  async #deleteAll(queryId: string): Promise<void> {
    const { store, bucket, prefix } = this.#place;
    if (store.deleteAll !== undefined) return store.deleteAll(bucket, `${prefix}/${queryId}/`);
    const keys: string[] = [];
    for await (const { key } of store.list(bucket, `${prefix}/${queryId}/`)) keys.push(key);
    if (keys.length > 0) await store.delete(bucket, keys);
  }
}
