import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { ErganeError } from '@ergane/protocol';
import type { ErrorWhere } from '@ergane/protocol';
import type { CallContext } from '@ergane/sdk';
import { readConfig } from './config.ts';
import type { MysqlConfig } from './config.ts';
import { CellSink } from './decode/cell.ts';
import type { Cell } from './decode/cell.ts';
import { sessionSettings, statementTimeLimit } from './session-settings.ts';
import { isThrottle, toErganeError } from './source-errors.ts';
import type { WireOptions } from './wire/handshake.ts';
import type { Parameter } from './wire/parameters.ts';
import { WireSession } from './wire/wire-session.ts';

/** Makes the password of a login with RDS's IAM authentication. */
export type TokenSource = (config: MysqlConfig, region: string) => Promise<string>;

/** Connections of this function instance that wait for the next invocation, by whom they belong to. */
export interface ConnectionPool {
  readonly idle: Map<string, IdleSession[]>;
  readonly makeToken: TokenSource;
}

interface IdleSession {
  readonly session: WireSession;
  readonly since: number;
  /** seconds that a statement may take, as the session was told */
  readonly timeLimit: number;
}

/** A connection that waited longer may have been closed by something between: ask it first. */
const TRUST_IDLE_MS = 2000;

export function makeConnectionPool(makeToken: TokenSource): ConnectionPool {
  return { idle: new Map(), makeToken };
}

/** Closes what waits in the pool. */
export function closePool(pool: ConnectionPool): void {
  for (const sessions of pool.idle.values()) for (const { session } of sessions) session.end();
  pool.idle.clear();
}

/**
 * A connection for one call, reused from the last one where there is one. When the call is cancelled, the statement is killed at the
 * server. Dispose it: a connection that has nothing left to say goes back to the pool, any other is closed.
 */
export class Client implements AsyncDisposable {
  readonly config: MysqlConfig;
  readonly session: WireSession;
  private readonly pool: ConnectionPool;
  private readonly context: CallContext;
  private readonly timeLimit: number;
  private killing: Promise<void> | undefined;
  private readonly onAbort = (): void => {
    this.killing ??= this.kill();
  };

  private constructor({ pool, context, config }: ClientPlace, { session, timeLimit }: Omit<IdleSession, 'since'>) {
    this.config = config;
    this.session = session;
    this.pool = pool;
    this.context = context;
    this.timeLimit = timeLimit;
    context.signal.addEventListener('abort', this.onAbort, { once: true });
    if (context.signal.aborted) this.onAbort();
  }

  static async open(pool: ConnectionPool, context: CallContext): Promise<Client> {
    context.signal.throwIfAborted();
    const config = await readConfig(context.settings, context.catalogName);
    const place = { pool, context, config };
    try {
      const idle = (await takeIdle(place)) ?? (await context.throttled(() => connect(place), isThrottle));
      return new Client(place, idle);
    } catch (error) {
      throw cancelled(context.signal) ?? toErganeError(error, config);
    }
  }

  get isMariaDb(): boolean {
    return this.session.greeting.isMariaDb;
  }

  /** All rows of a small answer. */
  async query(
    sql: string,
    parameters: readonly Parameter[] = [],
    where: ErrorWhere = {},
  ): Promise<(readonly Cell[])[]> {
    return this.translate(async () => {
      const statement = await this.session.prepare(sql);
      const columns = await this.session.execute(statement, parameters);
      const sink = new CellSink(columns ?? []);
      await this.session.readRows(sink);
      this.session.closeStatement(statement);
      return sink.rows;
    }, where);
  }

  /** Runs `work`; errors of server and network come out as Ergane's, and a cancelled call as its reason. */
  async translate<Result>(work: () => Promise<Result>, where: ErrorWhere): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw (
        cancelled(this.context.signal) ??
        toErganeError(error, this.config, { catalog: this.context.catalogName, ...where })
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.context.signal.removeEventListener('abort', this.onAbort);
    if (this.session.hasPendingRows) this.killing ??= this.kill();
    await this.killing;
    const { session, timeLimit } = this;
    if (this.killing !== undefined || !session.isUsable) session.destroy();
    else giveBack(this.pool, this.config, { session, timeLimit, since: Date.now() });
  }

  /** Closes the connection when it is disposed: its state is no longer the one that the pool expects. */
  discard(): void {
    this.killing ??= Promise.resolve();
  }

  /** Stops the statement at the server, over a connection of its own, then closes. */
  private async kill(): Promise<void> {
    try {
      const killer = await WireSession.connect(await wireOptions({ ...this, context: undefined }));
      try {
        await killer.run(`KILL QUERY ${this.session.greeting.connectionId}`);
      } finally {
        killer.end();
      }
    } catch (error) {
      // the statement ends all the same when the server next writes to the closed connection
      this.context.log(`KILL QUERY failed: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.session.destroy();
    }
  }
}

interface ClientPlace {
  readonly pool: ConnectionPool;
  readonly context: CallContext;
  readonly config: MysqlConfig;
}

function cancelled(signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : undefined;
}

function poolKey(config: MysqlConfig): string {
  return JSON.stringify(config);
}

function giveBack(pool: ConnectionPool, config: MysqlConfig, idle: IdleSession): void {
  idle.session.keepProcessAlive(false);
  const key = poolKey(config);
  const sessions = pool.idle.get(key);
  if (sessions === undefined) pool.idle.set(key, [idle]);
  else sessions.push(idle);
}

async function takeIdle(place: ClientPlace): Promise<IdleSession | undefined> {
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

async function connect(place: ClientPlace): Promise<IdleSession> {
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

async function wireOptions(place: {
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
