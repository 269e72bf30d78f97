import { ErganeError } from '@ergane/protocol';
import type { ParserRuleContext, Token } from 'antlr4ng';
import type { IdentifierContext, StringContext } from 'dt-sql-parser/dist/lib/trino/TrinoSqlParser.js';
import { loadGrammar } from './grammar.ts';
import type { Name, Position } from './syntax-tree.ts';

type NodeType<C> = abstract new (...parameters: never[]) => C;

/** A table from the grammar's node classes to the functions that turn such a node into ours. */
export class Dispatch<R> {
  readonly #builders = new Map<unknown, (node: object) => R>();

  on<C extends object>(type: NodeType<C>, build: (node: C) => R): this {
    this.#builders.set(type, (node) => {
      if (node instanceof type) return build(node);
      throw new ErganeError('INTERNAL', `a ${type.name} was expected`);
    });
    return this;
  }

  build(node: ParserRuleContext | null | undefined): R {
    if (!node) throw new ErganeError('INTERNAL', 'the parse tree lacks a node');
    const build = this.#builders.get(node.constructor);
    if (!build) throw unsupported(node, 'this syntax');
    return build(node);
  }
}

export function need<T>(node: T | null | undefined): T {
  if (node === null || node === undefined) throw new ErganeError('INTERNAL', 'the parse tree lacks a node');
  return node;
}

export function positionOf(node: ParserRuleContext): Position {
  return tokenPosition(node.start);
}

export function tokenPosition(token: Token | null | undefined): Position {
  return { line: token?.line ?? 1, col: (token?.column ?? 0) + 1 };
}

export function unsupported(node: ParserRuleContext, what: string): ErganeError {
  const at = positionOf(node);
  const text = node.getText().slice(0, 60);
  return new ErganeError('NOT_SUPPORTED', `line ${at.line}:${at.col}: ${what} is not supported: ${text}`, {
    where: { ...at },
  });
}

export function nameOf(node: IdentifierContext | null | undefined): Name {
  const present = need(node);
  const { QuotedIdentifierContext, BackQuotedIdentifierContext } = loadGrammar().contexts;
  const text = present.getText();
  const at = positionOf(present);
  if (present instanceof QuotedIdentifierContext) {
    return { text: text.slice(1, -1).replaceAll('""', '"'), quoted: true, at };
  }
  if (present instanceof BackQuotedIdentifierContext) {
    return { text: text.slice(1, -1).replaceAll('``', '`'), quoted: true, at };
  }
  return { text, quoted: false, at };
}

/** The value of a string literal, `U&'…'` decoded. */
export function stringOf(node: StringContext | null | undefined): string {
  const present = need(node);
  const { UnicodeStringLiteralContext } = loadGrammar().contexts;
  if (!(present instanceof UnicodeStringLiteralContext)) {
    return present.getText().slice(1, -1).replaceAll("''", "'");
  }
  const escapeText = present.STRING()?.getText();
  const escape = escapeText === undefined ? '\\' : escapeText.slice(1, -1);
  const body = present.UNICODE_STRING().getText().slice(3, -1).replaceAll("''", "'");
  return decodeUnicode(body, escape, positionOf(present));
}

function decodeUnicode(body: string, escape: string, at: Position): string {
  const fail = (why: string) =>
    new ErganeError('SYNTAX_ERROR', `line ${at.line}:${at.col}: ${why}`, { where: { ...at } });
  let text = '';
  for (let index = 0; index < body.length;) {
    if (!body.startsWith(escape, index)) {
      text += body[index++];
      continue;
    }
    if (body.startsWith(escape, index + escape.length)) {
      text += escape;
      index += 2 * escape.length;
      continue;
    }
    const match = /^(?:\+([0-9a-f]{6})|([0-9a-f]{4}))/i.exec(body.slice(index + escape.length));
    if (!match) throw fail('Incomplete escape sequence');
    const code = Number.parseInt(match[1] ?? match[2] ?? '', 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw fail('Invalid escaped character');
    text += String.fromCodePoint(code);
    index += escape.length + match[0].length;
  }
  return text;
}
