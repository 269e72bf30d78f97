const DAY = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/;

/** Days since 1970-01-01 of `2024-02-29`; undefined: it is no day of the calendar. */
export function parseDateText(text: string): number | undefined {
  if (!DATE.test(text)) return undefined;
  const millis = Date.parse(text);
  // Date moves February 30 on
  if (Number.isNaN(millis) || new Date(millis).toISOString().slice(0, 10) !== text) return undefined;
  return millis / DAY;
}

/**
 * Milliseconds since the epoch, UTC, of an ISO 8601 date and time: without a zone it is UTC, digits below the millisecond are cut, the
 * time may be missing. undefined: it is none.
 */
export function parseTimestampText(text: string): bigint | undefined {
  const [, date, time = '00:00', zone = 'Z'] = TIMESTAMP.exec(text) ?? [];
  if (date === undefined || parseDateText(date) === undefined) return undefined;
  const offset = zone === 'UTC' ? 'Z' : zone.replace(/(\d{2})(\d{2})$/, '$1:$2');
  const millis = Date.parse(`${date}T${time.replace(/(\.\d{3})\d+$/, '$1')}${offset}`);
  return Number.isNaN(millis) ? undefined : BigInt(millis);
}
