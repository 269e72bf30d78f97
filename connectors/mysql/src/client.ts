import type { ErrorWhere } from '@ergane/protocol';
import type { CallContext } from '@ergane/sdk';
import { readConfig } from './config.ts';
import type { MysqlConfig } from './config.ts';
import { connect, giveBack, takeIdle, wireOptions } from './connection-pool.ts';
import type { ClientPlace, ConnectionPool, IdleSession } from './connection-pool.ts';
import { CellSink } from './decode/cell.ts';
import type { Cell } from './decode/cell.ts';
import { isLost, isThrottle, toErganeError } from './source-errors.ts';
import type { Parameter } from './wire/parameters.ts';
import { WireSession } from './wire/wire-session.ts';
import type { PreparedStatement } from './wire/wire-session.ts';

/**
 * A connection for one call, reused from the last one where there is one. When the call is cancelled, the statement is killed at the
 * server. Dispose it: a connection that has nothing left to say goes back to the pool, any other is closed.
 */
export class Client implements AsyncDisposable {
  readonly config: MysqlConfig;
  private readonly place: ClientPlace;
  private held: IdleSession;
  /** the connection has waited in the pool and not yet answered */
  private isUntried: boolean;
  private killing: Promise<void> | undefined;
  private isDiscarded = false;
  private readonly onAbort = (): void => {
    this.killing ??= this.kill();
  };

  private constructor(place: ClientPlace, held: IdleSession, isUntried: boolean) {
    this.config = place.config;
    this.place = place;
    this.held = held;
    this.isUntried = isUntried;
    const { signal } = place.context;
    signal.addEventListener('abort', this.onAbort, { once: true });
    if (signal.aborted) this.onAbort();
  }

  static async open(pool: ConnectionPool, context: CallContext): Promise<Client> {
    context.signal.throwIfAborted();
    const config = await readConfig(context.settings, context.catalogName);
    const place = { pool, context, config };
    try {
      const idle = await takeIdle(place);
      return new Client(place, idle ?? (await connectPatiently(place)), idle !== undefined);
    } catch (error) {
      throw cancelled(context.signal) ?? toErganeError(error, config);
    }
  }

  get session(): WireSession {
    return this.held.session;
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
      const statement = await this.prepare(sql);
      const columns = await this.session.execute(statement, parameters);
      const sink = new CellSink(columns ?? []);
      await this.session.readRows(sink);
      this.session.closeStatement(statement);
      return sink.rows;
    }, where);
  }

  /** Prepares a statement; where a connection of the pool turns out to be dead, on a new one. @throws MysqlError */
  async prepare(sql: string): Promise<PreparedStatement> {
    const isUntried = this.isUntried;
    this.isUntried = false;
    try {
      return await this.session.prepare(sql);
    } catch (error) {
      if (!isUntried || !isLost(error) || this.place.context.signal.aborted) throw error;
      this.session.destroy();
      this.held = await connectPatiently(this.place);
      return this.session.prepare(sql);
    }
  }

  /** Runs `work`; errors of server and network come out as Ergane's, and a cancelled call as its reason. */
  async translate<Result>(work: () => Promise<Result>, where: ErrorWhere): Promise<Result> {
    const { context } = this.place;
    // what the server still sends of a killed statement is no answer
    if (context.signal.aborted) throw cancelled(context.signal);
    try {
      return await work();
    } catch (error) {
      throw cancelled(context.signal) ?? toErganeError(error, this.config, { catalog: context.catalogName, ...where });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { pool, context } = this.place;
    context.signal.removeEventListener('abort', this.onAbort);
    if (this.session.hasPendingRows) this.killing ??= this.kill();
    await this.killing;
    if (this.killing !== undefined || this.isDiscarded || !this.session.isUsable) this.session.destroy();
    else giveBack(pool, this.config, { ...this.held, since: Date.now() });
  }

  /** Closes the connection when it is disposed: its state is no longer the one that the pool expects. */
  discard(): void {
    this.isDiscarded = true;
  }

  /** Stops the statement at the server, over a connection of its own, then closes. */
  private async kill(): Promise<void> {
    try {
      const killer = await WireSession.connect(await wireOptions({ ...this.place, context: undefined }));
      try {
        await killer.run(`KILL QUERY ${this.session.greeting.connectionId}`);
      } finally {
        killer.end();
      }
    } catch (error) {
      // the statement ends all the same when the server next writes to the closed connection
      this.place.context.log(`KILL QUERY failed: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.session.destroy();
    }
  }
}

/** Waits and tries again while the server has no connection to give. */
function connectPatiently(place: ClientPlace): Promise<IdleSession> {
  return place.context.throttled(() => connect(place), isThrottle);
}

function cancelled(signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : undefined;
}
