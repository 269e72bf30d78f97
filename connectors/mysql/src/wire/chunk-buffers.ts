/** Bytes that the network gave: `bytes` up to `end`. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly end: number;
}

const SIZE = 256 * 1024;
const MOST_KEPT = 8;

/**
 * Buffers that a socket reads into, used again and again: 64 KiB of new memory a read would be a gigabyte of garbage in a large scan. Pages
 * stay in the processor's cache, and larger reads are fewer.
 */
export class ChunkBuffers {
  private readonly free: Buffer[] = [];

  take(): Buffer {
    return this.free.pop() ?? Buffer.allocUnsafeSlow(SIZE);
  }

  giveBack(bytes: Buffer): void {
    if (bytes.length === SIZE && this.free.length < MOST_KEPT) this.free.push(bytes);
  }
}
