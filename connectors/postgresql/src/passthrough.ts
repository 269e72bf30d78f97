import { ErganeError } from '@ergane/protocol';
import type { CallContext } from '@ergane/sdk';
import { findColumnTypes } from './catalog.ts';
import type { SourceColumn } from './catalog.ts';
import type { Connection, PostgresqlClient } from './client.ts';
import { encodeDescribe } from './wire/messages.ts';
import type { AnswerColumn } from './wire/messages.ts';
import { makeAnswerReader } from './wire/read-answer.ts';
import { takeSocket } from './wire/socket-chunks.ts';

/** The text of a native query (protocol reference, section 3.7); undefined: it is a query of a table. */
export function findNativeQuery(args: Readonly<Record<string, string>>): string | undefined {
  const found = Object.entries(args).find(([name]) => name.toUpperCase() === 'QUERY')?.[1];
  return found?.trim().replace(/;\s*$/, '');
}

/** @throws ErganeError INVALID_FUNCTION_ARGUMENT */
export function requireNativeQuery(args: Readonly<Record<string, string>>): string {
  const found = findNativeQuery(args);
  if (found !== undefined && found !== '') return found;
  throw new ErganeError('INVALID_FUNCTION_ARGUMENT', 'SYSTEM.QUERY needs the argument QUERY');
}

/**
 * A native query as a relation. It runs in a read-only transaction, alone: a second statement does not parse, and neither does one that
 * writes.
 */
export function printNative(sql: string): string {
  return `(${sql}\n) as native`;
}

/**
 * The columns of a native query, as PostgreSQL describes it without running it.
 * @throws ErganeError SYNTAX_ERROR, NOT_SUPPORTED for what answers no rows
 */
export async function describeNativeQuery(
  client: PostgresqlClient,
  context: CallContext,
  sql: string,
): Promise<readonly SourceColumn[]> {
  return await client.use(context, async (connection) => {
    const found = await describe(connection, `select * from ${printNative(sql)}`);
    if (found === undefined)
      throw new ErganeError('NOT_SUPPORTED', 'a native query must answer rows: SELECT, VALUES or TABLE');
    return await findColumnTypes(connection.query, found);
  });
}

async function describe(connection: Connection, sql: string): Promise<readonly AnswerColumn[] | undefined> {
  const chunks = takeSocket(connection.socket);
  let columns: readonly AnswerColumn[] | undefined;
  const noRows = { isFull: false, decode: (_buffer: Buffer, from: number) => from };
  const reader = makeAnswerReader(chunks, () => noRows, {
    readies: 1,
    onColumns: (found) => {
      columns = found;
    },
  });
  connection.socket.write(encodeDescribe(sql));
  try {
    await reader.next();
  } finally {
    if (reader.isReady) chunks.release();
    else connection.destroy();
  }
  return columns;
}
