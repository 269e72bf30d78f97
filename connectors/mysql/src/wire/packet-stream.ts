import type { Socket } from 'node:net';
import { LONGEST_PACKET, PacketAssembly } from './packet-assembly.ts';
import type { Chunk, ChunkBuffers } from './chunk-buffers.ts';

/** What a sink wants after a packet: the next one, a pause (the rest stays for the next `drain`), or no more. */
export type PacketVerdict = typeof MORE | typeof PAUSE | typeof DONE;
export const MORE = 0;
export const PAUSE = 1;
export const DONE = 2;

/**
 * Takes packets one by one. The payload is `bytes` from `start` to `end`. It is valid until more comes from the network, so what is to be
 * kept beyond the next `await` must be copied; the one packet before stays valid until `drain` returns.
 */
export interface PacketSink {
  packet(bytes: Buffer, start: number, end: number): PacketVerdict;
}

/** bytes that may wait here before the socket is paused */
const HIGH_WATER = 1 << 20;

/**
 * The packets of a connection, without an object or a promise a packet: `drain` hands every whole packet of a network chunk to
 * a sink and waits only for chunks. A socket whose chunks nobody takes is paused, so the server waits.
 */
export class PacketStream {
  readonly socket: Socket;
  private readonly buffers: ChunkBuffers | undefined;
  private readonly chunks: Chunk[] = [];
  private queuedBytes = 0;
  private current: Chunk = { bytes: Buffer.alloc(0), end: 0 };
  /** the chunk before may hold the last packet that was given */
  private previous: Chunk | undefined;
  private position = 0;
  private readonly assembly = new PacketAssembly();
  private sequence = 0;
  private failure: Error | undefined;
  private wake: (() => void) | undefined;
  private readonly onData = (bytes: Buffer): void => {
    if (!this.push({ bytes, end: bytes.length })) this.socket.pause();
  };
  private readonly onError = (error: Error): void => this.fail(error);
  private readonly onClose = (): void => this.fail(new ConnectionLost());

  /** With `buffers` the socket reads into those, by its `onread`, which calls `push`. */
  constructor(socket: Socket, buffers?: ChunkBuffers) {
    this.socket = socket;
    this.buffers = buffers;
    if (buffers === undefined) socket.on('data', this.onData);
    socket.on('error', this.onError);
    socket.on('end', this.onClose);
    socket.on('close', this.onClose);
  }

  /** Bytes that came; false: there are many now, the socket should pause. */
  push(chunk: Chunk): boolean {
    this.chunks.push(chunk);
    this.queuedBytes += chunk.end;
    this.wake?.();
    return this.queuedBytes <= HIGH_WATER;
  }

  /** The error that ended the connection. */
  get failed(): Error | undefined {
    return this.failure;
  }

  /** Stops listening, so that a TLS socket may take over the bytes. */
  detach(): void {
    this.socket.off('data', this.onData);
    this.socket.off('error', this.onError);
    this.socket.off('end', this.onClose);
    this.socket.off('close', this.onClose);
    this.socket.pause();
  }

  /** Packets that follow are numbered from 0: a new command begins. */
  beginCommand(): void {
    this.sequence = 0;
  }

  /** Number of the next packet, to go on with after TLS. */
  get nextSequence(): number {
    return this.sequence;
  }

  set nextSequence(value: number) {
    this.sequence = value;
  }

  write(payload: Buffer): void {
    let from = 0;
    let size: number;
    do {
      size = Math.min(LONGEST_PACKET, payload.length - from);
      const header = Buffer.allocUnsafe(4);
      header.writeUIntLE(size, 0, 3);
      header[3] = this.sequence & 0xff;
      this.sequence++;
      const part = payload.subarray(from, from + size);
      this.socket.write(part.length < 65_536 ? Buffer.concat([header, part]) : header);
      if (part.length >= 65_536) this.socket.write(part);
      from += size;
    } while (size === LONGEST_PACKET);
  }

  /** The next packet's payload. */
  async next(): Promise<Buffer> {
    let payload: Buffer | undefined;
    await this.drain({
      packet(bytes, start, end) {
        payload = bytes.subarray(start, end);
        return DONE;
      },
    });
    return payload ?? Buffer.alloc(0);
  }

  /** Gives packets to the sink until it says PAUSE or DONE. */
  async drain(sink: PacketSink): Promise<typeof PAUSE | typeof DONE> {
    for (;;) {
      const verdict = this.deliver(sink);
      if (verdict !== MORE) return verdict;
      await this.moreData();
    }
  }

  private deliver(sink: PacketSink): PacketVerdict {
    for (;;) {
      const verdict = this.deliverCurrent(sink);
      if (verdict !== MORE) return verdict;
      const chunk = this.chunks.shift();
      if (chunk === undefined) return MORE;
      this.queuedBytes -= chunk.end;
      if (this.socket.isPaused() && this.queuedBytes <= HIGH_WATER / 2) this.socket.resume();
      if (this.previous !== undefined) this.buffers?.giveBack(this.previous.bytes);
      this.previous = this.current;
      this.current = chunk;
      this.position = 0;
    }
  }

  private deliverCurrent(sink: PacketSink): PacketVerdict {
    if (this.assembly.isActive) {
      const verdict = this.finishCutPacket(sink);
      if (verdict !== MORE) return verdict;
    }
    const { bytes, end } = this.current;
    let position = this.position;
    while (end - position >= 4) {
      const length = (bytes[position] ?? 0) | ((bytes[position + 1] ?? 0) << 8) | ((bytes[position + 2] ?? 0) << 16);
      const next = position + 4 + length;
      if (next > end || length === LONGEST_PACKET) break;
      this.sequence = (bytes[position + 3] ?? 0) + 1;
      const verdict = sink.packet(bytes, position + 4, next);
      position = next;
      if (verdict !== MORE) {
        this.position = position;
        return verdict;
      }
    }
    this.position = end;
    if (position < end) {
      this.assembly.start();
      this.position = position;
      return this.finishCutPacket(sink);
    }
    return MORE;
  }

  /** A packet that chunks cut is put together in a buffer of its own. */
  private finishCutPacket(sink: PacketSink): PacketVerdict {
    const { assembly } = this;
    this.position = assembly.feed(this.current.bytes.subarray(0, this.current.end), this.position);
    const payload = assembly.take();
    if (payload === undefined) return MORE;
    this.sequence = assembly.sequence + 1;
    const verdict = sink.packet(payload, 0, payload.length);
    return verdict === MORE && this.position < this.current.end ? this.deliverCurrent(sink) : verdict;
  }

  private async moreData(): Promise<void> {
    if (this.chunks.length > 0) return;
    if (this.failure !== undefined) throw this.failure;
    await new Promise<void>((resolve) => (this.wake = resolve));
    this.wake = undefined;
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.wake?.();
  }
}

/** The server, or something between, closed the connection. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  constructor() {
    super('the server closed the connection');
  }
}
