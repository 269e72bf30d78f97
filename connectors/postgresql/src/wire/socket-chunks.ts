import type { Duplex } from 'node:stream';

/** Chunks that may wait for their reader before the socket is paused. */
const WINDOW = 4;

/** A queue of network chunks with back-pressure. */
export interface SocketChunks {
  /** @throws what ended the socket */
  next(): Promise<Buffer>;
  /** Fails whoever waits, and everyone after. */
  fail(error: unknown): void;
  /** Gives the socket back to its former listeners; right only when the answer was read to its end. */
  release(): void;
}

/** Takes an idle socket over from its `data` listeners (the driver's parser), which must not see answers that are not for them. */
export function takeSocket(socket: Duplex): SocketChunks {
  const listeners = socket.listeners('data');
  const queue: Buffer[] = [];
  let failure: unknown;
  let wake: (() => void) | undefined;
  const notify = (): void => {
    wake?.();
    wake = undefined;
  };
  const onData = (chunk: Buffer): void => {
    queue.push(chunk);
    if (queue.length >= WINDOW) socket.pause();
    notify();
  };
  const fail = (error: unknown): void => {
    failure ??= error ?? new Error('the connection was closed');
    notify();
  };
  const onClose = (): void => fail(new Error('the server closed the connection'));
  socket.removeAllListeners('data');
  socket.on('data', onData);
  socket.on('error', fail);
  socket.on('close', onClose);
  if (socket.destroyed) onClose();
  return {
    async next() {
      for (;;) {
        // what came before the end is read first: it may say why
        const chunk = queue.shift();
        if (chunk !== undefined) {
          if (queue.length === 0) socket.resume();
          return chunk;
        }
        if (failure !== undefined) throw failure;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    fail,
    release() {
      socket.removeListener('data', onData);
      socket.removeListener('error', fail);
      socket.removeListener('close', onClose);
      // the very same functions: a wrapper a read would grow into a chain
      for (const listener of listeners) Reflect.apply(socket.on, socket, ['data', listener]);
      socket.resume();
    },
  };
}
