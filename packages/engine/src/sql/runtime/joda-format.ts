import { functionError } from './errors.ts';
import { fieldsOf, type Fields } from './calendar.ts';
import { MONTHS, WEEKDAYS, findName, intlName, pad, zoneShortName } from './date-names.ts';
import { PICOS_PER_MILLI, floorDivide, instantOf, localOf } from './instant-text.ts';
import { localOfFields } from './mysql-format.ts';
import { offsetAt, offsetText, zoneKey, zoneName } from './zones.ts';

const invalid = (message: string) => functionError('INVALID_FUNCTION_ARGUMENT', message);
const tokens = (pattern: string) => pattern.match(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'/g) ?? [];
const quoted = (token: string) => (token === "''" ? "'" : token.slice(1, -1).replaceAll("''", "'"));
const LETTERS = /^[GCYxweEyDMdaKhHkmsSzZ]/;

/** format_datetime: Joda's letters. `zoned` is false for a timestamp without a zone, which has no zone to show. */
export function printJoda(instant: bigint, key: number, pattern: string, zoned: boolean): string {
  if (pattern === '') throw invalid('Invalid pattern specification');
  const fields = fieldsOf(localOf(instant, key));
  if (!zoned && /[zZ]/.test(pattern.replaceAll(/'[^']*'/g, ''))) {
    throw invalid(
      `format_datetime for TIMESTAMP type, cannot use 'Z' nor 'z' in format, as this type does not contain TZ information`,
    );
  }
  return tokens(pattern)
    .map((token) => {
      if (token.startsWith("'")) return quoted(token);
      if (!/^[A-Za-z]/.test(token)) return token;
      if (!LETTERS.test(token)) throw invalid(`Illegal pattern component: ${token}`);
      return /^[zZ]/.test(token) ? printZone(token, instant, key) : printField(token, fields);
    })
    .join('');
}

function printField(token: string, f: Fields): string {
  const width = token.length;
  const half = f.hour % 12 === 0 ? 12 : f.hour % 12;
  const year = (value: number) => (width === 2 ? pad(((value % 100) + 100) % 100, 2) : pad(value, width));
  if (token[0] === 'G') {
    return f.year > 0 ? 'AD' : 'BC';
  }
  if (token[0] === 'C') {
    return pad(Math.floor(f.year / 100), width);
  }
  if (token[0] === 'Y') {
    return year(f.year > 0 ? f.year : 1 - f.year);
  }
  if (token[0] === 'y') {
    return year(f.year);
  }
  if (token[0] === 'x') {
    return year(f.weekYear);
  }
  if (token[0] === 'w') {
    return pad(f.week, width);
  }
  if (token[0] === 'e') {
    return pad(f.weekday, width);
  }
  if (token[0] === 'E') {
    const name = WEEKDAYS[f.weekday - 1] ?? '';
    return width >= 4 ? name : name.slice(0, 3);
  }
  if (token[0] === 'D') {
    return pad(f.dayOfYear, width);
  }
  if (token[0] === 'M') {
    const name = MONTHS[f.month - 1] ?? '';
    return width >= 4 ? name : width === 3 ? name.slice(0, 3) : pad(f.month, width);
  }
  if (token[0] === 'd') {
    return pad(f.day, width);
  }
  if (token[0] === 'a') {
    return f.hour < 12 ? 'AM' : 'PM';
  }
  if (token[0] === 'K') {
    return pad(f.hour % 12, width);
  }
  if (token[0] === 'h') {
    return pad(half, width);
  }
  if (token[0] === 'H') {
    return pad(f.hour, width);
  }
  if (token[0] === 'k') {
    return pad(f.hour === 0 ? 24 : f.hour, width);
  }
  if (token[0] === 'm') {
    return pad(f.minute, width);
  }
  if (token[0] === 's') {
    return pad(f.second, width);
  }

  const millis = pad(Number(f.picos / PICOS_PER_MILLI), 3);
  return width <= 3 ? millis.slice(0, width) : millis.padEnd(width, '0');
}

function printZone(token: string, instant: bigint, key: number): string {
  const millis = Number(floorDivide(instant, PICOS_PER_MILLI));
  const offset = offsetAt(key, millis);
  if (token.startsWith('Z')) {
    if (token.length >= 3) return zoneName(key);
    return token.length === 2 ? offsetText(offset) : offsetText(offset).replace(':', '');
  }
  const name = zoneName(key);
  if (token.length >= 4) return intlName(name, millis, 'long');
  const year = new Date(millis).getUTCFullYear();
  const standard = Math.min(offsetAt(key, Date.UTC(year, 0, 1)), offsetAt(key, Date.UTC(year, 6, 1)));
  return zoneShortName(name, offset > standard, millis);
}

type Parsed = Parameters<typeof localOfFields>[0];

/** parse_datetime: an instant and its zone (UTC where the text names none). */
export function parseJoda(text: string, pattern: string): { readonly picos: bigint; readonly key: number } {
  const fields: Parsed = {};
  let rest = text;
  let key = 0;
  const wrong = () =>
    invalid(`Invalid format: "${text}"${rest !== text && rest !== '' ? ` is malformed at "${rest}"` : ''}`);
  const take = (expression: RegExp): string => {
    const found = expression.exec(rest)?.[0];
    if (found === undefined || found === '') throw wrong();
    rest = rest.slice(found.length);
    return found;
  };
  const all = tokens(pattern);
  for (const [index, token] of all.entries()) {
    if (!LETTERS.test(token)) {
      if (/^[A-Za-z]/.test(token)) throw invalid(`Illegal pattern component: ${token}`);
      const literal = token.startsWith("'") ? quoted(token) : token;
      if (!rest.toLowerCase().startsWith(literal.toLowerCase())) throw wrong();
      rest = rest.slice(literal.length);
    } else if (/^[zZ]/.test(token)) {
      const found = zoneKey(
        take(
          token.length >= 3 && token.startsWith('Z') ? /^[A-Za-z0-9_/+:-]+/ : /^(?:Z|UTC|[+-]\d{2}:?\d{2}|[A-Za-z_/]+)/,
        ),
      );
      if (found === undefined) throw wrong();
      key = found;
    } else {
      const isAdjacent = /^[A-Za-z]/.test(all[index + 1] ?? '') && !/^[MEa]{3}/.test(token);
      readToken(token, fields, take, isAdjacent, wrong, () => rest);
    }
  }
  if (rest !== '') throw wrong();
  return { picos: instantOf(localOfFields(fields, text), key), key };
}

function readToken(
  token: string,
  fields: Parsed,
  take: (expression: RegExp) => string,
  isAdjacent: boolean,
  wrong: () => Error,
  rest: () => string,
): void {
  const width = token.length;
  const number = (most: number, least: number, largest: number) => {
    const value = Number(take(new RegExp(`^\\d{1,${isAdjacent ? width : Math.max(width, most)}}`)));
    if (value < least || value > largest) throw wrong();
    return value;
  };
  const name = (names: readonly string[]) => {
    const found = findName(names, rest());
    if (!found) throw wrong();
    take(new RegExp(`^[\\s\\S]{${found.length}}`));
    return found.index + 1;
  };
  if (token[0] === 'y' || token[0] === 'Y') {
    const digits = take(isAdjacent ? new RegExp(`^\\d{1,${width}}`) : /^[+-]?\d{1,9}/);
    const value = Number(digits);
    const pivot = new Date().getUTCFullYear() - 70;
    fields.year = width === 2 && digits.length === 2 ? pivot + ((((value - pivot) % 100) + 100) % 100) : value;
    return;
  }
  if (token[0] === 'x') {
    fields.weekYear = Number(take(/^[+-]?\d{1,9}/));
    return;
  }
  if (token[0] === 'w') {
    fields.week = number(2, 1, 53);
    return;
  }
  if (token[0] === 'e') {
    fields.weekday = number(1, 1, 7);
    return;
  }
  if (token[0] === 'M') {
    fields.month = width >= 3 ? name(MONTHS) : number(2, 1, 12);
    return;
  }
  if (token[0] === 'E') {
    name(WEEKDAYS);
    return;
  }
  if (token[0] === 'd') {
    fields.day = number(2, 1, 31);
    return;
  }
  if (token[0] === 'D') {
    fields.dayOfYear = number(3, 1, 366);
    return;
  }
  if (token[0] === 'H') {
    fields.hour = number(2, 0, 23);
    return;
  }
  if (token[0] === 'k') {
    fields.hour = number(2, 1, 24) % 24;
    return;
  }
  if (token[0] === 'h') {
    fields.half = number(2, 1, 12);
    return;
  }
  if (token[0] === 'K') {
    fields.half = number(2, 0, 11);
    return;
  }
  if (token[0] === 'm') {
    fields.minute = number(2, 0, 59);
    return;
  }
  if (token[0] === 's') {
    fields.second = number(2, 0, 59);
    return;
  }
  if (token[0] === 'S') {
    fields.fraction = BigInt(take(new RegExp(`^\\d{1,${width}}`)).padEnd(12, '0'));
    return;
  }
  if (token[0] === 'a') {
    fields.afternoon = /^pm/i.test(take(/^[ap]m/i));
    return;
  }

  throw invalid(`Illegal pattern component: ${token}`);
}
