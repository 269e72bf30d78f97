import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { ErganeError } from '@ergane/protocol';
import type { CallContext } from '@ergane/sdk';
import type { MysqlConfig } from './config.ts';
import { sessionSettings, statementTimeLimit } from './session-settings.ts';
import type { WireOptions } from './wire/handshake.ts';
import { WireSession } from './wire/wire-session.ts';

/** Makes the password of a login with RDS's IAM authentication. */
export type TokenSource = (config: MysqlConfig, region: string) => Promise<string>;

/** Connections of this function instance that wait for the next invocation, by whom they belong to. */
export interface ConnectionPool {
  readonly idle: Map<string, IdleSession[]>;
  readonly makeToken: TokenSource;
}

export interface IdleSession {
  readonly session: WireSession;
  readonly since: number;
  /** seconds that a statement may take, as the session was told */
  readonly timeLimit: number;
}

/** A connection that waited longer may have been closed by something between: it is asked first. */
const TRUST_IDLE_MS = 250;

export function makeConnectionPool(makeToken: TokenSource): ConnectionPool {
  return { idle: new Map(), makeToken };
}

/** Closes what waits in the pool. */
export function closePool(pool: ConnectionPool): void {
  for (const sessions of pool.idle.values()) for (const { session } of sessions) session.end();
  pool.idle.clear();
}

/** Who connects where, for which call. */
export interface ClientPlace {
  readonly pool: ConnectionPool;
  readonly context: CallContext;
  readonly config: MysqlConfig;
}

function poolKey(config: MysqlConfig): string {
  return JSON.stringify(config);
}

/** The connection waits for the next call, without keeping the process alive. */
export function giveBack(pool: ConnectionPool, config: MysqlConfig, idle: IdleSession): void {
  idle.session.keepProcessAlive(false);
  const key = poolKey(config);
  const sessions = pool.idle.get(key);
  if (sessions === undefined) pool.idle.set(key, [idle]);
  else sessions.push(idle);
}

/** A connection that waited, if it is still good. */
export async function takeIdle(place: ClientPlace): Promise<IdleSession | undefined> {
  const sessions = place.pool.idle.get(poolKey(place.config)) ?? [];
  for (;;) {
    const found = sessions.pop();
    if (found === undefined) return undefined;
    if (!found.session.isUsable) continue;
    found.session.keepProcessAlive(true);
    try {
      if (Date.now() - found.since > TRUST_IDLE_MS) await found.session.ping();
      return await withTimeLimit(place, found);
    } catch (error) {
      place.context.log(`a waiting connection was gone: ${error instanceof Error ? error.message : String(error)}`);
      found.session.destroy();
    }
  }
}

/** A new connection, with the session set up. */
export async function connect(place: ClientPlace): Promise<IdleSession> {
  const session = await WireSession.connect(await wireOptions(place));
  try {
    await session.run(sessionSettings(session.greeting));
    return await withTimeLimit(place, { session, since: Date.now(), timeLimit: 0 });
  } catch (error) {
    session.destroy();
    throw error;
  }
}

/** The server ends a statement that outlives the invocation, should this process die without closing its connection. */
async function withTimeLimit({ context }: ClientPlace, idle: IdleSession): Promise<IdleSession> {
  const timeLimit = Math.max(1, Math.ceil(context.remainingTimeMs() / 60_000)) * 60;
  const statement = timeLimit === idle.timeLimit ? undefined : statementTimeLimit(idle.session.greeting, timeLimit);
  if (statement !== undefined) await idle.session.run(statement);
  return { ...idle, timeLimit };
}

/** How to log in; with IAM the password is made anew each time. */
export async function wireOptions(place: {
  readonly pool: ConnectionPool;
  readonly config: MysqlConfig;
  readonly context: CallContext | undefined;
}): Promise<WireOptions> {
  const { config, pool, context } = place;
  const password = config.iamRegion === undefined ? config.password : await pool.makeToken(config, config.iamRegion);
  return {
    host: config.host,
    port: config.port,
    user: config.user,
    password,
    database: config.database,
    encryption: config.sslMode === 'DISABLED' ? 'off' : config.sslMode === 'PREFERRED' ? 'preferred' : 'required',
    tls: tlsOptions(config),
    trustServerKey: config.allowPublicKeyRetrieval,
    connectTimeoutMs: config.connectTimeoutMs,
    ...(context && { signal: context.signal }),
  };
}

function tlsOptions(config: MysqlConfig): ConnectionOptions {
  const verifies = config.sslMode === 'VERIFY_CA' || config.sslMode === 'VERIFY_IDENTITY';
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: verifies,
    ...(config.sslMode === 'VERIFY_CA' && { checkServerIdentity: () => undefined }),
    ...(config.sslCa !== undefined && { ca: readPem(config.sslCa, 'sslCa', config) }),
    ...(config.sslCert !== undefined && { cert: readPem(config.sslCert, 'sslCert', config) }),
    ...(config.sslKey !== undefined && { key: readPem(config.sslKey, 'sslKey', config) }),
  };
}

function readPem(path: string, parameter: string, { setting }: MysqlConfig): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ErganeError('CONFIG_INVALID', `${parameter} in the setting ${setting} cannot be read: ${reason}`, {
      where: { setting },
      cause,
    });
  }
}
