/** Smaller buffers cost nothing to make anew. */
const SMALLEST = 1 << 20;
const KEPT_BYTES = 96 << 20;

/**
 * Memory that goes round: a block is decrypted into it, DuckDB's thread reads it there and gives it back. Fresh memory of these sizes
 * comes from the operating system page by page, which takes as long as decrypting into it.
 */
export class BufferPool {
  readonly #free: ArrayBuffer[] = [];
  #bytes = 0;

  /** At least `size` bytes, not zeroed, and not more than twice as many: the bytes that a batch wastes are bounded. */
  take(size: number): Uint8Array<ArrayBuffer> {
    const index = this.#free.findIndex(({ byteLength }) => byteLength >= size && byteLength <= 2 * size);
    const [found] = index < 0 ? [] : this.#free.splice(index, 1);
    if (found === undefined) return new Uint8Array(Buffer.allocUnsafeSlow(roundUp(size)).buffer, 0, size);
    this.#bytes -= found.byteLength;
    return new Uint8Array(found, 0, size);
  }

  give(buffer: ArrayBuffer): void {
    if (buffer.byteLength < SMALLEST) return;
    this.#free.push(buffer);
    this.#bytes += buffer.byteLength;
    // the one that waits longest is of a size that is not asked for any more
    while (this.#bytes > KEPT_BYTES) this.#bytes -= this.#free.shift()?.byteLength ?? 0;
  }
}

/** Sizes of blocks of one table differ a little. */
function roundUp(size: number): number {
  return size < SMALLEST ? size : Math.ceil(size / SMALLEST) * SMALLEST;
}
