import type { Value } from '@ergane/protocol';
import { DataType } from 'apache-arrow';
import { dateFromDays } from './decode/calendar.ts';
import type { Comparison } from './types.ts';
import type { Parameter } from './wire/parameters.ts';

const DAY_MS = 86_400_000n;

/** The source has no such value: a date after 9999, text that is not UTF-8, NaN. No row equals it. */
export const NO_VALUE = 'none';

/** A constant of the protocol as a parameter that compares with `column.compare`. */
export function toParameter(value: Value, comparison: Comparison, type: DataType): Parameter | typeof NO_VALUE {
  switch (comparison) {
    case 'boolean':
      return { kind: 'integer', value: value === true ? 1n : 0n };
    case 'integer':
      return typeof value === 'number' || typeof value === 'bigint'
        ? { kind: 'integer', value: BigInt(value) }
        : NO_VALUE;
    case 'decimal':
      return typeof value === 'bigint' ? { kind: 'decimal', value: printDecimal(value, scaleOf(type)) } : NO_VALUE;
    case 'double':
      return typeof value === 'number' && Number.isFinite(value) ? { kind: 'double', value } : NO_VALUE;
    case 'text':
      return typeof value === 'string' && value.isWellFormed()
        ? { kind: 'bytes', value: Buffer.from(value, 'utf8') }
        : NO_VALUE;
    case 'bytes':
      return value instanceof Uint8Array ? { kind: 'bytes', value } : NO_VALUE;
    case 'date': {
      const date = typeof value === 'number' ? dateFromDays(value) : undefined;
      return date === undefined ? NO_VALUE : { kind: 'date', value: date };
    }
    case 'dateTime':
    case 'milliseconds':
      return typeof value === 'bigint' ? dateTimeParameter(value) : NO_VALUE;
  }
}

function scaleOf(type: DataType): number {
  return DataType.isDecimal(type) ? type.scale : 0;
}

/** An unscaled value as text: 1250n of scale 2 is 12.50. */
export function printDecimal(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  if (scale <= 0) return `${sign}${digits}${'0'.repeat(-scale)}`;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function dateTimeParameter(milliseconds: bigint): Parameter | typeof NO_VALUE {
  const inDay = ((milliseconds % DAY_MS) + DAY_MS) % DAY_MS;
  const date = dateFromDays(Number((milliseconds - inDay) / DAY_MS));
  if (date === undefined) return NO_VALUE;
  const rest = Number(inDay);
  return {
    kind: 'dateTime',
    value: {
      ...date,
      hour: Math.floor(rest / 3_600_000),
      minute: Math.floor(rest / 60_000) % 60,
      second: Math.floor(rest / 1000) % 60,
      microsecond: (rest % 1000) * 1000,
    },
  };
}
