/**
 * Bounds for `_bin` collations, which order by code point but compare as if the shorter text were filled up with spaces ("PAD SPACE"):
 * there 'b' followed by a tab comes before 'b'. A bound that is used beside the exact comparison of bytes must let all its rows pass.
 */

const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

/** Text that lies, padded or not, below `value` and all that follows it: its last character is the one before. Undefined: there is none. */
export function lowerTextBound(value: string): string | undefined {
  const characters = [...value];
  const last = characters.pop()?.codePointAt(0);
  if (last === undefined || last === 0) return undefined;
  const before = last - 1 >= FIRST_SURROGATE && last - 1 <= LAST_SURROGATE ? FIRST_SURROGATE - 1 : last - 1;
  return characters.join('') + String.fromCodePoint(before);
}

/** All that is smaller than `value` by bytes is also not greater when padded: it has no character below the space. */
export function prefixSafe(value: string): boolean {
  for (const character of value) if (character < ' ') return false;
  return value !== '';
}
