import { isOrderable } from '@ergane/protocol';
import type { Value, ValueSet } from '@ergane/protocol';
import { DataType, Precision } from 'apache-arrow';
import type { KeyType, WireValue } from '../wire.ts';

/** The type that values of a column have in DynamoDB when a comparison there means the same as in SQL; undefined: it does not. */
export function comparableType(type: DataType): KeyType | 'BOOL' | undefined {
  if (DataType.isUtf8(type)) return 'S';
  if (DataType.isBinary(type)) return 'B';
  if (DataType.isBool(type)) return 'BOOL';
  // REAL is left out: several numbers of DynamoDB are one REAL
  const isNumber = DataType.isDecimal(type) || DataType.isInt(type);
  return isNumber || (DataType.isFloat(type) && type.precision === Precision.DOUBLE) ? 'N' : undefined;
}

/** Largest and smallest magnitude of a number of DynamoDB. */
const LARGEST = 9.99e125;
const SMALLEST = 1e-130;

/** A value of SQL for a comparison; undefined: DynamoDB has no such value (NaN, 1e300), so nothing there equals it. */
export function toWireValue(type: DataType, value: Value): WireValue | undefined {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString('base64') };
  if (typeof value === 'bigint')
    return { N: DataType.isDecimal(type) ? printDecimal(value, type.scale) : String(value) };
  const magnitude = Math.abs(value);
  if (value === 0) return { N: '0' };
  return magnitude <= LARGEST && magnitude >= SMALLEST ? { N: String(value) } : undefined;
}

function printDecimal(unscaled: bigint, scale: number): string {
  if (scale === 0) return String(unscaled);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  const whole = digits.slice(0, -scale);
  return `${unscaled < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** AWS: longest partition and sort keys, in bytes. */
const LONGEST_KEY = { HASH: 2048, RANGE: 1024 } as const;

/** False where no item can have the value as its key: an empty or too long one, which DynamoDB would refuse in a condition. */
export function canBeKey({ S, B }: WireValue, role: 'HASH' | 'RANGE'): boolean {
  const length = S !== undefined ? Buffer.byteLength(S) : B !== undefined ? Buffer.byteLength(B, 'base64') : 1;
  return length > 0 && length <= LONGEST_KEY[role];
}

/** Sets of types without an order filter nothing: what Java peers write there for IS NOT NULL reads as nothing at all (section 3.2). */
export function isFilter(set: ValueSet): boolean {
  return set.kind !== 'AllOrNoneValueSet' && isOrderable(set.type);
}
