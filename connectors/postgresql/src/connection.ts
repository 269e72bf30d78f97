import { readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { rootCertificates } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import type { PostgresqlConfig } from './config.ts';
import { sendCancel } from './wire/cancel.ts';
import type { SessionKey } from './wire/cancel.ts';

/** Asks a small question about metadata: rows of values, 64-bit integers as text. */
export type Query = (text: string, values: readonly unknown[]) => Promise<readonly (readonly unknown[])[]>;

/** A password that is made when a connection is opened, such as an IAM token; undefined: the one of the connection string. */
export type FindPassword = (config: PostgresqlConfig) => Promise<string | undefined>;

/** One session. `pg` logs in and answers metadata questions; reads speak on its socket while it is idle (`wire/`). */
export interface Connection {
  readonly query: Query;
  readonly socket: Duplex;
  readonly serverVersion: number;
  /** names of the statements that the server has prepared, by their text */
  readonly prepared: Map<string, string>;
  /** the statement_timeout that is set, milliseconds */
  timeoutMs: number;
  /** false after the socket closed */
  readonly isOpen: boolean;
  /** Asks the server to stop what this session runs; the session stays. */
  cancel(): Promise<void>;
  /** Ends the session, politely or at once. */
  close(): Promise<void>;
  destroy(): void;
}

/** Sessions only read, see one snapshot a transaction, and print values the same way whatever the server's or role's settings are. */
const SESSION = `
set default_transaction_read_only = on; set default_transaction_isolation = 'repeatable read';
set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set extra_float_digits = 3;
set bytea_output = 'hex'; set xmloption = 'content'; set client_encoding = 'UTF8'; set jit = off;
select current_setting('server_version_num')`;

/** @throws what the driver or the socket throws; see `toSourceError` */
export async function openConnection(config: PostgresqlConfig, findPassword: FindPassword): Promise<Connection> {
  const password = (await findPassword(config)) ?? config.password ?? '';
  if (config.sslMode !== 'prefer') return await connect(config, password, await findTls(config));
  try {
    return await connect(config, password, await findTls(config));
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('does not support SSL'))) throw error;
    return await connect(config, password, false);
  }
}

type Tls = ConnectionOptions | false;

async function findTls({ sslMode, rootCertificate, clientCertificate, clientKey }: PostgresqlConfig): Promise<Tls> {
  if (sslMode === 'disable') return false;
  const client = {
    ...(clientCertificate !== undefined && { cert: await readPem(clientCertificate) }),
    ...(clientKey !== undefined && { key: await readPem(clientKey) }),
  };
  const ca = rootCertificate === undefined ? [...rootCertificates] : await readPem(rootCertificate);
  if (sslMode === 'verify-full') return { ...client, ca };
  if (sslMode === 'verify-ca') return { ...client, ca, checkServerIdentity: () => undefined };
  return { ...client, rejectUnauthorized: false };
}

async function readPem(text: string): Promise<string> {
  return text.includes('-----BEGIN') ? text : await readFile(text, 'utf8');
}

async function connect(config: PostgresqlConfig, password: string, ssl: Tls): Promise<Connection> {
  const { host, port, user, database } = config;
  const client = new pg.Client({
    host,
    port,
    user,
    database,
    // a function, so that the driver never looks for a password file
    password: () => password,
    ssl,
    connectionTimeoutMillis: config.connectTimeoutMs,
    application_name: config.applicationName,
    keepAlive: true,
  });
  let isOpen = true;
  // without listeners an idle session that breaks would end the process
  client.on('error', () => (isOpen = false));
  client.on('end', () => (isOpen = false));
  try {
    await client.connect();
    const answers: unknown = await client.query({ text: SESSION, rowMode: 'array' });
    const [version] = readSession(answers);
    return {
      query: async (text, values) => (await client.query({ text, values: [...values], rowMode: 'array' })).rows,
      socket: client.connection.stream,
      serverVersion: Number(version),
      prepared: new Map(),
      timeoutMs: 0,
      get isOpen() {
        return isOpen;
      },
      cancel: () => sendCancel(readSessionKey(client), { host, port, tls: ssl }),
      close: () => client.end(),
      destroy: () => {
        isOpen = false;
        client.connection.stream.destroy();
      },
    };
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}

/** The last answer of several statements has one row. */
function readSession(answers: unknown): readonly unknown[] {
  const last: unknown = Array.isArray(answers) ? answers.at(-1) : answers;
  const rows: unknown = typeof last === 'object' && last !== null && 'rows' in last ? last.rows : undefined;
  const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
  return Array.isArray(row) ? row : [];
}

/** What the server gave at the login to cancel with; the driver's types do not tell of it. */
function readSessionKey(client: object): SessionKey {
  const processId = 'processID' in client ? client.processID : undefined;
  const secretKey = 'secretKey' in client ? client.secretKey : undefined;
  return { processId: Number(processId), secretKey: Number(secretKey) };
}
