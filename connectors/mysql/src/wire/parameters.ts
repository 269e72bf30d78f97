import { WIRE_TYPES } from './column-definition.ts';
import { PacketWriter } from './packet-bytes.ts';

/** A value bound to a `?`, with the type that the server is to give it. */
export type Parameter =
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  /** decimal text, such as `-12.50` */
  | { readonly kind: 'decimal'; readonly value: string }
  /** in the connection's character set, utf8mb4 */
  | { readonly kind: 'text'; readonly value: string }
  /** character set `binary`: compared byte by byte, nothing padded */
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'date'; readonly value: CalendarDate }
  | { readonly kind: 'dateTime'; readonly value: CalendarDate & DayTime };

export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export interface DayTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
}

const EXECUTE = 0x17;
const UNSIGNED = 0x80;
const LARGEST_SIGNED = 2n ** 63n - 1n;

/** COM_STMT_EXECUTE without a cursor: the rows stream as the server finds them. */
export function encodeExecute(statementId: number, parameters: readonly Parameter[]): Buffer {
  const writer = new PacketWriter().uint8(EXECUTE).uint32(statementId).uint8(0).uint32(1);
  if (parameters.length === 0) return writer.finish();
  writer.raw(Buffer.alloc((parameters.length + 7) >> 3)).uint8(1);
  for (const parameter of parameters) writer.uint8(wireType(parameter)).uint8(isUnsigned(parameter) ? UNSIGNED : 0);
  for (const parameter of parameters) encodeParameter(writer, parameter);
  return writer.finish();
}

function isUnsigned(parameter: Parameter): boolean {
  return parameter.kind === 'integer' && parameter.value > LARGEST_SIGNED;
}

function wireType({ kind }: Parameter): number {
  switch (kind) {
    case 'integer':
      return WIRE_TYPES.longLong;
    case 'double':
      return WIRE_TYPES.double;
    case 'decimal':
      return WIRE_TYPES.newDecimal;
    case 'text':
      return WIRE_TYPES.varString;
    case 'bytes':
      return WIRE_TYPES.blob;
    case 'date':
      return WIRE_TYPES.date;
    case 'dateTime':
      return WIRE_TYPES.dateTime;
  }
}

function encodeParameter(writer: PacketWriter, parameter: Parameter): void {
  switch (parameter.kind) {
    case 'integer':
      writer.int64(parameter.value);
      return;
    case 'double':
      writer.float64(parameter.value);
      return;
    case 'decimal':
    case 'text':
      writer.lengthEncodedBytes(Buffer.from(parameter.value, 'utf8'));
      return;
    case 'bytes':
      writer.lengthEncodedBytes(parameter.value);
      return;
    case 'date': {
      const { year, month, day } = parameter.value;
      writer.uint8(4).uint16(year).uint8(month).uint8(day);
      return;
    }
    case 'dateTime': {
      const { year, month, day, hour, minute, second, microsecond } = parameter.value;
      writer.uint8(11).uint16(year).uint8(month).uint8(day).uint8(hour).uint8(minute).uint8(second).uint32(microsecond);
      return;
    }
  }
}
