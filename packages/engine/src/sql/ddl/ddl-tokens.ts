import { ErganeError } from '@ergane/protocol';

/** `text` of a name is unquoted, of a string it is what the string says. */
export interface DdlToken {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'mark' | 'end';
  readonly text: string;
  /** offset in the statement */
  readonly at: number;
}

const PATTERNS: readonly (readonly [DdlToken['kind'] | 'skip', RegExp])[] = [
  ['skip', /\s+|--[^\n]*|\/\*[^]*?\*\//y],
  ['word', /[\p{L}_][\p{L}\p{N}_$]*/uy],
  ['number', /\d+/y],
  ['quoted', /`(?:[^`]|``)+`/y],
  ['string', /'(?:[^'\\]|\\[^]|'')*'|"(?:[^"\\]|\\[^]|"")*"/y],
  ['mark', /[(),.=<>:;-]/y],
];

/** Hive's tokens: names plain or in backticks, strings in single or double quotes with backslash escapes. */
export function tokenizeDdl(sql: string): readonly DdlToken[] {
  const tokens: DdlToken[] = [];
  let at = 0;
  while (at < sql.length) {
    const found = matchAt(sql, at);
    if (found === undefined) throw ddlSyntaxError(sql, at, `unexpected character "${sql.slice(at, at + 1)}"`);
    const [kind, text] = found;
    if (kind !== 'skip') tokens.push({ kind, text: unquote(kind, text), at });
    at += text.length;
  }
  while (tokens.at(-1)?.text === ';' && tokens.at(-1)?.kind === 'mark') tokens.pop();
  return [...tokens, { kind: 'end', text: '<EOF>', at: sql.length }];
}

function matchAt(sql: string, at: number): readonly [DdlToken['kind'] | 'skip', string] | undefined {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const text = pattern.exec(sql)?.[0];
    if (text !== undefined && text !== '') return [kind, text];
  }
  return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', '0': '\0', Z: '\x1a' };

function unquote(kind: DdlToken['kind'], text: string): string {
  if (kind === 'quoted') return text.slice(1, -1).replaceAll('``', '`');
  if (kind !== 'string') return text;
  const quote = text.slice(0, 1);
  return text
    .slice(1, -1)
    .replaceAll(quote + quote, quote)
    .replace(/\\u([0-9a-fA-F]{4})|\\([0-3][0-7]{2})|\\([^])/g, (_, hex?: string, octal?: string, plain?: string) => {
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
      return ESCAPES[plain ?? ''] ?? plain ?? '';
    });
}

/** SYNTAX_ERROR in Athena's form, with line and column from 1. */
export function ddlSyntaxError(sql: string, at: number, problem: string): ErganeError {
  const before = sql.slice(0, at).split('\n');
  const line = before.length;
  const col = (before.at(-1)?.length ?? 0) + 1;
  return new ErganeError('SYNTAX_ERROR', `line ${line}:${col}: ${problem}`, { where: { line, col } });
}
