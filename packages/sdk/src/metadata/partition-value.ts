import { ErganeError } from '@ergane/protocol';
import type { Value } from '@ergane/protocol';
import { DataType, DateUnit } from 'apache-arrow';
import type { Field } from 'apache-arrow';

type PartitionValue = string | number | bigint | boolean | null;

const DAY_MS = 86_400_000;

/**
 * A partition column's value as its column takes it. Text is read by the column's type: `2024-02-29` is a date, `12.50` a decimal.
 * @throws ErganeError FUNCTION_FAILED
 */
export function parsePartitionValue(field: Field, value: PartitionValue | undefined): Value | null {
  if (value === null || value === undefined) return null;
  const parsed = typeof value === 'string' ? parseText(field.type, value) : convert(field.type, value);
  if (parsed !== undefined) return parsed;
  throw new ErganeError(
    'FUNCTION_FAILED',
    `partition column "${field.name}" is ${String(field.type)}, and the connector gave ${typeof value} "${String(value)}"`,
    { where: { column: field.name } },
  );
}

function convert(type: DataType, value: number | bigint | boolean): Value | undefined {
  if (typeof value === 'boolean') return DataType.isBool(type) ? value : undefined;
  if (DataType.isUtf8(type)) return String(value);
  if (DataType.isDecimal(type)) return parseText(type, String(value));
  if (isWide(type)) return Number.isSafeInteger(value) || typeof value === 'bigint' ? BigInt(value) : undefined;
  return Number(value);
}

function parseText(type: DataType, text: string): Value | undefined {
  if (DataType.isUtf8(type)) return text;
  if (DataType.isBool(type)) return { true: true, false: false }[text.toLowerCase()];
  if (DataType.isDecimal(type)) return parseUnscaled(text, type.scale);
  if (DataType.isDate(type)) return parseDate(text, type.unit === DateUnit.DAY);
  if (isWide(type)) return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
  const number = Number(text);
  return text.trim() === '' || (Number.isNaN(number) && text !== 'NaN') ? undefined : number;
}

/** Bigint and timestamps are 64 bits. */
function isWide(type: DataType): boolean {
  return (DataType.isInt(type) && type.bitWidth === 64) || DataType.isTimestamp(type) || isMillisecondDate(type);
}

function isMillisecondDate(type: DataType): boolean {
  return DataType.isDate(type) && type.unit === DateUnit.MILLISECOND;
}

function parseDate(text: string, days: boolean): Value | undefined {
  const time = Date.parse(
    /[zZ]|[+-]\d\d:?\d\d$/.test(text) || !text.includes(':') ? text : `${text.replace(' ', 'T')}Z`,
  );
  if (Number.isNaN(time)) return undefined;
  return days ? Math.floor(time / DAY_MS) : BigInt(time);
}

function parseUnscaled(text: string, scale: number): bigint | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  const [, sign = '', whole = '', fraction = ''] = match ?? [];
  if (match === null || whole + fraction === '' || /[1-9]/.test(fraction.slice(scale))) return undefined;
  const unscaled = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  return sign === '-' ? -unscaled : unscaled;
}

/** The value as `Partition.values` has it: numbers and text; a decimal as text, a date as text `YYYY-MM-DD`. */
export function printPartitionValue(field: Field, value: Value | null): PartitionValue {
  if (value === null || value instanceof Uint8Array) return null;
  if (DataType.isDecimal(field.type) && typeof value === 'bigint') return printDecimal(value, field.type.scale);
  if (DataType.isDate(field.type) && typeof value === 'number')
    return new Date(value * DAY_MS).toISOString().slice(0, 10);
  return value;
}

function printDecimal(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${unscaled < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(digits.length - scale)}` : ''}`;
}
