import { ErganeError } from '@ergane/protocol';

/** Trino's zone keys: 0 is UTC, 1 … 1680 the offsets from -14:00 to +14:00 by minute, above them the named zones. */
const FIRST_NAMED = 1681;
const QUARTER_HOUR = 900_000;

let named: readonly string[] | undefined;
let keys: ReadonlyMap<string, number> | undefined;

function names(): readonly string[] {
  named ??= [...new Set([...Intl.supportedValuesOf('timeZone'), ...OTHER_NAMES])].sort();
  return named;
}

/** Names that Java knows beside those that ICU lists. */
const OTHER_NAMES = [
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Katmandu',
  'Asia/Calcutta',
  'America/Argentina/Buenos_Aires',
  'America/Buenos_Aires',
  'Asia/Ho_Chi_Minh',
  'Asia/Saigon',
  'Europe/Kyiv',
  'Europe/Kiev',
  'US/Pacific',
  'US/Eastern',
  'US/Central',
  'US/Mountain',
  'Asia/Yangon',
  'Asia/Rangoon',
  'GMT',
  'Etc/UTC',
  'Etc/GMT',
  'CET',
  'EET',
  'MET',
  'WET',
  'EST5EDT',
  'PST8PDT',
  'CST6CDT',
  'MST7MDT',
  'EST',
  'MST',
  'HST',
];

function keyTable(): ReadonlyMap<string, number> {
  keys ??= new Map(names().map((name, index) => [name.toLowerCase(), FIRST_NAMED + index]));
  return keys;
}

/** The key of a zone's name or offset (`Europe/Berlin`, `+02:00`, `UTC`, `Z`); undefined when there is no such zone. */
export function zoneKey(text: string): number | undefined {
  const name = text.trim();
  if (/^(?:utc|z|ut|gmt0|gmt|etc\/utc|etc\/gmt|universal|greenwich|zulu|etc\/zulu|etc\/universal)$/i.test(name))
    return 0;
  const offset = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(name);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    if (minutes > 840 || Number(offset[3] ?? 0) > 59) return undefined;
    return offsetKey(offset[1] === '-' ? -minutes : minutes);
  }
  const fixed = /^Etc\/GMT([+-])(\d{1,2})$/i.exec(name);
  if (fixed) return offsetKey((fixed[1] === '-' ? 1 : -1) * Number(fixed[2]) * 60);
  return keyTable().get(name.toLowerCase());
}

export function offsetKey(minutes: number): number {
  if (minutes === 0) return 0;
  return minutes < 0 ? minutes + 841 : minutes + 840;
}

/** `UTC`, `+02:00`, `Europe/Berlin`. */
export function zoneName(key: number): string {
  if (key === 0) return 'UTC';
  if (key < FIRST_NAMED) return offsetText(fixedOffset(key));
  const name = names()[key - FIRST_NAMED];
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
