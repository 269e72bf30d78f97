/** A stretch of SQL text, as far as dividing statements needs to know it. */
export interface SqlStretch {
  readonly kind: 'code' | 'quoted' | 'comment' | 'semicolon';
  readonly start: number;
  readonly end: number;
  /** the closing quote or the end of a block comment is missing */
  readonly open: boolean;
}

const STRETCH =
  /(?<line>--[^\n]*)|\/\*[^]*?(?:(?<blockEnd>\*\/)|$)|'[^']*(?:''[^']*)*(?<single>'|$)|"[^"]*(?:""[^"]*)*(?<double>"|$)|`[^`]*(?:``[^`]*)*(?<back>`|$)|(?<semicolon>;)|[^-/'"`;]+|[-/]/g;

/** Divides SQL text into code, quoted text, comments and semicolons. No character is left out. */
export function* scanSql(text: string): Generator<SqlStretch> {
  for (const match of text.matchAll(STRETCH)) {
    const [whole] = match;
    const { line, blockEnd, single, double, back, semicolon } = match.groups ?? {};
    const start = match.index;
    const end = start + whole.length;
    if (semicolon !== undefined) yield { kind: 'semicolon', start, end, open: false };
    else if (line !== undefined) yield { kind: 'comment', start, end, open: false };
    else if (whole.startsWith('/*')) yield { kind: 'comment', start, end, open: blockEnd === undefined };
    else if (/^['"`]/.test(whole)) yield { kind: 'quoted', start, end, open: !(single || double || back) };
    else yield { kind: 'code', start, end, open: false };
  }
}
