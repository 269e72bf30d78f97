import { ErganeError, zoneKeyOf, zoneOfKey } from '@ergane/protocol';

/** Zone keys are those of Athena's wire: 0 is UTC, 1 … 1680 the offsets by minute, above them the named zones. */
const FIRST_NAMED = 1681;
const QUARTER_HOUR = 900_000;

/** The key of a zone's name or offset (`Europe/Berlin`, `+02:00`, `UTC`, `Z`); undefined when there is no such zone. */
export function zoneKey(text: string): number | undefined {
  const name = text.trim();
  if (!/^[A-Za-z0-9_+:/-]+$/.test(name)) return undefined;
  const short = /^([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(name);
  if (short) {
    const minutes = Number(short[2]) * 60 + Number(short[3] ?? 0);
    if (minutes > 840 || Number(short[3] ?? 0) > 59) return undefined;
    return offsetKey(short[1] === '-' ? -minutes : minutes);
  }
  try {
    return zoneKeyOf(name);
  } catch (error) {
    if (error instanceof ErganeError) return undefined;
    throw error;
  }
}

export function offsetKey(minutes: number): number {
  if (minutes === 0) return 0;
  return minutes < 0 ? minutes + 841 : minutes + 840;
}

/** `UTC`, `+02:00`, `Europe/Berlin`. */
export function zoneName(key: number): string {
  const name = zoneOfKey(key);
  if (name === undefined) throw new ErganeError('INVALID_FUNCTION_ARGUMENT', `unknown time zone key ${key}`);
  return name;
}

const fixedOffset = (key: number) => (key <= 840 ? key - 841 : key - 840);

export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

const offsets = new Map<number, Map<number, number>>();
const formats = new Map<number, Intl.DateTimeFormat>();

/** Minutes east of UTC at an instant. */
export function offsetAt(key: number, millis: number): number {
  if (key === 0) return 0;
  if (key < FIRST_NAMED) return fixedOffset(key);
  const bucket = Math.floor(millis / QUARTER_HOUR);
  let known = offsets.get(key);
  if (!known || known.size > 100_000) offsets.set(key, (known = new Map()));
  let offset = known.get(bucket);
  if (offset === undefined) {
    offset = computeOffset(key, bucket * QUARTER_HOUR);
    known.set(bucket, offset);
  }
  return offset;
}

function computeOffset(key: number, millis: number): number {
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zoneName(key),
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
    formats.set(key, format);
  }
  const parts = new Map(format.formatToParts(millis).map((part) => [part.type, part.value]));
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type) ?? 0);
  const year = /^B/.test(parts.get('era') ?? '') ? 1 - number('year') : number('year');
  const local = new Date(0);
  local.setUTCFullYear(year, number('month') - 1, number('day'));
  local.setUTCHours(number('hour'), number('minute'), number('second'), 0);
  return Math.round((local.getTime() - Math.floor(millis / 1000) * 1000) / 60_000);
}

/** The instant (milliseconds) of a local time in a zone; in a gap the time moves forward, in an overlap the earlier offset holds. */
export function localToInstant(key: number, localMillis: number): number {
  const before = offsetAt(key, localMillis - 86_400_000);
  const after = offsetAt(key, localMillis + 86_400_000);
  const early = localMillis - before * 60_000;
  if (offsetAt(key, early) === before) return early;
  const late = localMillis - after * 60_000;
  return offsetAt(key, late) === after ? late : early;
}
