import { keyKind } from './key-range.ts';
import type { SourceColumn } from './types.ts';

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const LENGTH = 6;

/**
 * Guesses at values that halve what lies between two values of a key's column; the best guess first. They need not exist, nor lie
 * between: whoever asks looks at the server for the next value that does.
 */
export function guessMidpoints(column: SourceColumn, low: string, high: string): readonly string[] {
  switch (keyKind(column)) {
    case 'integer':
      return [String((BigInt(low) + BigInt(high) + 1n) >> 1n)];
    case 'decimal':
      return [middleDecimal(low, high)];
    case 'date':
      return [middleDate(low, high)];
    case 'bytes':
      return [middleBytes(Buffer.from(low, 'base64'), Buffer.from(high, 'base64')).toString('base64')];
    case 'text':
      return [...middleTexts(low, high)];
    case undefined:
      return [];
  }
}

function middleDecimal(low: string, high: string): string {
  const scale = Math.max(fractionOf(low), fractionOf(high));
  const middle = (unscaled(low, scale) + unscaled(high, scale)) / 2n;
  const digits = String(middle < 0n ? -middle : middle).padStart(scale + 1, '0');
  const sign = middle < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function fractionOf(text: string): number {
  return text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
}

function unscaled(text: string, scale: number): bigint {
  return BigInt(text.replace('.', '') + '0'.repeat(scale - fractionOf(text)));
}

function middleDate(low: string, high: string): string {
  const time = (text: string): number =>
    Date.parse(`${text.slice(0, 19).replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}`);
  const middle = new Date((time(low) + time(high)) / 2);
  // zero dates are no time
  if (Number.isNaN(middle.getTime())) return high;
  return middle.toISOString().slice(0, 23).replace('T', ' ');
}

function middleBytes(low: Buffer, high: Buffer): Buffer {
  const length = Math.max(low.length, high.length, 1);
  const number = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex').padEnd(length * 2, '0') || '0'}`);
  const middle = (number(low) + number(high) + 1n) >> 1n;
  return Buffer.from(middle.toString(16).padStart(length * 2, '0'), 'hex');
}

/** By digits and letters, as most keys are made of them and most collations order them so; then by code points. */
function* middleTexts(low: string, high: string): Generator<string> {
  const [lows, highs] = [[...low], [...high]];
  let shared = 0;
  while (shared < lows.length && lows[shared] === highs[shared]) shared++;
  const prefix = lows.slice(0, shared).join('');
  const [from, to] = [lows.slice(shared), highs.slice(shared)];
  const upper = !/[a-z]/.test(low + high);
  for (const share of [0.5, 0.25, 0.75]) {
    const text = printFraction(fractionOfText(from) * (1 - share) + fractionOfText(to) * share);
    yield prefix + (upper ? text.toUpperCase() : text);
  }
  const [first, last] = [from[0]?.codePointAt(0) ?? 0x20, to[0]?.codePointAt(0) ?? 0x20];
  const middle = Math.ceil((first + last) / 2);
  if (middle < 0xd800 || middle > 0xdfff) yield prefix + String.fromCodePoint(middle);
}

/** The first characters as a fraction of numerals of base 37, of which 0 is "nothing". */
function fractionOfText(characters: readonly string[]): number {
  let fraction = 0;
  for (let index = LENGTH - 1; index >= 0; index--)
    fraction = (fraction + numeral(characters[index])) / (DIGITS.length + 1);
  return fraction;
}

function numeral(character: string | undefined): number {
  if (character === undefined || character < '0') return 0;
  const found = DIGITS.indexOf(character.toLowerCase());
  if (found >= 0) return found + 1;
  return character > 'z' ? DIGITS.length : 10;
}

function printFraction(fraction: number): string {
  let rest = fraction;
  let text = '';
  for (let index = 0; index < LENGTH; index++) {
    rest *= DIGITS.length + 1;
    const digit = Math.floor(rest);
    rest -= digit;
    text += digit === 0 ? '0' : DIGITS[digit - 1];
  }
  return text;
}
