import { functionError } from './errors.ts';
import { fieldsOf, weekStart, type Fields } from './calendar.ts';
import { MONTHS, WEEKDAYS, findName, pad } from './date-names.ts';
import { PICOS_PER_DAY, PICOS_PER_SECOND, daysOf } from './instant-text.ts';

const invalid = (message: string) => functionError('INVALID_FUNCTION_ARGUMENT', message);
const half = (hour: number) => (hour % 12 === 0 ? 12 : hour % 12);
const unsupported = (letter: string) => invalid(`%${letter} not supported in date format string`);

const PRINTERS: Readonly<Record<string, (f: Fields) => string>> = {
  a: (f) => (WEEKDAYS[f.weekday - 1] ?? '').slice(0, 3),
  b: (f) => (MONTHS[f.month - 1] ?? '').slice(0, 3),
  c: (f) => String(f.month),
  d: (f) => pad(f.day, 2),
  e: (f) => String(f.day),
  f: (f) => pad(Number(f.picos / 1_000_000n), 6),
  H: (f) => pad(f.hour, 2),
  h: (f) => pad(half(f.hour), 2),
  I: (f) => pad(half(f.hour), 2),
  i: (f) => pad(f.minute, 2),
  j: (f) => pad(f.dayOfYear, 3),
  k: (f) => String(f.hour),
  l: (f) => String(half(f.hour)),
  M: (f) => MONTHS[f.month - 1] ?? '',
  m: (f) => pad(f.month, 2),
  p: (f) => (f.hour < 12 ? 'AM' : 'PM'),
  r: (f) => `${pad(half(f.hour), 2)}:${pad(f.minute, 2)}:${pad(f.second, 2)} ${f.hour < 12 ? 'AM' : 'PM'}`,
  S: (f) => pad(f.second, 2),
  s: (f) => pad(f.second, 2),
  T: (f) => `${pad(f.hour, 2)}:${pad(f.minute, 2)}:${pad(f.second, 2)}`,
  v: (f) => pad(f.week, 2),
  W: (f) => WEEKDAYS[f.weekday - 1] ?? '',
  x: (f) => pad(f.weekYear, 4),
  Y: (f) => pad(f.year, 4),
  y: (f) => pad(((f.year % 100) + 100) % 100, 2),
};
const REFUSED = new Set(['D', 'U', 'u', 'V', 'w', 'X']);

/** date_format: MySQL's letters. */
export function printMysql(local: bigint, format: string): string {
  if (format === '') throw invalid('Both printing and parsing not supported');
  const fields = fieldsOf(local);
  return format.replaceAll(/%([\s\S])|%$/g, (whole, letter: string | undefined) => {
    if (letter === undefined) return whole;
    if (REFUSED.has(letter)) throw unsupported(letter);
    return PRINTERS[letter]?.(fields) ?? letter;
  });
}

interface Parsed {
  year?: number;
  month?: number;
  day?: number;
  hour?: number;
  half?: number;
  afternoon?: boolean;
  minute?: number;
  second?: number;
  fraction?: bigint;
  dayOfYear?: number;
  week?: number;
  weekYear?: number;
  weekday?: number;
}

const NUMBERS: Readonly<Record<string, readonly [key: keyof Parsed, digits: number, least: number, most: number]>> = {
  c: ['month', 2, 1, 12],
  m: ['month', 2, 1, 12],
  d: ['day', 2, 1, 31],
  e: ['day', 2, 1, 31],
  H: ['hour', 2, 0, 23],
  k: ['hour', 2, 0, 23],
  h: ['half', 2, 1, 12],
  I: ['half', 2, 1, 12],
  l: ['half', 2, 1, 12],
  i: ['minute', 2, 0, 59],
  s: ['second', 2, 0, 59],
  S: ['second', 2, 0, 59],
  j: ['dayOfYear', 3, 1, 366],
  v: ['week', 2, 1, 53],
};

/** date_parse: the local time that a text says in a format of MySQL's letters; what is not said is 1970-01-01 00:00:00. */
export function parseMysql(text: string, format: string): bigint {
  const pattern = format.replaceAll('%T', '%H:%i:%s').replaceAll('%r', '%h:%i:%s %p');
  const fields: Parsed = {};
  let rest = text;
  const wrong = () =>
    invalid(`Invalid format: "${text}"${rest !== text && rest !== '' ? ` is malformed at "${rest}"` : ''}`);
  const take = (expression: RegExp): string => {
    const found = expression.exec(rest)?.[0];
    if (found === undefined || found === '') throw wrong();
    rest = rest.slice(found.length);
    return found;
  };
  const parts = pattern.match(/%[\s\S]|[^%]|%$/g) ?? [];
  for (const part of parts) if (part.length === 2 && REFUSED.has(part[1] ?? '')) throw unsupported(part[1] ?? '');
  for (const [position, part] of parts.entries()) {
    const letter = part.length === 2 && part.startsWith('%') ? (part[1] ?? '') : undefined;
    if (letter === undefined) {
      if (!rest.startsWith(part)) throw wrong();
      rest = rest.slice(part.length);
    } else if (letter === 'Y' && /^%[a-zA-Z]/.test(parts[position + 1] ?? '')) {
      fields.year = Number(take(/^[+-]?\d{1,4}/));
    } else if (
      !readField(
        letter,
        fields,
        take,
        wrong,
        () => rest,
        (length) => (rest = rest.slice(length)),
      )
    ) {
      if (!rest.startsWith(letter)) throw wrong();
      rest = rest.slice(letter.length);
    }
  }
  if (rest !== '') throw wrong();
  return localOfFields(fields, text);
}

function readField(
  letter: string,
  fields: Parsed,
  take: (expression: RegExp) => string,
  wrong: () => Error,
  rest: () => string,
  skip: (length: number) => void,
): boolean {
  const number = NUMBERS[letter];
  if (number) {
    const [key, digits, least, most] = number;
    const value = Number(take(new RegExp(`^\\d{1,${digits}}`)));
    if (value < least || value > most) throw wrong();
    Object.assign(fields, { [key]: value });
    return true;
  }
  const names = letter === 'M' || letter === 'b' ? MONTHS : letter === 'W' || letter === 'a' ? WEEKDAYS : undefined;
  if (names) {
    const found = findName(names, rest());
    if (!found) throw wrong();
    skip(found.length);
    if (names === MONTHS) fields.month = found.index + 1;
    else fields.weekday = found.index + 1;
    return true;
  }
  switch (letter) {
    case 'Y':
      fields.year = Number(take(/^[+-]?\d{1,9}/));
      return true;
    case 'x':
      fields.weekYear = Number(take(/^[+-]?\d{1,9}/));
      return true;
    case 'y': {
      const value = Number(take(/^\d{2}/));
      fields.year = value < 70 ? 2000 + value : 1900 + value;
      return true;
    }
    case 'f':
      fields.fraction = BigInt(take(/^\d{1,9}/).padEnd(12, '0'));
      return true;
    case 'p':
      fields.afternoon = /^pm/i.test(take(/^[ap]m/i));
      return true;
    default:
      return false;
  }
}

export function localOfFields(fields: Parsed, text: string): bigint {
  const { month = 1, day = 1 } = fields;
  // Joda takes the year 2000 where a text has a month or a day alone
  const isYearless = [fields.month, fields.day, fields.dayOfYear, fields.week, fields.weekday].some(
    (field) => field !== undefined,
  );
  const year = fields.year ?? (isYearless && fields.weekYear === undefined ? 2000 : 1970);
  let days = daysOf(year, month, day);
  if (fields.week !== undefined || fields.weekYear !== undefined) {
    days = weekStart(fields.weekYear ?? year, fields.week ?? 1) + (fields.weekday ?? 1) - 1;
  } else if (fields.dayOfYear !== undefined) {
    days = (daysOf(year, 1, 1) ?? 0) + fields.dayOfYear - 1;
  }
  if (days === undefined)
    throw invalid(`Invalid date '${(MONTHS[month - 1] ?? '').toUpperCase()} ${day}' in "${text}"`);
  const fromHalf = fields.half === undefined ? undefined : (fields.half % 12) + (fields.afternoon ? 12 : 0);
  const hour =
    fields.hour !== undefined && fields.half !== undefined
      ? Math.floor(fields.hour / 12) * 12 + (fields.half % 12)
      : (fields.hour ?? fromHalf ?? (fields.afternoon ? 12 : 0));
  const seconds = hour * 3600 + (fields.minute ?? 0) * 60 + (fields.second ?? 0);
  const millis = ((fields.fraction ?? 0n) / 1_000_000_000n) * 1_000_000_000n;
  return BigInt(days) * PICOS_PER_DAY + BigInt(seconds) * PICOS_PER_SECOND + millis;
}
