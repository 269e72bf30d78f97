import type { WireValue } from '../wire.ts';

const DAY = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Days since 1970-01-01 of `2024-02-29`, or of a whole number that is these days. */
export function parseDate({ S, N }: WireValue): number | undefined {
  if (N !== undefined) return wholeNumber(N);
  if (S === undefined || !DATE.test(S)) return undefined;
  return daysOf(S);
}

/**
 * Milliseconds since the epoch, UTC, of an ISO 8601 date and time (without a zone: UTC; digits below the millisecond are cut), or of a
 * whole number that is these milliseconds.
 */
export function parseTimestamp({ S, N }: WireValue): bigint | undefined {
  if (N !== undefined) {
    const millis = wholeNumber(N);
    return millis === undefined ? undefined : BigInt(millis);
  }
  const [, date, time = '00:00', zone = 'Z'] = TIMESTAMP.exec(S ?? '') ?? [];
  if (date === undefined || daysOf(date) === undefined) return undefined;
  const millis = Date.parse(
    `${date}T${time.replace(/(\.\d{3})\d+$/, '$1')}${zone.replace(/(\d{2})(\d{2})$/, '$1:$2')}`,
  );
  return Number.isNaN(millis) ? undefined : BigInt(millis);
}

/** undefined for a day that is in no calendar, such as February 30, which `Date` moves on. */
function daysOf(date: string): number | undefined {
  const millis = Date.parse(date);
  if (Number.isNaN(millis) || new Date(millis).toISOString().slice(0, 10) !== date) return undefined;
  return millis / DAY;
}

function wholeNumber(text: string): number | undefined {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
