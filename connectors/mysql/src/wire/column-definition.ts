import { PacketReader } from './packet-bytes.ts';

/** Types of columns and parameters on the wire (MySQL, `enum_field_types`). */
export const WIRE_TYPES = {
  tiny: 0x01,
  short: 0x02,
  long: 0x03,
  float: 0x04,
  double: 0x05,
  null: 0x06,
  timestamp: 0x07,
  longLong: 0x08,
  int24: 0x09,
  date: 0x0a,
  time: 0x0b,
  dateTime: 0x0c,
  year: 0x0d,
  varChar: 0x0f,
  bit: 0x10,
  json: 0xf5,
  newDecimal: 0xf6,
  enum: 0xf7,
  set: 0xf8,
  tinyBlob: 0xf9,
  mediumBlob: 0xfa,
  longBlob: 0xfb,
  blob: 0xfc,
  varString: 0xfd,
  string: 0xfe,
  geometry: 0xff,
} as const;

/** Character set number of columns of bytes. */
export const BINARY_CHARSET = 63;

/** One column of an answer, as the server describes it. */
export interface ColumnDefinition {
  readonly name: string;
  readonly charset: number;
  /** longest value, in bytes of the connection's character set */
  readonly length: number;
  readonly type: number;
  readonly isUnsigned: boolean;
  /** digits after the point; 31 for a FLOAT or DOUBLE without any */
  readonly decimals: number;
}

const UNSIGNED_FLAG = 0x20;

/** Reads a column definition packet (Protocol::ColumnDefinition41). */
export function readColumnDefinition(payload: Buffer): ColumnDefinition {
  const reader = new PacketReader(payload);
  for (let skipped = 0; skipped < 4; skipped++) reader.skip(reader.lengthEncoded());
  const name = reader.lengthEncodedText();
  reader.skip(reader.lengthEncoded());
  reader.lengthEncoded();
  const charset = reader.uint16();
  const length = reader.uint32();
  const type = reader.uint8();
  const flags = reader.uint16();
  return {
    name,
    charset,
    length,
    type,
    isUnsigned: (flags & UNSIGNED_FLAG) !== 0,
    decimals: reader.uint8(),
  };
}
