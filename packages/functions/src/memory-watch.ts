import { readMemory, type MemoryReading, type TreeListing } from './process-memory.ts';

/** An execution environment as the watch sees it. */
export interface Watched {
  /** undefined: not started, or ended */
  readonly pid: number | undefined;
  readonly memoryLimitMb: number;
  /** whether it works now, so that its memory may grow */
  readonly isActive: boolean;
  observeMemory(reading: MemoryReading): void;
}

const USUAL_INTERVAL_MS = 100;
/** near its limit a process is looked at more often */
const NEAR_INTERVAL_MS = 25;
const NEAR = 0.5;

/** Samples the memory of all environments of a host while any of them works. */
export class MemoryWatch implements Disposable {
  readonly #watched = new Set<Watched>();
  readonly #listings = new Map<number, TreeListing>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  add(watched: Watched): void {
    this.#watched.add(watched);
    this.wake();
  }

  delete(watched: Watched): void {
    this.#watched.delete(watched);
    if (watched.pid !== undefined) this.#listings.delete(watched.pid);
  }

  /** To be called when an environment starts to work. */
  wake(): void {
    if (this.#timer === undefined && !this.#closed) this.#schedule(NEAR_INTERVAL_MS);
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    this.#timer = setTimeout(() => void this.#sample(), delayMs).unref();
  }

  async #sample(): Promise<void> {
    const active = new Map<number, Watched>();
    for (const watched of this.#watched) {
      if (watched.isActive && watched.pid !== undefined) active.set(watched.pid, watched);
    }
    let near = false;
    for (const [pid, reading] of await readMemory([...active.keys()], this.#listings)) {
      const watched = active.get(pid);
      near ||= watched !== undefined && reading.residentMb > NEAR * watched.memoryLimitMb;
      watched?.observeMemory(reading);
    }
    this.#timer = undefined;
    const isActive = [...this.#watched].some((watched) => watched.isActive);
    if (isActive && !this.#closed) this.#schedule(near ? NEAR_INTERVAL_MS : USUAL_INTERVAL_MS);
  }
}
