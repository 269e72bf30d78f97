import { type Data, DataType, Vector } from 'apache-arrow';
import type { Value } from '../constraints.ts';
import { ErganeError } from '../errors.ts';

const utf8 = new TextDecoder();

/**
 * One cell as the value that constraints compare (see {@link Value}); null for NULL. Bytes are copied.
 * @throws ErganeError NOT_SUPPORTED for lists, structs and maps, which have no comparable value
 */
export function readValue(column: Vector | Data, row: number): Value | null {
  if (!(column instanceof Vector)) return readCell(column, row);
  let index = row;
  for (const data of column.data) {
    if (index < data.length) return readCell(data, index);
    index -= data.length;
  }
  throw new ErganeError('INTERNAL', `row ${row} of a column of ${column.length}`);
}

function readCell(data: Data, row: number): Value | null {
  const { type } = data;
  if (DataType.isNull(type) || !data.getValid(row)) return null;
  if (DataType.isUtf8(type)) return readText(data.values, data.valueOffsets[row], data.valueOffsets[row + 1]);
  if (DataType.isBinary(type)) return data.values.slice(data.valueOffsets[row], data.valueOffsets[row + 1]);
  if (DataType.isBool(type)) {
    const bit = data.offset + row;
    return (data.values[bit >> 3] & (1 << (bit & 7))) !== 0;
  }
  if (DataType.isDecimal(type)) return readDecimal(data.values, row * data.stride, data.stride);
  const hasWords =
    DataType.isInt(type) || DataType.isFloat(type) || DataType.isDate(type) || DataType.isTimestamp(type);
  if (hasWords || DataType.isTime(type)) {
    const value: number | bigint = data.values[row];
    return value;
  }
  throw new ErganeError('NOT_SUPPORTED', `a value of ${String(type)} cannot be compared`);
}

/** Short ASCII, as most keys are, costs less without a decoder's call. */
function readText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 24) return utf8.decode(bytes.subarray(start, end));
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte > 127) return utf8.decode(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Two's complement, little-endian words of 32 bits. */
function readDecimal(words: Uint32Array, start: number, count: number): bigint {
  let value = 0n;
  for (let index = count - 1; index >= 0; index--) value = (value << 32n) | BigInt(words[start + index] ?? 0);
  return BigInt.asIntN(32 * count, value);
}
