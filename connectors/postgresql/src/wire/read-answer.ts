import { ErganeError } from '@ergane/protocol';
import { MESSAGE, ServerError } from './messages.ts';
import type { AnswerColumn } from './messages.ts';
import type { SocketChunks } from './socket-chunks.ts';

/** Takes the rows of an answer; see TupleDecoder. */
export interface RowSink {
  readonly isFull: boolean;
  decode(buffer: Buffer, from: number): number;
}

/** What a reader of an answer sees: the batch is full, a run of the statement is complete, or the server is ready again. */
export type AnswerEvent = 'full' | 'run' | 'ready';

export interface AnswerReader {
  /**
   * Reads on to the next event. After an error of the server the answer is read to its end first.
   * @throws ServerError
   */
  next(): Promise<AnswerEvent>;
  /** Passes over the rest of the answer, errors too. Answers false when the socket breaks. */
  skip(): Promise<boolean>;
  /** The server has nothing more to say. */
  readonly isReady: boolean;
}

const HEADER = 5;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Reads the answer to `encodeStatement`. Rows go to `sink` straight from the network chunk; only a message that chunks cut is put
 * together. `readies` is how often the server will say that it is ready: once for each statement that was sent.
 */
export function makeAnswerReader(
  chunks: SocketChunks,
  sink: () => RowSink,
  { readies, onColumns }: { readonly readies: number; onColumns(columns: readonly AnswerColumn[]): void },
): AnswerReader {
  let buffer = NOTHING;
  let at = 0;
  /** what follows `buffer` */
  let after = NOTHING;
  let awaited = readies;
  let failure: ServerError | undefined;
  let skipping = false;

  const fill = async (): Promise<void> => {
    const rest = buffer.subarray(at);
    at = 0;
    if (rest.length === 0) {
      buffer = after.length > 0 ? after : await chunks.next();
      after = NOTHING;
      return;
    }
    let chunk = after.length > 0 ? after : await chunks.next();
    let head = rest;
    while (head.length < HEADER) {
      head = Buffer.concat([head, chunk]);
      chunk = head.length < HEADER ? await chunks.next() : NOTHING;
    }
    const message = Buffer.allocUnsafeSlow(1 + head.readInt32BE(1));
    let filled = head.copy(message);
    if (filled < head.length) chunk = head.subarray(filled);
    for (;;) {
      const copied = chunk.copy(message, filled);
      filled += copied;
      if (filled === message.length) {
        after = chunk.subarray(copied);
        break;
      }
      chunk = await chunks.next();
    }
    buffer = message;
  };

  /** Handles a whole message that is no row. */
  const handle = (type: number, body: Buffer): AnswerEvent | undefined => {
    switch (type) {
      case MESSAGE.commandComplete:
      case MESSAGE.emptyQuery:
        return awaited === 1 ? 'run' : undefined;
      case MESSAGE.rowDescription:
        if (!skipping) onColumns(parseColumns(body));
        return undefined;
      case MESSAGE.error:
        failure ??= new ServerError(parseFields(body));
        return undefined;
      case MESSAGE.readyForQuery:
        awaited--;
        if (awaited > 0) return undefined;
        if (failure !== undefined) throw failure;
        return 'ready';
      default:
        return undefined;
    }
  };

  const next = async (): Promise<AnswerEvent> => {
    for (;;) {
      const end = buffer.length;
      while (at + HEADER <= end) {
        if (buffer[at] === MESSAGE.dataRow && failure === undefined && !skipping) {
          const rows = sink();
          const stopped = rows.decode(buffer, at);
          const moved = stopped !== at;
          at = stopped;
          if (rows.isFull) return 'full';
          if (!moved) break;
          continue;
        }
        const size = 1 + buffer.readInt32BE(at + 1);
        if (size < HEADER) throw malformed(size);
        if (at + size > end) break;
        const from = at;
        at += size;
        const event = handle(buffer[from] ?? 0, buffer.subarray(from + HEADER, from + size));
        if (event !== undefined) return event;
      }
      try {
        await fill();
      } catch (error) {
        // a server that ends the session says why, and closes
        throw failure ?? error;
      }
    }
  };

  return {
    get isReady() {
      return awaited === 0;
    },
    next,
    async skip() {
      skipping = true;
      try {
        while (awaited > 0) await next();
        return true;
      } catch (error) {
        // an error that the server reported ends its answer
        return error instanceof ServerError && awaited === 0;
      }
    },
  };
}

/** RowDescription: count; then name, table, attribute, type, size, modifier, format. */
function parseColumns(body: Buffer): readonly AnswerColumn[] {
  let at = 2;
  return Array.from({ length: body.readUInt16BE(0) }, () => {
    const end = body.indexOf(0, at);
    const name = body.toString('utf8', at, end);
    const column = { name, type: body.readUInt32BE(end + 7), modifier: body.readInt32BE(end + 13) };
    at = end + 19;
    return column;
  });
}

/** ErrorResponse: a letter and a text each, then 0. */
function parseFields(body: Buffer): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const field of body.toString('utf8').split('\0'))
    if (field !== '') fields.set(field.slice(0, 1), field.slice(1));
  return fields;
}

function malformed(size: number): ErganeError {
  return new ErganeError('SOURCE_DATA_INVALID', `the server sent a message of ${size} bytes: is a proxy between?`);
}
