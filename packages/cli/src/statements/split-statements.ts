import { scanSql } from './scan-sql.ts';

export interface SqlStatement {
  /** without the semicolon, and without blank space and comments at either end */
  readonly text: string;
  /** where its first character stands in the whole text, from 1 */
  readonly line: number;
  readonly col: number;
}

export interface SplitText {
  readonly statements: readonly SqlStatement[];
  /** what follows the last semicolon and is more than comments: a statement that is not finished */
  readonly rest: SqlStatement | undefined;
  /** everything that follows the last semicolon, as it is */
  readonly remainder: string;
}

/** Divides a text at its semicolons, but for those in quotes and comments. */
export function splitStatements(text: string): SplitText {
  const statements: SqlStatement[] = [];
  let start = -1;
  let end = -1;
  let divided = 0;
  const take = (): SqlStatement | undefined => {
    if (start === -1) return undefined;
    const statement = { text: text.slice(start, end), ...positionOf(text, start) };
    start = -1;
    return statement;
  };
  for (const stretch of scanSql(text)) {
    if (stretch.kind === 'semicolon') {
      const statement = take();
      if (statement !== undefined) statements.push(statement);
      divided = stretch.end;
      continue;
    }
    if (stretch.kind === 'comment' && !stretch.open) continue;
    const part = text.slice(stretch.start, stretch.end);
    if (part.trim() === '') continue;
    if (start === -1) start = stretch.start + (part.length - part.trimStart().length);
    end = stretch.start + part.trimEnd().length;
  }
  return { statements, rest: take(), remainder: text.slice(divided) };
}

/** Every statement of a script: the last one needs no semicolon. */
export function listStatements(text: string): readonly SqlStatement[] {
  const { statements, rest } = splitStatements(text);
  return rest === undefined ? statements : [...statements, rest];
}

/** One line of the same meaning: without comments, blank space collapsed outside of quotes. For the shell's history. */
export function joinLines(text: string): string {
  let joined = '';
  for (const { kind, start, end } of scanSql(text)) {
    const part = text.slice(start, end);
    const next = kind === 'quoted' ? part : kind === 'comment' ? ' ' : part.replace(/\s+/g, ' ');
    joined += joined === '' || joined.endsWith(' ') ? next.replace(/^ /, '') : next;
  }
  return joined.replace(/ (?=;?$)/, '');
}

/** The first word of a statement in upper case, such as SELECT. */
export function firstWord(statement: string): string {
  for (const { kind, start, end } of scanSql(statement)) {
    if (kind !== 'code') continue;
    const word = /[a-z]+/i.exec(statement.slice(start, end))?.[0];
    if (word !== undefined) return word.toUpperCase();
  }
  return '';
}

function positionOf(text: string, index: number): { readonly line: number; readonly col: number } {
  const before = text.slice(0, index);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, col: index - lineStart + 1 };
}
