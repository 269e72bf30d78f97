import { PacketReader } from './packet-bytes.ts';

/** An error that the server told. */
export class MysqlError extends Error {
  override readonly name = 'MysqlError';
  /** the server's error number, such as 1045 */
  readonly errno: number;
  readonly sqlState: string;

  constructor(errno: number, sqlState: string, message: string) {
    super(message);
    this.errno = errno;
    this.sqlState = sqlState;
  }
}

/** Reads an ERR packet (first byte 0xff). */
export function readMysqlError(payload: Buffer): MysqlError {
  const reader = new PacketReader(payload, 1);
  const errno = reader.uint16();
  // without a marker when the handshake has not come to capabilities, as for "Too many connections"
  const hasState = payload[reader.position] === 0x23;
  if (hasState) reader.skip(1);
  const sqlState = hasState ? reader.text(5) : 'HY000';
  return new MysqlError(errno, sqlState, reader.rest().toString('utf8'));
}
