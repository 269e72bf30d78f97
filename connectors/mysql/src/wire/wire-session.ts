import { readColumnDefinition } from './column-definition.ts';
import type { ColumnDefinition } from './column-definition.ts';
import { openConnection } from './handshake.ts';
import type { OpenConnection, ServerGreeting, WireOptions } from './handshake.ts';
import { readMysqlError } from './mysql-error.ts';
import { PacketReader, PacketWriter } from './packet-bytes.ts';
import { DONE, MORE, PAUSE } from './packet-stream.ts';
import type { PacketSink, PacketStream, PacketVerdict } from './packet-stream.ts';
import { encodeExecute } from './parameters.ts';
import type { Parameter } from './parameters.ts';

/** Decodes rows of the binary protocol. `bytes` from `start` to `end` is one row; true: take no more rows now. */
export interface RowSink {
  row(bytes: Buffer, start: number, end: number): boolean;
}

export interface PreparedStatement {
  readonly id: number;
  readonly parameterCount: number;
  /** what an execution would answer; none: the statement answers no rows */
  readonly columns: readonly ColumnDefinition[];
}

const QUIT = 0x01;
const QUERY = 0x03;
const PING = 0x0e;
const PREPARE = 0x16;
const CLOSE_STATEMENT = 0x19;

/**
 * One connection, one command at a time. Rows come in the binary protocol only (prepared statements): integers, floats and dates
 * need no parsing, and values are bound, never printed into SQL.
 */
export class WireSession {
  readonly greeting: ServerGreeting;
  /** rows of the last execution wait to be read */
  hasPendingRows = false;
  private readonly stream: PacketStream;

  private constructor({ stream, greeting }: OpenConnection) {
    this.stream = stream;
    this.greeting = greeting;
  }

  static async connect(options: WireOptions): Promise<WireSession> {
    return new WireSession(await openConnection(options));
  }

  /** False when the connection was lost or closed. */
  get isUsable(): boolean {
    return this.stream.failed === undefined && !this.stream.socket.destroyed && !this.hasPendingRows;
  }

  /** Runs a statement that answers no rows, in the text protocol. */
  async run(sql: string): Promise<void> {
    this.send(new PacketWriter().uint8(QUERY).raw(Buffer.from(sql, 'utf8')).finish());
    await this.readOk();
  }

  async ping(): Promise<void> {
    this.send(Buffer.from([PING]));
    await this.readOk();
  }

  async prepare(sql: string): Promise<PreparedStatement> {
    this.send(new PacketWriter().uint8(PREPARE).raw(Buffer.from(sql, 'utf8')).finish());
    const reader = new PacketReader(await this.nextOrThrow(), 1);
    const id = reader.uint32();
    const columnCount = reader.uint16();
    const parameterCount = reader.uint16();
    if (parameterCount > 0) await this.readDefinitions(parameterCount);
    const columns = columnCount > 0 ? await this.readDefinitions(columnCount) : [];
    return { id, parameterCount, columns };
  }

  /** Starts a statement. Answers its columns; undefined: it answers no rows. Then `readRows` until it says that there are no more. */
  async execute(
    statement: PreparedStatement,
    parameters: readonly Parameter[],
  ): Promise<readonly ColumnDefinition[] | undefined> {
    this.send(encodeExecute(statement.id, parameters));
    const payload = await this.nextOrThrow();
    if (payload[0] === 0) return undefined;
    const columns = await this.readDefinitions(new PacketReader(payload).lengthEncoded());
    this.hasPendingRows = true;
    return columns;
  }

  /** Rows for `sink` until it wants no more for now (true) or the result ends (false). @throws MysqlError */
  async readRows(sink: RowSink): Promise<boolean> {
    if (!this.hasPendingRows) return false;
    const rows = new ResultSink(sink);
    const verdict = await this.stream.drain(rows);
    if (verdict === PAUSE) return true;
    this.hasPendingRows = false;
    if (rows.failure !== undefined) throw readMysqlError(rows.failure);
    return false;
  }

  /** Frees a statement at the server; it answers nothing. */
  closeStatement({ id }: PreparedStatement): void {
    if (!this.isUsable) return;
    this.send(new PacketWriter().uint8(CLOSE_STATEMENT).uint32(id).finish());
  }

  /** Says good-bye and closes. */
  end(): void {
    if (this.isUsable) this.send(Buffer.from([QUIT]));
    this.stream.socket.destroySoon();
  }

  /** Closes at once, whatever runs. */
  destroy(): void {
    this.stream.socket.destroy();
  }

  /** An open connection no longer keeps the process alive, or does so again. */
  keepProcessAlive(keep: boolean): void {
    if (keep) this.stream.socket.ref();
    else this.stream.socket.unref();
  }

  private send(payload: Buffer): void {
    this.stream.beginCommand();
    this.stream.write(payload);
  }

  private async readOk(): Promise<void> {
    await this.nextOrThrow();
  }

  private async nextOrThrow(): Promise<Buffer> {
    const payload = await this.stream.next();
    if (payload[0] === 0xff) throw readMysqlError(payload);
    return payload;
  }

  private async readDefinitions(count: number): Promise<readonly ColumnDefinition[]> {
    const columns: ColumnDefinition[] = [];
    await this.stream.drain({
      packet(bytes, start, end) {
        if (columns.length === count) return DONE; // the packet that ends the list
        columns.push(readColumnDefinition(bytes.subarray(start, end)));
        return MORE;
      },
    });
    return columns;
  }
}

/** Tells rows (first byte 0) from the end of the result and from errors. */
class ResultSink implements PacketSink {
  failure: Buffer | undefined = undefined;
  private readonly rows: RowSink;

  constructor(rows: RowSink) {
    this.rows = rows;
  }

  packet(bytes: Buffer, start: number, end: number): PacketVerdict {
    const first = bytes[start];
    if (first === 0) return this.rows.row(bytes, start, end) ? PAUSE : MORE;
    if (first === 0xff) this.failure = Buffer.from(bytes.subarray(start, end));
    return DONE;
  }
}
