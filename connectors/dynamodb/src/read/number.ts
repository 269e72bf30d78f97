import type { DecimalColumn } from '@ergane/sdk';

const POWERS = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);
const TWO_32 = 2 ** 32;

/**
 * The unscaled value of a short plain number text, without a bigint; NaN: ask `parseUnscaled`. Most numbers are short, and bigints cost ten times as much.
 */
export function parseSmallUnscaled(text: string, scale: number): number {
  const { length } = text;
  if (length > 15) return NaN;
  let value = 0;
  let places = -1;
  let at = text.charCodeAt(0) === 45 ? 1 : 0;
  const negative = at === 1;
  for (; at < length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      if (places >= 0) places++;
    } else if (digit === -2 && places < 0) places = 0;
    else return NaN;
  }
  const missing = places < 0 ? scale : scale - places;
  if (missing < 0 || missing > 15) return NaN;
  value *= POWERS[missing] ?? NaN;
  if (value > Number.MAX_SAFE_INTEGER) return NaN;
  return negative ? -value : value;
}

/** Writes a safe whole number as a decimal's unscaled value. */
export function setSmallDecimal({ words }: DecimalColumn, row: number, value: number): void {
  const high = Math.floor(value / TWO_32);
  const at = row * 4;
  words[at] = value - high * TWO_32;
  words[at + 1] = high;
  words[at + 2] = words[at + 3] = high < 0 ? -1 : 0;
}
