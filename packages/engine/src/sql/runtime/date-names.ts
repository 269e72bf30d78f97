export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

export const pad = (value: number, width: number) =>
  value < 0 ? `-${String(-value).padStart(width, '0')}` : String(value).padStart(width, '0');

/** The index from 0 of the name that a text begins with (whole or its first three letters), and its length. */
export function findName(
  names: readonly string[],
  text: string,
): { readonly index: number; readonly length: number } | undefined {
  const lower = text.toLowerCase();
  for (const long of [true, false]) {
    for (const [index, name] of names.entries()) {
      const wanted = (long ? name : name.slice(0, 3)).toLowerCase();
      if (lower.startsWith(wanted)) return { index, length: wanted.length };
    }
  }
  return undefined;
}

/** Short names of zones that Java shows and ICU's English does not. */
const ABBREVIATIONS: Readonly<Record<string, readonly [standard: string, summer: string]>> = {
  'Europe/Berlin': ['CET', 'CEST'],
  'Europe/Paris': ['CET', 'CEST'],
  'Europe/Madrid': ['CET', 'CEST'],
  'Europe/Rome': ['CET', 'CEST'],
  'Europe/Vienna': ['CET', 'CEST'],
  'Europe/Zurich': ['CET', 'CEST'],
  'Europe/Amsterdam': ['CET', 'CEST'],
  'Europe/Brussels': ['CET', 'CEST'],
  'Europe/London': ['GMT', 'BST'],
  'Europe/Athens': ['EET', 'EEST'],
  'Europe/Helsinki': ['EET', 'EEST'],
  'Europe/Moscow': ['MSK', 'MSD'],
  'Asia/Tokyo': ['JST', 'JDT'],
  'Asia/Kolkata': ['IST', 'IST'],
  'Asia/Shanghai': ['CST', 'CDT'],
  'Australia/Sydney': ['AEST', 'AEDT'],
};

export function zoneShortName(zone: string, isSummer: boolean, millis: number): string {
  const known = ABBREVIATIONS[zone];
  if (known) return known[isSummer ? 1 : 0];
  return intlName(zone, millis, 'short');
}

export function intlName(zone: string, millis: number, style: 'short' | 'long'): string {
  if (zone === 'UTC') return style === 'short' ? 'UTC' : 'Coordinated Universal Time';
  if (/^[+-]/.test(zone)) return zone;
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: style }).formatToParts(millis);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}
