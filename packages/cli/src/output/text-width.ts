import stringWidth from 'string-width';

const PLAIN = /^[\x20-\x7e]*$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How many columns of a terminal a text takes: wide characters of East Asia and emoji two, marks none. */
export function textWidth(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** A text that takes at most `width` columns; where it was cut, `…` says so. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width < 1) return '';
  let cut = '';
  let used = 1;
  for (const { segment } of graphemes.segment(text)) {
    const next = textWidth(segment);
    if (used + next > width) break;
    cut += segment;
    used += next;
  }
  return `${cut}…`;
}

export function padText(text: string, width: number, side: 'left' | 'right'): string {
  const blank = ' '.repeat(Math.max(0, width - textWidth(text)));
  return side === 'left' ? text + blank : blank + text;
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Control characters and those that turn the writing direction, made visible: what a table holds must not drive the terminal. */
export function showControls(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(
    /[\p{Cc}\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]/gu,
    (character) => NAMED[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
