import type { CallContext } from '@ergane/sdk';
import type { Connection, PostgresqlClient } from './client.ts';
import { isBroken } from './client.ts';
import { toSourceError } from './source-error.ts';
import type { SourceContext } from './source-error.ts';
import { encodeStatement } from './wire/messages.ts';
import type { AnswerColumn, Parameters } from './wire/messages.ts';
import { makeAnswerReader } from './wire/read-answer.ts';
import type { AnswerEvent, AnswerReader, RowSink } from './wire/read-answer.ts';
import { takeSocket } from './wire/socket-chunks.ts';
import type { SocketChunks } from './wire/socket-chunks.ts';

export interface Statement {
  readonly sql: string;
  /** the statement runs once for each, in one transaction */
  readonly runs: readonly Parameters[];
  /** Sees what the server is about to send, before the first row. */
  onColumns(columns: readonly AnswerColumn[]): void;
  /** where rows go */
  readonly sink: () => RowSink;
}

/** How long the server may take to stop after it was asked to. */
const STOP_MS = 5000;

/**
 * Runs a statement and yields at every full batch and at the end of every run. Ends the work at the server when the caller stops early or the
 * signal aborts.
 */
export async function* readStatement(
  client: PostgresqlClient,
  context: CallContext,
  { statement, source }: { readonly statement: Statement; readonly source: SourceContext },
): AsyncGenerator<Exclude<AnswerEvent, 'ready'>, void, undefined> {
  const session = await start(client, context, { statement, source });
  let event = session.first;
  try {
    while (event !== 'ready') {
      yield event;
      event = await session.reader.next();
    }
  } catch (error) {
    throw context.signal.aborted ? context.signal.reason : toSourceError(error, source);
  } finally {
    await session.end();
  }
}

interface Session {
  readonly reader: AnswerReader;
  readonly first: AnswerEvent;
  end(): Promise<void>;
}

/** Sends the statement and waits for the first event; a kept session that turns out to be dead is replaced. */
async function start(
  client: PostgresqlClient,
  context: CallContext,
  { statement, source }: { readonly statement: Statement; readonly source: SourceContext },
): Promise<Session> {
  for (;;) {
    // rows may have been taken once the server answers, so that the statement must not run again
    let mayRetry = false;
    let session: Omit<Session, 'first'> | undefined;
    const onColumns: Statement['onColumns'] = (columns) => {
      mayRetry = false;
      statement.onColumns(columns);
    };
    try {
      const opened = await client.open(context);
      mayRetry = opened.kept;
      session = send(client, context, { statement: { ...statement, onColumns }, connection: opened.connection });
      return { ...session, first: await session.reader.next() };
    } catch (error) {
      await session?.end();
      if (context.signal.aborted) throw context.signal.reason;
      if (!mayRetry || !isBroken(error)) throw toSourceError(error, source);
    }
  }
}

function send(
  client: PostgresqlClient,
  context: CallContext,
  { statement, connection }: { readonly statement: Statement; readonly connection: Connection },
): Omit<Session, 'first'> {
  const chunks = takeSocket(connection.socket);
  const before = printTimeout(connection, context);
  const { sql, runs } = statement;
  const reader = makeAnswerReader(chunks, statement.sink, {
    readies: before === undefined ? 1 : 2,
    onColumns: (columns) => statement.onColumns(columns),
  });
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= stopServer(connection, chunks));
  const onAbort = (): void => void stop();
  context.signal.addEventListener('abort', onAbort, { once: true });
  connection.socket.write(encodeStatement({ sql, name: '', prepared: false, runs, before }));
  if (context.signal.aborted) onAbort();
  return {
    reader,
    async end() {
      context.signal.removeEventListener('abort', onAbort);
      const isUsable = connection.isOpen && !connection.socket.destroyed;
      if (isUsable && !reader.isReady) await stop();
      // a cancel request that is on its way would hit the session's next statement
      await stopping;
      if (!isUsable || !(await reader.skip())) return connection.destroy();
      chunks.release();
      client.giveBack(connection);
    },
  };
}

/** Cancels, and gives up on a server that does not stop. */
async function stopServer(connection: Connection, chunks: SocketChunks): Promise<void> {
  const timer = setTimeout(() => chunks.fail(new Error('the server did not stop when it was asked to')), STOP_MS);
  timer.unref();
  await connection.cancel();
}

/** statement_timeout follows the deadline; it is set anew when it is off by more than a tenth. */
function printTimeout(connection: Connection, context: CallContext): string | undefined {
  const wanted = Math.min(2 ** 31 - 1, Math.max(1, Math.ceil(context.remainingTimeMs())));
  if (!Number.isFinite(wanted) || Math.abs(wanted - connection.timeoutMs) <= wanted / 10) return undefined;
  connection.timeoutMs = wanted;
  return `set statement_timeout = ${wanted}`;
}
