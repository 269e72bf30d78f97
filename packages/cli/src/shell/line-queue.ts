import type { Interface } from 'node:readline';

/** Lines as they are typed, kept until they are taken. Ends when the interface closes. */
export class LineQueue implements AsyncIterable<string> {
  #lines: string[] = [];
  #isClosed = false;
  #wake: () => void = () => undefined;

  constructor(source: Interface) {
    source.on('line', (line) => {
      this.#lines.push(line);
      this.#wake();
    });
    source.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  /** No more lines come; some may wait. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Forgets what was typed ahead. */
  clear(): void {
    this.#lines = [];
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) yield line;
      else if (this.#isClosed) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
