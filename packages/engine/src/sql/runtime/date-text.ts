import { functionError } from './errors.ts';
import { weekStart } from './calendar.ts';
import { PICOS_PER_DAY, PICOS_PER_SECOND, daysOf, instantOf, printTimestamp } from './instant-text.ts';
import { offsetText, zoneKey, zoneName } from './zones.ts';

const invalid = (message: string) => functionError('INVALID_FUNCTION_ARGUMENT', message);

/** `2020-05-11`, `2020-W10-3`, `2020-123`, `2020-05`, `2020`. */
function isoDays(text: string): number | undefined {
  const calendar = /^([+-]?\d{4,})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text);
  if (calendar) return daysOf(Number(calendar[1]), Number(calendar[2] ?? 1), Number(calendar[3] ?? 1));
  const week = /^(\d{4})-W(\d{2})(?:-([1-7]))?$/.exec(text);
  if (week) {
    const number = Number(week[2]);
    return number < 1 || number > 53 ? undefined : weekStart(Number(week[1]), number) + Number(week[3] ?? 1) - 1;
  }
  const ordinal = /^(\d{4})-(\d{3})$/.exec(text);
  const first = ordinal && daysOf(Number(ordinal[1]), 1, 1);
  return ordinal && first !== undefined && first !== null ? first + Number(ordinal[2]) - 1 : undefined;
}

export function parseIsoDate(text: string): number {
  const days = isoDays(text);
  if (days === undefined) throw invalid(`Invalid format: "${text}"`);
  return days;
}

export function parseIsoTimestamp(text: string): { readonly picos: bigint; readonly key: number } {
  const wrong = () => invalid(`Invalid format: "${text}"`);
  const match = /^([^T]*)(?:T(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i.exec(text);
  const days = match?.[1] === undefined ? undefined : isoDays(match[1]);
  if (!match || days === undefined) throw wrong();
  const [, , hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) throw wrong();
  const key = zoneKey(zone);
  if (key === undefined) throw wrong();
  const seconds = BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second));
  const local =
    BigInt(days) * PICOS_PER_DAY + seconds * PICOS_PER_SECOND + BigInt(fraction.padEnd(12, '0').slice(0, 12));
  return { picos: instantOf(local, key), key };
}

/** `2001-08-22T03:04:05.321+07:09` */
export function printIso(local: bigint, precision: number, offset?: number): string {
  const text = printTimestamp(local, precision).replace(' ', 'T');
  if (offset === undefined) return text;
  return `${text}${offset === 0 ? 'Z' : offsetText(offset)}`;
}

export const printZone = (key: number) => zoneName(key);

const DURATIONS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `1.5h` in milliseconds. */
export function parseDuration(text: string): bigint {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]+)\s*$/.exec(text);
  const unit = DURATIONS[match?.[2] ?? ''];
  if (!match || unit === undefined) throw invalid(`duration is not a valid data duration string: ${text}`);
  return BigInt(Math.floor(Number(match[1]) * unit + 0.5));
}

const PARTS = [
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `1 minute, 36 seconds` */
export function humanSeconds(value: number): string {
  if (!Number.isFinite(value)) throw invalid(`Invalid argument found: ${value}`);
  let rest = Math.round(Math.abs(value));
  const parts = PARTS.flatMap(([name, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count > 0 ? [`${count} ${name}${count === 1 ? '' : 's'}`] : [];
  });
  return parts.length > 0 ? parts.join(', ') : '0 seconds';
}
