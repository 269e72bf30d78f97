/**
 * Redis's glob patterns (`*`, `?`, `[a-c]`, `[^a]`, `\` before a character) over the bytes of keys, which are latin1 text here.
 * With a separator, `*` and `?` do not match it.
 */
export function makeKeyMatcher(patterns: readonly string[], separator: string): (key: Buffer) => boolean {
  const any = separator === '' ? '[^]' : `[^${separator.replace(/[\\\]^-]/g, '\\$&')}]`;
  const parts = patterns.map((pattern) => toExpression(Buffer.from(pattern).toString('latin1'), any));
  const expression = new RegExp(`^(?:${parts.join('|')})$`);
  return (key) => expression.test(key.toString('latin1'));
}

const TOKEN = /\*+|\?|\[(\^?)((?:\\[^]|[^\]])*)\]|\\([^])|([^])/g;

function toExpression(pattern: string, any: string): string {
  return pattern.replace(TOKEN, (token: string, not?: string, set?: string, escaped?: string, plain?: string) => {
    if (token.startsWith('*')) return `${any}*`;
    if (token === '?') return any;
    if (set !== undefined) return set === '' ? '(?!)' : `[${not ?? ''}${set.replace(/\\?([^])/g, escapeInSet)}]`;
    return (escaped ?? plain ?? '').replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  });
}

function escapeInSet(token: string, character: string): string {
  if (token === '-') return '-';
  return /[\\\]^[-]/.test(character) ? `\\${character}` : character;
}

/** What every key that matches the pattern begins with. */
export function literalPrefix(pattern: string): string {
  return (/^(?:\\[^]|[^*?[\\])*/.exec(pattern)?.[0] ?? '').replace(/\\([^])/g, '$1');
}
