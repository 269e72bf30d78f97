import { ErganeError } from '@ergane/protocol';

/** An SQL/JSON path: the tree of ISO/IEC 9075-2's path language, with Trino's descendant step `..name`. */
export interface JsonPath {
  readonly strict: boolean;
  readonly expression: PathNode;
}

export type PathNode =
  | { readonly kind: 'root' | 'current' | 'last' | 'null' }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'number' | 'string'; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'member' | 'descendants'; readonly base: PathNode; readonly name: string }
  | { readonly kind: 'any member' | 'any element'; readonly base: PathNode }
  | { readonly kind: 'element'; readonly base: PathNode; readonly ranges: readonly (readonly [PathNode, PathNode?])[] }
  | { readonly kind: 'method'; readonly base: PathNode; readonly name: string }
  | { readonly kind: 'filter'; readonly base: PathNode; readonly predicate: PathPredicate }
  | { readonly kind: 'arithmetic'; readonly operator: string; readonly left: PathNode; readonly right: PathNode }
  | { readonly kind: 'sign'; readonly negative: boolean; readonly operand: PathNode };

export type PathPredicate =
  | { readonly kind: 'compare'; readonly operator: string; readonly left: PathNode; readonly right: PathNode }
  | { readonly kind: 'and' | 'or'; readonly left: PathPredicate; readonly right: PathPredicate }
  | { readonly kind: 'not' | 'is unknown'; readonly operand: PathPredicate }
  | { readonly kind: 'exists'; readonly path: PathNode }
  | { readonly kind: 'starts with'; readonly left: PathNode; readonly right: PathNode };

const TOKEN =
  /\s*(\.\.|&&|\|\||==|<>|!=|<=|>=|[$@?()[\]{}.,*/%+<>!=-]|"(?:[^"\\]|\\.)*"|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[\p{L}_][\p{L}\p{N}_]*)/uy;

const METHODS = new Set(['type', 'size', 'double', 'ceiling', 'floor', 'abs', 'keyvalue']);

class Parser {
  readonly #tokens: readonly string[];
  #index = 0;

  constructor(text: string) {
    const tokens: string[] = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.trimEnd().length) {
      const match = TOKEN.exec(text);
      if (!match?.[1]) throw wrong(text);
      tokens.push(match[1]);
    }
    this.#tokens = tokens;
  }

  path(): JsonPath {
    const mode = this.#tokens[this.#index++];
    if (mode !== 'lax' && mode !== 'strict')
      throw wrong(`mismatched input '${mode ?? ''}' expecting {'lax', 'strict'}`);
    const expression = this.#sum();
    if (this.#peek() !== undefined) throw wrong(`unexpected '${this.#peek()}'`);
    return { strict: mode === 'strict', expression };
  }

  #peek(ahead = 0): string | undefined {
    return this.#tokens[this.#index + ahead];
  }

  #accept(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#index++;
    return true;
  }

  #expect(token: string): void {
    if (!this.#accept(token)) throw wrong(`expecting '${token}' at '${this.#peek() ?? 'the end'}'`);
  }

  #sum(): PathNode {
    let left = this.#product();
    for (let operator = this.#peek(); operator === '+' || operator === '-'; operator = this.#peek()) {
      this.#index++;
      left = { kind: 'arithmetic', operator, left, right: this.#product() };
    }
    return left;
  }

  #product(): PathNode {
    let left = this.#sign();
    for (
      let operator = this.#peek();
      operator === '*' || operator === '/' || operator === '%';
      operator = this.#peek()
    ) {
      this.#index++;
      left = { kind: 'arithmetic', operator, left, right: this.#sign() };
    }
    return left;
  }

  #sign(): PathNode {
    if (this.#accept('-')) return { kind: 'sign', negative: true, operand: this.#sign() };
    if (this.#accept('+')) return { kind: 'sign', negative: false, operand: this.#sign() };
    return this.#accessors(this.#primary());
  }

  #primary(): PathNode {
    const token = this.#peek();
    if (token === undefined) throw wrong('unexpected end of the path');
    this.#index++;
    if (token === '$') {
      const name = this.#peek();
      if (name !== undefined && /^[\p{L}_]/u.test(name)) {
        this.#index++;
        return { kind: 'variable', name };
      }
      return { kind: 'root' };
    }
    if (token === '@') return { kind: 'current' };
    if (token === 'last') return { kind: 'last' };
    if (token === 'null') return { kind: 'null' };
    if (token === 'true' || token === 'false') return { kind: 'boolean', value: token === 'true' };
    if (token === '(') {
      const inner = this.#sum();
      this.#expect(')');
      return inner;
    }
    if (token.startsWith('"')) return { kind: 'string', text: unquote(token) };
    if (/^\d/.test(token)) return { kind: 'number', text: token };
    throw wrong(`unexpected '${token}'`);
  }

  #accessors(start: PathNode): PathNode {
    let base = start;
    for (;;) {
      if (this.#accept('..')) base = { kind: 'descendants', base, name: this.#name() };
      else if (this.#accept('.')) base = this.#dot(base);
      else if (this.#accept('[')) base = this.#bracket(base);
      else if (this.#accept('?')) {
        this.#expect('(');
        const predicate = this.#or();
        this.#expect(')');
        base = { kind: 'filter', base, predicate };
      } else return base;
    }
  }

  #name(): string {
    const token = this.#tokens[this.#index++];
    if (token === undefined || !/^["\p{L}_]/u.test(token)) throw wrong(`a name is expected at '${token ?? 'the end'}'`);
    return token.startsWith('"') ? unquote(token) : token;
  }

  #dot(base: PathNode): PathNode {
    if (this.#accept('*')) return { kind: 'any member', base };
    const isMethod = this.#peek(1) === '(' && !(this.#peek() ?? '').startsWith('"');
    const name = this.#name();
    if (!isMethod) return { kind: 'member', base, name };
    this.#expect('(');
    this.#expect(')');
    if (!METHODS.has(name)) throw wrong(`the method ${name}() is not known`);
    return { kind: 'method', base, name };
  }

  #bracket(base: PathNode): PathNode {
    if (this.#accept('*')) {
      this.#expect(']');
      return { kind: 'any element', base };
    }
    const ranges: (readonly [PathNode, PathNode?])[] = [];
    do {
      const from = this.#sum();
      ranges.push(this.#accept('to') ? [from, this.#sum()] : [from]);
    } while (this.#accept(','));
    this.#expect(']');
    return { kind: 'element', base, ranges };
  }

  #or(): PathPredicate {
    let left = this.#and();
    while (this.#accept('||')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): PathPredicate {
    let left = this.#not();
    while (this.#accept('&&')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): PathPredicate {
    if (this.#accept('!')) return { kind: 'not', operand: this.#not() };
    if (this.#accept('exists')) {
      this.#expect('(');
      const path = this.#sum();
      this.#expect(')');
      return { kind: 'exists', path };
    }
    const start = this.#index;
    if (this.#accept('(')) {
      const inner = this.#tryPredicate();
      if (inner) return inner;
      this.#index = start;
    }
    return this.#comparison();
  }

  /** A parenthesised predicate, perhaps followed by `is unknown`; undefined when the parenthesis holds a path. */
  #tryPredicate(): PathPredicate | undefined {
    try {
      const inner = this.#or();
      this.#expect(')');
      if (!this.#accept('is')) return inner;
      this.#expect('unknown');
      return { kind: 'is unknown', operand: inner };
    } catch (error) {
      if (error instanceof ErganeError && error.code === 'SYNTAX_ERROR') return undefined;
      throw error;
    }
  }

  #comparison(): PathPredicate {
    const left = this.#sum();
    if (this.#accept('starts')) {
      this.#expect('with');
      return { kind: 'starts with', left, right: this.#sum() };
    }
    if (this.#accept('like_regex'))
      throw new ErganeError('NOT_SUPPORTED', 'like_regex in a JSON path is not supported');
    const operator = this.#tokens[this.#index++] ?? '';
    if (!['==', '<>', '!=', '<', '>', '<=', '>='].includes(operator))
      throw wrong(`a comparison is expected at '${operator}'`);
    return { kind: 'compare', operator, left, right: this.#sum() };
  }
}

const unquote = (token: string) =>
  token
    .slice(1, -1)
    .replaceAll(/\\u([0-9a-fA-F]{4})|\\(.)/g, (_match, hex: string | undefined, plain: string | undefined) =>
      hex === undefined ? (plain ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
    );
const wrong = (message: string) => new ErganeError('SYNTAX_ERROR', `in the JSON path: ${message}`);

/** Reads an SQL/JSON path. Throws SYNTAX_ERROR. */
export function parseJsonPath(text: string): JsonPath {
  return new Parser(text).path();
}
