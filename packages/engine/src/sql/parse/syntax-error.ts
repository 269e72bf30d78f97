import { ErganeError } from '@ergane/protocol';
import type { Position } from './syntax-tree.ts';

export function syntaxError({ line, col }: Position, message: string): ErganeError {
  return new ErganeError('SYNTAX_ERROR', `line ${line}:${col}: ${message}`, { where: { line, col } });
}

/** The place of an offset: columns count characters, as Trino does, those of two code units once. */
export function placeOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, col: [...before.slice(lineStart)].length + 1 };
}

const PARTS =
  /'(?:[^']|'')*'(?!')|"(?:[^"]|"")*"(?!")|`(?:[^`]|``)*`(?!`)|--[^\n]*|\/\*[\s\S]*?\*\/|(?<open>['"`]|\/\*)/g;

/** The error for a string, quoted name or comment that does not end; undefined: all do. */
export function findUnterminated(text: string): ErganeError | undefined {
  for (const { index, groups } of text.matchAll(PARTS)) {
    const open = groups?.['open'];
    if (open === undefined) continue;
    const what = open === "'" ? 'the string' : open === '/*' ? 'the comment' : 'the quoted name';
    return syntaxError(
      placeOf(text, index),
      `mismatched input '${open}'. Expecting: the end of ${what} that begins here`,
    );
  }
  return undefined;
}
