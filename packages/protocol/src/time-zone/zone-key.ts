import { ErganeError } from '../errors.ts';
import { FIRST_NAMED_KEY, ZONE_NAMES } from './zone-names.ts';

const UTC_NAMES = new Set(['utc', 'z', 'ut', 'uct', 'gmt', 'gmt0', 'greenwich', 'universal', 'zulu']);
const FULL_OFFSET = /^(?:utc|gmt|ut)?([+-])(\d\d):(\d\d)$/;
const HOUR_OFFSET = /^(utc|gmt|ut)?([+-])(\d{1,2})$/;
const MAX_OFFSET = 14 * 60;

let keysByName: Map<string, number> | undefined;

/**
 * The key of a zone in packed timestamps (section 2.5): a named zone, an offset such as `+05:30`, or a name of UTC; letter case and
 * `Etc/` do not matter. Names that are younger than the table are taken by their older one, as the runtime's own zone data knows it.
 * @throws ErganeError NOT_SUPPORTED for a zone that has none
 */
export function zoneKeyOf(zone: string): number {
  const key = findKey(zone) ?? findKey(olderName(zone));
  if (key === undefined)
    throw new ErganeError(
      'NOT_SUPPORTED',
      `time zone "${zone}" has no number in Athena's table of time zones: use an offset`,
    );
  return key;
}

/** The zone of a key: `UTC`, an offset, or a name; undefined for a key that is not given. */
export function zoneOfKey(key: number): string | undefined {
  if (key === 0) return 'UTC';
  if (key >= FIRST_NAMED_KEY) {
    const name = ZONE_NAMES[key - FIRST_NAMED_KEY];
    return name === '-' ? undefined : name;
  }
  const minutes = key <= MAX_OFFSET ? key - MAX_OFFSET - 1 : key - MAX_OFFSET;
  const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${hours}:${String(Math.abs(minutes) % 60).padStart(2, '0')}`;
}

function findKey(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  const name = zone.toLowerCase();
  const plain = name.startsWith('etc/') ? name.slice(4) : name;
  if (UTC_NAMES.has(plain)) return 0;
  return namedKeys().get(name) ?? offsetKey(plain, plain !== name);
}

function offsetKey(text: string, isEtc: boolean): number | undefined {
  const full = FULL_OFFSET.exec(text);
  if (full) return keyOfMinutes(full[1] === '-', Number(full[2]), Number(full[3]));
  const hour = HOUR_OFFSET.exec(text);
  if (!hour) return undefined;
  // POSIX: Etc/GMT+5 is five hours behind Greenwich
  const flipped = isEtc && hour[1] === 'gmt';
  return keyOfMinutes((hour[2] === '-') !== flipped, Number(hour[3]), 0);
}

function keyOfMinutes(negative: boolean, hours: number, minutes: number): number | undefined {
  const total = hours * 60 + minutes;
  if (total > MAX_OFFSET || minutes > 59) return undefined;
  if (total === 0) return 0;
  return negative ? MAX_OFFSET + 1 - total : MAX_OFFSET + total;
}

function namedKeys(): Map<string, number> {
  keysByName ??= new Map(
    ZONE_NAMES.flatMap((name, index) => (name === '-' ? [] : [[name.toLowerCase(), FIRST_NAMED_KEY + index] as const])),
  );
  return keysByName;
}

/** The name that the runtime keeps for a zone, such as Europe/Kiev for Europe/Kyiv; undefined for what it does not know. */
function olderName(zone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
