import { receiveMessageOnPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { ErganeError } from '@ergane/protocol';
import type { ScanMessage } from './worker-messages.ts';

/** Words of the memory that both threads see: messages sent, 1 when the query is cancelled, 1 while DuckDB works. */
export const SIGNAL = { sent: 0, cancelled: 1, busy: 2, words: 3 } as const;

/**
 * Where batches wait in the worker thread. `take` blocks the thread, because a table function of DuckDB has to answer at once: the other
 * side wakes it by counting what it sent.
 */
export class BatchInbox {
  readonly #port: MessagePort;
  readonly #signal: Int32Array;
  readonly #queues = new Map<number, ScanMessage[]>();

  constructor(port: MessagePort, signal: Int32Array) {
    this.#port = port;
    this.#signal = signal;
  }

  /** The next message of a stream. Throws QUERY_CANCELLED once the query is cancelled. */
  take(stream: number): ScanMessage {
    for (;;) {
      if (Atomics.load(this.#signal, SIGNAL.cancelled) === 1)
        throw new ErganeError('QUERY_CANCELLED', 'the query was cancelled');
      const sent = Atomics.load(this.#signal, SIGNAL.sent);
      this.#receive();
      const next = this.#queues.get(stream)?.shift();
      if (next) return next;
      Atomics.wait(this.#signal, SIGNAL.sent, sent);
    }
  }

  #receive(): void {
    for (;;) {
      const received: { message: ScanMessage } | undefined = receiveMessageOnPort(this.#port);
      if (!received) return;
      const { message } = received;
      const queue = this.#queues.get(message.stream);
      if (queue) queue.push(message);
      else this.#queues.set(message.stream, [message]);
    }
  }

  /** Drops what was sent for the query that is over. */
  clear(): void {
    this.#receive();
    this.#queues.clear();
  }
}
