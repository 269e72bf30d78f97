/** Longer payloads come in several packets. */
export const LONGEST_PACKET = 0xffffff;

/** Puts together one payload that comes in pieces: cut by network chunks, or longer than a packet. */
export class PacketAssembly {
  isActive = false;
  sequence = 0;
  private readonly header = Buffer.alloc(4);
  private headerFilled = 0;
  private body: Buffer | undefined;
  private bodyFilled = 0;
  private fragments: Buffer[] = [];

  start(): void {
    this.isActive = true;
    this.headerFilled = 0;
    this.body = undefined;
    this.fragments = [];
  }

  /** Takes what it needs from `chunk`; answers where it stopped. */
  feed(chunk: Buffer, from: number): number {
    let position = from;
    for (;;) {
      if (this.body === undefined) {
        const size = chunk.copy(this.header, this.headerFilled, position, position + 4 - this.headerFilled);
        this.headerFilled += size;
        position += size;
        if (this.headerFilled < 4) return position;
        this.body = Buffer.allocUnsafeSlow(this.header.readUIntLE(0, 3));
        this.bodyFilled = 0;
      }
      const size = chunk.copy(this.body, this.bodyFilled, position, position + this.body.length - this.bodyFilled);
      this.bodyFilled += size;
      position += size;
      if (this.bodyFilled < this.body.length) return position;
      if (this.body.length < LONGEST_PACKET) return position;
      this.fragments.push(this.body);
      this.body = undefined;
      this.headerFilled = 0;
    }
  }

  /** The whole payload, once it is complete. */
  take(): Buffer | undefined {
    const { body } = this;
    if (body === undefined || this.bodyFilled < body.length) return undefined;
    this.isActive = false;
    this.sequence = this.header[3] ?? 0;
    return this.fragments.length === 0 ? body : Buffer.concat([...this.fragments, body]);
  }
}
