/** Values by key for a limited time; whoever asks while a value is made waits for the same one. Failures are not kept. */
export class TimedCache<Value> {
  readonly #milliseconds: number;
  readonly #entries = new Map<string, { readonly value: Promise<Value>; readonly madeAt: number }>();

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  get(key: string, make: () => Promise<Value>): Promise<Value> {
    const entry = this.#entries.get(key);
    if (entry && performance.now() - entry.madeAt < this.#milliseconds) return entry.value;
    const value = make();
    this.#entries.set(key, { value, madeAt: performance.now() });
    value.catch(() => {
      if (this.#entries.get(key)?.value === value) this.#entries.delete(key);
    });
    return value;
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}
