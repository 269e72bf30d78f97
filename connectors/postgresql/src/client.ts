import { ErganeError } from '@ergane/protocol';
import type { CallContext } from '@ergane/sdk';
import { parseConnectionString } from './config.ts';
import type { PostgresqlConfig } from './config.ts';
import { openConnection } from './connection.ts';
import type { Connection, FindPassword } from './connection.ts';
import { toSourceError } from './source-error.ts';
import type { SourceContext } from './source-error.ts';

export type { Query } from './connection.ts';

/** Sessions of one database, kept between invocations of a warm function. */
export interface PostgresqlClient {
  readonly source: SourceContext;
  /**
   * Runs `work` with a session. One that was kept and turns out to be dead is replaced once, if `work` has not `begun` to give rows. The
   * session is kept after success.
   */
  use<Result>(context: CallContext, work: (connection: Connection) => Promise<Result>): Promise<Result>;
  /** The session is the caller's until it gives it back or destroys it. */
  open(context: CallContext): Promise<{ readonly connection: Connection; readonly kept: boolean }>;
  giveBack(connection: Connection): void;
  /** Ends the sessions that nobody uses. */
  close(): Promise<void>;
}

/** Idle sessions of a function: one is what a function that runs one invocation at a time needs. */
const KEPT = 4;

export function makePostgresqlClient(
  config: PostgresqlConfig,
  { source, findPassword }: { readonly source: SourceContext; readonly findPassword: FindPassword },
): PostgresqlClient {
  const idle: Connection[] = [];
  const connect = async (context: CallContext): Promise<Connection> => {
    context.signal.throwIfAborted();
    return await context.throttled(() => openConnection(config, findPassword), isOverloaded);
  };
  const open: PostgresqlClient['open'] = async (context) => {
    for (let found = idle.pop(); found !== undefined; found = idle.pop()) {
      setReferenced(found, true);
      if (found.isOpen) return { connection: found, kept: true };
    }
    return { connection: await connect(context), kept: false };
  };
  const giveBack = (connection: Connection): void => {
    if (!connection.isOpen || idle.length >= KEPT) return connection.destroy();
    setReferenced(connection, false);
    idle.push(connection);
  };
  const attempt = async <Result>(connection: Connection, work: (connection: Connection) => Promise<Result>) => {
    try {
      const result = await work(connection);
      giveBack(connection);
      return result;
    } catch (error) {
      // an error of the server leaves the session as it was
      if (hasSqlState(error)) giveBack(connection);
      else connection.destroy();
      throw error;
    }
  };
  return {
    source,
    open,
    giveBack,
    async use(context, work) {
      try {
        const { connection, kept } = await open(context);
        try {
          return await attempt(connection, work);
        } catch (error) {
          if (!kept || !isBroken(error)) throw error;
          return await attempt(await connect(context), work);
        }
      } catch (error) {
        throw toSourceError(error, source);
      }
    },
    async close() {
      await Promise.all(idle.splice(0).map((connection) => connection.close()));
    },
  };
}

/** A session that nobody uses must not keep the process alive. */
function setReferenced(connection: Connection, referenced: boolean): void {
  const socket: object = connection.socket;
  const name = referenced ? 'ref' : 'unref';
  const method: unknown = name in socket ? Reflect.get(socket, name) : undefined;
  if (typeof method === 'function') Reflect.apply(method, socket, []);
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

export function hasSqlState(error: unknown): boolean {
  return /^(?!E[A-Z]{4}$)[0-9A-Z]{5}$/.test(codeOf(error)) && !/^(57P|08)/.test(codeOf(error));
}

/** The session is dead: of the network, or ended by the server. */
export function isBroken(error: unknown): boolean {
  return !(error instanceof ErganeError) && !hasSqlState(error);
}

/** Too many connections, or the server is starting. */
function isOverloaded(error: unknown): boolean {
  return ['53300', '57P03'].includes(codeOf(error));
}

/** The clients of a function, one a connection string. */
export function makeClients(findPassword: FindPassword): (context: CallContext) => Promise<PostgresqlClient> {
  const clients = new Map<string, PostgresqlClient>();
  return async (context) => {
    const setting = await findSetting(context);
    const text = await context.settings.require(setting);
    const found = clients.get(`${setting} ${text}`);
    if (found !== undefined) return found;
    const config = parseConnectionString(text, setting);
    const { host, port, user } = config;
    const source = { catalog: context.catalogName, server: `${host}:${port}`, setting, user };
    const client = makePostgresqlClient(config, { source, findPassword });
    clients.set(`${setting} ${text}`, client);
    return client;
  };
}

/** `<catalog>_connection_string` of a function that serves several catalogs, else `default` (protocol reference, section 6.2). */
async function findSetting({ settings, catalogName }: CallContext): Promise<string> {
  const own = `${catalogName.replace(/^lambda:/, '')}_connection_string`;
  return (await settings.get(own)) === undefined ? 'default' : own;
}

export type { Connection, FindPassword };
