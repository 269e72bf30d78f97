import { functionError } from './errors.ts';
import { decodeUtf8 } from './utf8.ts';
import { jsFunction, type JsFunction } from './js-function.ts';

const invalid = (message: string) => functionError('INVALID_FUNCTION_ARGUMENT', message);

export function splitText(text: string, delimiter: string, limit: bigint): string[] {
  if (delimiter === '') throw invalid('The delimiter may not be the empty string');
  if (limit <= 0n) throw invalid('Limit must be positive');
  const parts = text.split(delimiter);
  if (BigInt(parts.length) <= limit) return parts;
  const kept = Number(limit) - 1;
  return [...parts.slice(0, kept), parts.slice(kept).join(delimiter)];
}

function splitPart(text: string, delimiter: string, index: bigint): string | null {
  if (index <= 0n) throw invalid('Index must be greater than zero');
  if (delimiter === '') return [...text][Number(index) - 1] ?? null;
  return text.split(delimiter)[Number(index) - 1] ?? null;
}

function entriesOf(text: string, entries: string, pair: string): [string, string][] {
  if (entries === '') throw invalid('entryDelimiter is empty');
  if (pair === '') throw invalid('keyValueDelimiter is empty');
  if (entries === pair) throw invalid('entryDelimiter and keyValueDelimiter must not be the same');
  if (text === '') return [];
  const parts = text.split(entries);
  const last = parts.at(-1);
  return (last === '' ? parts.slice(0, -1) : parts).map((part) => {
    const [key, value, ...more] = part.split(pair);
    if (key === undefined || value === undefined || more.length > 0) {
      throw invalid(`Key-value delimiter must appear exactly once in each entry. Bad input: '${part}'`);
    }
    return [key, value];
  });
}

function splitToMap(text: string, entries: string, pair: string, keys: boolean): string[] {
  const all = entriesOf(text, entries, pair);
  const seen = new Set<string>();
  for (const [key] of all) {
    if (seen.has(key))
      throw invalid(
        `Duplicate keys (${key}) are not allowed. Specifying a lambda to resolve conflicts can avoid this error`,
      );
    seen.add(key);
  }
  return all.map(([key, value]) => (keys ? key : value));
}

function multimap(text: string, entries: string, pair: string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [key, value] of entriesOf(text, entries, pair)) groups.set(key, [...(groups.get(key) ?? []), value]);
  return groups;
}

function pad(text: string, length: bigint, padding: string, left: boolean): string {
  if (length < 0n || length > 2_147_483_647n) throw invalid('Target length must be in the range [0..2147483647]');
  if (padding === '') throw invalid('Padding string must not be empty');
  const characters = [...text];
  const size = Number(length);
  if (characters.length >= size) return characters.slice(0, size).join('');
  const filler = [...padding];
  const missing = Array.from(
    { length: size - characters.length },
    (_unused, index) => filler[index % filler.length] ?? '',
  );
  return left ? missing.join('') + text : text + missing.join('');
}

function translate(text: string, from: string, to: string): string {
  const targets = [...to];
  const table = new Map<string, string>();
  for (const [index, character] of [...from].entries()) {
    if (!table.has(character)) table.set(character, targets[index] ?? '');
  }
  return Array.from(text, (character) => table.get(character) ?? character).join('');
}

function codepoint(text: string): number {
  const characters = [...text];
  const [only] = characters;
  if (only === undefined || characters.length > 1) throw invalid('Input string must be a single character string');
  return only.codePointAt(0) ?? 0;
}

function chr(code: bigint): string {
  if (code < 0n || code > 0x10ffffn || (code >= 0xd800n && code <= 0xdfffn))
    throw invalid(`Not a valid Unicode code point: ${code}`);
  return String.fromCodePoint(Number(code));
}

function levenshtein(left: string, right: string): bigint {
  const a = [...left];
  const b = [...right];
  let row = Array.from({ length: b.length + 1 }, (_unused, index) => index);
  for (const [i, x] of a.entries()) {
    const next = [i + 1];
    for (const [j, y] of b.entries()) {
      next.push(Math.min((row[j] ?? 0) + (x === y ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return BigInt(row.at(-1) ?? 0);
}

function hamming(left: string, right: string): bigint {
  const a = [...left];
  const b = [...right];
  if (a.length !== b.length) throw invalid('The input strings to hamming_distance function must have the same length');
  return BigInt(a.filter((character, index) => character !== b[index]).length);
}

const SOUNDEX: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ BFPV: '1', CGJKQSXZ: '2', DT: '3', L: '4', MN: '5', R: '6' }).flatMap(([letters, code]) =>
    [...letters].map((letter) => [letter, code]),
  ),
);

function soundex(text: string): string {
  const letters = text.toUpperCase().replaceAll(/[^A-Z]/g, '');
  if (text !== '' && /[^\u0000-\u007f]/.test(text))
    throw invalid('The character is not mapped: it is not an English letter');
  const [first] = letters;
  if (first === undefined) return '';
  let code = first;
  let last = SOUNDEX[first];
  for (const letter of letters.slice(1)) {
    const digit = SOUNDEX[letter];
    if (digit !== undefined && digit !== last) code += digit;
    if (letter !== 'H' && letter !== 'W') last = digit;
  }
  return code.slice(0, 4).padEnd(4, '0');
}

function luhn(text: string): boolean {
  if (text === '') return false;
  if (!/^\d+$/.test(text)) throw invalid(`Input must contain only digits, but was: ${text}`);
  const sum = [...text].toReversed().reduce((total, character, index) => {
    const digit = Number(character) * (index % 2 === 1 ? 2 : 1);
    return total + (digit > 9 ? digit - 9 : digit);
  }, 0);
  return sum % 10 === 0;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];

function parseDataSize(text: string): string {
  const match = /^(\d+(?:\.\d+)?)([a-zA-Z]+)$/.exec(text);
  const power = UNITS.indexOf(match?.[2] ?? '');
  if (!match || power < 0) throw invalid(`Invalid data size: '${text}'`);
  const [whole = '0', fraction = ''] = (match[1] ?? '').split('.');
  const bytes = (BigInt(whole + fraction) * 1024n ** BigInt(power)) / 10n ** BigInt(fraction.length);
  return bytes.toString();
}

function strpos(text: string, part: string, instance: bigint): bigint {
  if (instance === 0n || instance === -(2n ** 63n)) throw invalid(`'instance' must be a positive or negative number.`);
  if (part === '') return 1n;
  let count = instance < 0n ? -instance : instance;
  let index = instance < 0n ? text.lastIndexOf(part) : text.indexOf(part);
  while (index >= 0 && --count > 0n) {
    if (instance < 0n && index === 0) return 0n;
    index = instance < 0n ? text.lastIndexOf(part, index - 1) : text.indexOf(part, index + 1);
  }
  return index < 0 ? 0n : BigInt([...text.slice(0, index)].length + 1);
}

/** An empty search text is found before every character and at the end. */
function replace(text: string, from: string, to: string): string {
  if (from !== '') return text.replaceAll(from, () => to);
  return [...text].map((character) => to + character).join('') + to;
}

/** Reads UTF-8; what is wrong becomes the replacement. */
function fromUtf8(bytes: Uint8Array, replacement: string): string {
  const mark = [...replacement];
  if (mark.length > 1) throw invalid('Replacement character string must empty or a single character');
  return decodeUtf8(bytes, replacement);
}

const likes = new Map<string, RegExp>();

/** LIKE with an escape character that only the row knows. */
function like(text: string, pattern: string, escape: string): boolean {
  const key = `${escape}${pattern}`;
  let expression = likes.get(key);
  if (!expression) {
    if (likes.size > 1000) likes.clear();
    likes.set(key, (expression = likeExpression(pattern, escape)));
  }
  return expression.test(text);
}

function likeExpression(pattern: string, escape: string): RegExp {
  if ([...escape].length !== 1) throw invalid('Escape string must be a single character');
  const characters = [...pattern];
  let source = '';
  for (let index = 0; index < characters.length; index++) {
    let character = characters[index] ?? '';
    const isEscaped = character === escape;
    if (isEscaped) {
      character = characters[++index] ?? '';
      if (character !== '%' && character !== '_' && character !== escape) {
        throw invalid(`Escape character must be followed by '%', '_' or the escape character itself`);
      }
    }
    const isWild = !isEscaped && (character === '%' || character === '_');
    source += isWild
      ? character === '%'
        ? '[\\s\\S]*'
        : '[\\s\\S]'
      : character.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  }
  return new RegExp(`^${source}$`, 'u');
}

const NORMAL_FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const;

/** String functions that DuckDB lacks or defines otherwise. */
export const STRING_FUNCTIONS: readonly JsFunction[] = [
  jsFunction('like', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'BOOLEAN', like),
  jsFunction('reverse', ['VARCHAR'], 'VARCHAR', (text) => [...text].reverse().join('')),
  jsFunction('split', ['VARCHAR', 'VARCHAR', 'BIGINT'], 'VARCHAR[]', splitText),
  jsFunction('split_part', ['VARCHAR', 'VARCHAR', 'BIGINT'], 'VARCHAR', splitPart),
  jsFunction('split_to_map', ['VARCHAR', 'VARCHAR', 'VARCHAR', 'BOOLEAN'], 'VARCHAR[]', splitToMap),
  jsFunction('split_to_multimap_keys', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR[]', (text, entries, pair) => [
    ...multimap(text, entries, pair).keys(),
  ]),
  jsFunction('split_to_multimap_values', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR[][]', (text, entries, pair) => [
    ...multimap(text, entries, pair).values(),
  ]),
  jsFunction('pad', ['VARCHAR', 'BIGINT', 'VARCHAR', 'BOOLEAN'], 'VARCHAR', pad),
  jsFunction('concat_ws', ['VARCHAR', 'VARCHAR[]'], 'VARCHAR', (separator, parts) =>
    parts.filter((part) => part !== null).join(separator),
  ),
  jsFunction('translate', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', translate),
  jsFunction('codepoint', ['VARCHAR'], 'INTEGER', codepoint),
  jsFunction('chr', ['BIGINT'], 'VARCHAR', chr),
  jsFunction('normalize', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text, form) => {
    const known = NORMAL_FORMS.find((each) => each === form);
    if (!known) throw invalid(`unknown normal form ${form}`);
    return text.normalize(known);
  }),
  jsFunction('levenshtein', ['VARCHAR', 'VARCHAR'], 'BIGINT', levenshtein),
  jsFunction('hamming', ['VARCHAR', 'VARCHAR'], 'BIGINT', hamming),
  jsFunction('soundex', ['VARCHAR'], 'VARCHAR', soundex),
  jsFunction('luhn', ['VARCHAR'], 'BOOLEAN', luhn),
  jsFunction('parse_data_size', ['VARCHAR'], 'VARCHAR', parseDataSize),
  jsFunction('strpos', ['VARCHAR', 'VARCHAR', 'BIGINT'], 'BIGINT', strpos),
  jsFunction('replace', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', replace),
  jsFunction('from_utf8', ['BLOB', 'VARCHAR'], 'VARCHAR', fromUtf8),
];
