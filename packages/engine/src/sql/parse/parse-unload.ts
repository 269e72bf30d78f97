import { ErganeError } from '@ergane/protocol';
import type { Statement } from './syntax-tree.ts';
import type { Unload } from './write-statement.ts';

const UNLOAD = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*unload(?=\s|\()/i;
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|[()]/g;
const TARGET = /^\s*to\s+'((?:[^']|'')*)'\s*(with\s*\([\s\S]*\))?\s*;?\s*$/i;
const EXPECTED = "UNLOAD (SELECT …) TO 's3://bucket/folder/' [WITH (property = value, …)]";

/**
 * Athena's `UNLOAD (query) TO '…' WITH (…)` (https://docs.aws.amazon.com/athena/latest/ug/unload.html), which Trino does not have:
 * its query and its properties are read by the Trino grammar, in texts that keep every place. undefined: another statement.
 */
export function parseUnload(text: string, parseTrino: (text: string) => Statement): Unload | undefined {
  const word = UNLOAD.exec(text)?.[0];
  if (word === undefined) return undefined;
  const end = closingParenthesis(text, word.length);
  if (end === undefined) throw expected(text, word.length);
  const target = TARGET.exec(text.slice(end));
  if (target?.[1] === undefined) throw expected(text, end);
  const query = parseTrino(`${blank(word)}${text.slice(word.length, end)}`);
  if (query.kind !== 'query') throw expected(text, word.length);
  return {
    kind: 'unload',
    at: place(text, word.length - 'unload'.length),
    query: query.query,
    location: target[1].replaceAll("''", "'"),
    properties: target[2] === undefined ? [] : parseProperties(text, target[2], parseTrino),
  };
}

function parseProperties(text: string, clause: string, parseTrino: (text: string) => Statement): Unload['properties'] {
  const before = blank(text.slice(0, text.lastIndexOf(clause)));
  const start = 'create table t ';
  const table = parseTrino(`${before.slice(0, -start.length)}${start}${clause} as select 1 a`);
  return table.kind === 'create table as' ? table.properties : [];
}

/** The offset after the parenthesis that closes the one at `from` (blanks before it aside). */
function closingParenthesis(text: string, from: number): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.slice(from).matchAll(TOKEN)) {
    if (token === '(') depth++;
    else if (token === ')' && --depth === 0) return from + index + 1;
    else if (depth === 0 && !/^(?:--|\/\*)/.test(token)) return undefined;
  }
  return undefined;
}

function blank(text: string): string {
  return text.replace(/[^\n]/gu, ' ');
}

function place(text: string, offset: number): { readonly line: number; readonly col: number } {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, col: (lines.at(-1)?.length ?? 0) + 1 };
}

function expected(text: string, offset: number): ErganeError {
  const at = place(text, offset);
  return new ErganeError('SYNTAX_ERROR', `line ${at.line}:${at.col}: mismatched input. Expecting: ${EXPECTED}`, {
    where: { ...at },
  });
}
