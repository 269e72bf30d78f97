/** Messages of PostgreSQL's frontend/backend protocol, version 3 (documentation, chapter 55). */
export const MESSAGE = {
  parseComplete: 0x31,
  bindComplete: 0x32,
  commandComplete: 0x43,
  dataRow: 0x44,
  error: 0x45,
  emptyQuery: 0x49,
  noData: 0x6e,
  notice: 0x4e,
  parameterStatus: 0x53,
  rowDescription: 0x54,
  readyForQuery: 0x5a,
  parameterDescription: 0x74,
  portalSuspended: 0x73,
} as const;

/** One run of a statement: text parameters, null for NULL. */
export type Parameters = readonly (string | null)[];

/** Type id of a column of an answer. */
export interface AnswerColumn {
  readonly name: string;
  readonly type: number;
  readonly modifier: number;
}

/** An error that the server reported; `code` is its SQLSTATE. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: string;

  constructor(fields: ReadonlyMap<string, string>) {
    const detail = fields.get('D');
    super(`${fields.get('M') ?? 'unknown error'}${detail === undefined ? '' : ` (${detail})`}`);
    this.code = fields.get('C') ?? 'XX000';
  }
}

const BINARY = 1;
const ALL_ROWS = 0;

class MessageWriter {
  private buffer = Buffer.allocUnsafe(1024);
  private length = 0;
  private start = 0;

  begin(type: string): this {
    this.ensure(5);
    this.buffer[this.length] = type.charCodeAt(0);
    this.start = this.length + 1;
    this.length += 5;
    return this;
  }

  end(): this {
    this.buffer.writeInt32BE(this.length - this.start, this.start);
    return this;
  }

  byte(letter: string): this {
    this.ensure(1);
    this.buffer[this.length++] = letter.charCodeAt(0);
    return this;
  }

  int16(value: number): this {
    this.ensure(2);
    this.length = this.buffer.writeUInt16BE(value, this.length);
    return this;
  }

  int32(value: number): this {
    this.ensure(4);
    this.length = this.buffer.writeInt32BE(value, this.length);
    return this;
  }

  text(value: string): this {
    const size = Buffer.byteLength(value);
    this.ensure(size + 1);
    this.buffer.write(value, this.length);
    this.length += size;
    this.buffer[this.length++] = 0;
    return this;
  }

  value(value: string | null): this {
    if (value === null) return this.int32(-1);
    const size = Buffer.byteLength(value);
    this.int32(size).ensure(size);
    this.buffer.write(value, this.length);
    this.length += size;
    return this;
  }

  take(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  private ensure(size: number): void {
    if (this.length + size <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + size));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}

/** A statement to run once for each of `runs`, in one transaction, its answer in binary. */
export interface StatementRequest {
  readonly sql: string;
  /** name of the prepared statement; '' for one that is forgotten */
  readonly name: string;
  /** the server has it already */
  readonly prepared: boolean;
  readonly runs: readonly Parameters[];
  /** sent before, on its own */
  readonly before?: string | undefined;
}

/** All messages of a statement, sent at once: one round trip (section 55.2.3). */
export function encodeStatement({ sql, name, prepared, runs, before }: StatementRequest): Buffer {
  const writer = new MessageWriter();
  if (before !== undefined) writer.begin('Q').text(before).end();
  if (!prepared) {
    writer.begin('P').text(name).text(sql).int16(0).end();
    writer.begin('D').byte('S').text(name).end();
  }
  for (const parameters of runs) {
    writer.begin('B').text('').text(name).int16(0).int16(parameters.length);
    for (const parameter of parameters) writer.value(parameter);
    writer.int16(1).int16(BINARY).end();
    writer.begin('E').text('').int32(ALL_ROWS).end();
  }
  return writer.begin('S').end().take();
}

/** Asks for the columns of a statement without running it. */
export function encodeDescribe(sql: string): Buffer {
  const writer = new MessageWriter().begin('P').text('').text(sql).int16(0).end();
  return writer.begin('D').byte('S').text('').end().begin('S').end().take();
}
