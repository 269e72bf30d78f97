import avro, { type Schema, type Type } from 'avsc';

/** A `long` with all its digits. */
const LONG: Type = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (left: bigint, right: bigint) => (left === right ? 0 : left < right ? -1 : 1),
});

/** A value of a logical type, already in the text by which Hive's SerDes know it. */
abstract class TextType extends avro.types.LogicalType {
  protected override _fromValue(value: unknown): string {
    return this.print(value);
  }

  protected override _toValue(): never {
    throw new Error('Avro is read here, not written');
  }

  protected abstract print(value: unknown): string;
}

class DateText extends TextType {
  protected print(value: unknown): string {
    return new Date(Number(value) * 86_400_000).toISOString().slice(0, 10);
  }
}

class MillisText extends TextType {
  protected print(value: unknown): string {
    return new Date(Number(value)).toISOString().slice(0, 23).replace('T', ' ');
  }
}

class MicrosText extends TextType {
  protected print(value: unknown): string {
    const micros = BigInt(String(value));
    const rest = ((micros % 1000n) + 1000n) % 1000n;
    const millis = new Date(Number((micros - rest) / 1000n)).toISOString().slice(0, 23).replace('T', ' ');
    return `${millis}${String(rest).padStart(3, '0')}`;
  }
}

class DecimalText extends TextType {
  readonly #scale: number;

  constructor(schema: Schema, options: unknown) {
    super(schema, options);
    const scale = typeof schema === 'object' && 'scale' in schema ? schema.scale : 0;
    this.#scale = typeof scale === 'number' ? scale : 0;
  }

  protected print(value: unknown): string {
    const hex = Buffer.isBuffer(value) ? value.toString('hex') : '';
    const unscaled = hex === '' ? 0n : BigInt.asIntN(hex.length * 4, BigInt(`0x${hex}`));
    const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(this.#scale + 1, '0');
    const sign = unscaled < 0n ? '-' : '';
    return this.#scale === 0
      ? `${sign}${digits}`
      : `${sign}${digits.slice(0, -this.#scale)}.${digits.slice(-this.#scale)}`;
  }
}

/** The type of a file's schema. Unions come as `{branch: value}`, which tells what a value is. */
export function avroType(schema: Schema): Type {
  return avro.Type.forSchema(schema, {
    registry: { long: LONG },
    wrapUnions: true,
    logicalTypes: {
      date: DateText,
      decimal: DecimalText,
      'timestamp-millis': MillisText,
      'timestamp-micros': MicrosText,
      'local-timestamp-millis': MillisText,
      'local-timestamp-micros': MicrosText,
    },
  });
}
