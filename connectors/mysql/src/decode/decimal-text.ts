const TWO_32 = 2 ** 32;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
/** digits that a double holds exactly */
const EXACT_DIGITS = 15;
/** digits taken at once into 32-bit limbs: 2^32 x 10^6 is exact in a double */
const STEP = 6;
const POWERS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];

/** The decimal does not fit the column: it has more fraction digits, or more digits, or is no number. */
export const INVALID = false;

/**
 * Writes the decimal text `bytes[from..to)` as the unscaled 128-bit value of `scale`, low word first, to `words[at..at + 4)`.
 * False: it is no decimal of at most 38 digits and `scale` fraction digits. Arguments one by one: it runs once a value, and an
 * object a value costs more than the parsing.
 */
export function writeDecimal(
  words: Int32Array,
  at: number,
  bytes: Uint8Array,
  from: number,
  to: number,
  scale: number,
): boolean {
  const isNegative = bytes[from] === MINUS;
  let position = isNegative ? from + 1 : from;
  const pointLength = scale > 0 ? 1 : 0;
  if (to - position > EXACT_DIGITS + pointLength)
    return writeLongDecimal(words, at, bytes, position, to, scale, isNegative);
  let value = 0;
  let pointAt = -1;
  for (; position < to; position++) {
    const code = bytes[position] ?? 0;
    if (code === POINT) pointAt = position;
    else if (code >= ZERO && code <= 57) value = value * 10 + (code - ZERO);
    else return INVALID;
  }
  const missing = scale - (pointAt < 0 ? 0 : to - pointAt - 1);
  if (missing !== 0) return writeLongDecimal(words, at, bytes, isNegative ? from + 1 : from, to, scale, isNegative);
  if (isNegative) value = -value;
  words[at] = value | 0;
  words[at + 1] = Math.floor(value / TWO_32);
  words[at + 2] = words[at + 3] = value < 0 ? -1 : 0;
  return true;
}

/** Any length: digits in groups of six into four limbs. */
function writeLongDecimal(
  words: Int32Array,
  at: number,
  bytes: Uint8Array,
  from: number,
  to: number,
  scale: number,
  isNegative: boolean,
): boolean {
  const limbs = [0, 0, 0, 0];
  let group = 0;
  let size = 0;
  let digits = 0;
  let fraction = -1;
  const push = (digit: number): void => {
    group = group * 10 + digit;
    if (digits > 0 || digit > 0) digits++;
    if (++size === STEP) {
      multiplyAdd(limbs, POWERS[STEP] ?? 1, group);
      group = size = 0;
    }
  };
  for (let position = from; position < to; position++) {
    const code = bytes[position] ?? 0;
    if (code === POINT && fraction < 0) fraction = 0;
    else if (code >= ZERO && code <= 57) {
      if (fraction >= scale) {
        if (code !== ZERO) return INVALID; // a digit beyond the column's scale
        continue;
      }
      push(code - ZERO);
      if (fraction >= 0) fraction++;
    } else return INVALID;
  }
  for (let missing = scale - Math.max(0, fraction); missing > 0; missing--) push(0);
  if (digits > 38) return INVALID;
  if (size > 0) multiplyAdd(limbs, POWERS[size] ?? 1, group);
  storeLimbs(words, at, limbs, isNegative);
  return true;
}

function multiplyAdd(limbs: number[], factor: number, addend: number): void {
  let carry = addend;
  for (let index = 0; index < 4; index++) {
    const product = (limbs[index] ?? 0) * factor + carry;
    limbs[index] = product % TWO_32;
    carry = Math.floor(product / TWO_32);
  }
}

function storeLimbs(words: Int32Array, at: number, limbs: readonly number[], isNegative: boolean): void {
  let carry = 1;
  for (let index = 0; index < 4; index++) {
    const limb = limbs[index] ?? 0;
    if (!isNegative) {
      words[at + index] = limb | 0;
      continue;
    }
    const inverted = TWO_32 - 1 - limb + carry;
    words[at + index] = inverted | 0;
    carry = inverted >= TWO_32 ? 1 : 0;
  }
}
