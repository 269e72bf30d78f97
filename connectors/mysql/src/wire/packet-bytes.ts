/** Reads the fields of one packet's payload, in order. Integers are little-endian (MySQL, "Protocol Data Types"). */
export class PacketReader {
  readonly bytes: Buffer;
  position: number;
  readonly end: number;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  skip(count: number): void {
    this.position += count;
  }

  uint8(): number {
    return this.unsigned(1);
  }

  uint16(): number {
    return this.unsigned(2);
  }

  uint32(): number {
    return this.unsigned(4);
  }

  /** A length-encoded integer; none of the lengths that a server sends exceeds 2^53. */
  lengthEncoded(): number {
    const first = this.uint8();
    if (first < 0xfb) return first;
    if (first === 0xfc) return this.unsigned(2);
    if (first === 0xfd) return this.unsigned(3);
    const low = this.unsigned(4);
    return low + this.unsigned(4) * 2 ** 32;
  }

  lengthEncodedText(): string {
    return this.text(this.lengthEncoded());
  }

  nullTerminatedText(): string {
    const end = this.bytes.indexOf(0, this.position);
    const until = end < 0 || end > this.end ? this.end : end;
    const text = this.bytes.toString('utf8', this.position, until);
    this.position = until + 1;
    return text;
  }

  text(length: number): string {
    return this.take(length).toString('utf8');
  }

  take(length: number): Buffer {
    if (length < 0 || this.position + length > this.end) throw malformed();
    const part = this.bytes.subarray(this.position, this.position + length);
    this.position += length;
    return part;
  }

  rest(): Buffer {
    return this.take(Math.max(0, this.end - this.position));
  }

  private unsigned(length: number): number {
    if (this.position + length > this.end) throw malformed();
    const value = this.bytes.readUIntLE(this.position, length);
    this.position += length;
    return value;
  }
}

function malformed(): Error {
  return new Error('malformed MySQL packet: it ends inside a field');
}

/** Builds the payload of one packet. */
export class PacketWriter {
  private readonly parts: Uint8Array[] = [];

  uint8(value: number): this {
    return this.unsigned(value, 1);
  }

  uint16(value: number): this {
    return this.unsigned(value, 2);
  }

  uint32(value: number): this {
    return this.unsigned(value, 4);
  }

  int64(value: bigint): this {
    const part = Buffer.allocUnsafe(8);
    part.writeBigInt64LE(BigInt.asIntN(64, value));
    return this.raw(part);
  }

  float64(value: number): this {
    const part = Buffer.allocUnsafe(8);
    part.writeDoubleLE(value);
    return this.raw(part);
  }

  lengthEncoded(value: number): this {
    if (value < 0xfb) return this.uint8(value);
    if (value < 0x10000) return this.uint8(0xfc).unsigned(value, 2);
    if (value < 0x1000000) return this.uint8(0xfd).unsigned(value, 3);
    return this.uint8(0xfe).int64(BigInt(value));
  }

  lengthEncodedBytes(bytes: Uint8Array): this {
    return this.lengthEncoded(bytes.length).raw(bytes);
  }

  nullTerminatedText(text: string): this {
    return this.raw(Buffer.from(text, 'utf8')).uint8(0);
  }

  raw(bytes: Uint8Array): this {
    this.parts.push(bytes);
    return this;
  }

  finish(): Buffer {
    return Buffer.concat(this.parts);
  }

  private unsigned(value: number, length: number): this {
    const part = Buffer.allocUnsafe(length);
    part.writeUIntLE(value, 0, length);
    return this.raw(part);
  }
}
