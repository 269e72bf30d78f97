import { printDouble } from './number-text.ts';

/** A JSON value that keeps the text of its numbers and the order of its members. */
export type JsonTree =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'array'; readonly items: readonly JsonTree[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, JsonTree])[] };

export const NULL_TREE: JsonTree = { kind: 'null' };

class Reader {
  readonly #text: string;
  #index = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): JsonTree {
    const value = this.#value();
    this.#blanks();
    if (this.#index < this.#text.length) throw new SyntaxError('text after the JSON value');
    return value;
  }

  #blanks(): void {
    while (/[ \t\n\r]/.test(this.#text[this.#index] ?? '')) this.#index++;
  }

  #value(): JsonTree {
    this.#blanks();
    const character = this.#text[this.#index];
    if (character === '{') return this.#object();
    if (character === '[') return this.#array();
    if (character === '"') return { kind: 'string', text: this.#string() };
    const word = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;
    word.lastIndex = this.#index;
    const found = word.exec(this.#text)?.[0];
    if (found === undefined) throw new SyntaxError('not JSON');
    this.#index += found.length;
    if (found === 'null') return NULL_TREE;
    if (found === 'true' || found === 'false') return { kind: 'boolean', value: found === 'true' };
    return { kind: 'number', text: found };
  }

  #take(character: string): boolean {
    this.#blanks();
    if (this.#text[this.#index] !== character) return false;
    this.#index++;
    return true;
  }

  #object(): JsonTree {
    this.#index++;
    const members: (readonly [string, JsonTree])[] = [];
    if (this.#take('}')) return { kind: 'object', members };
    do {
      this.#blanks();
      if (this.#text[this.#index] !== '"') throw new SyntaxError('a member needs a name');
      const name = this.#string();
      if (!this.#take(':')) throw new SyntaxError('a member needs a colon');
      members.push([name, this.#value()]);
    } while (this.#take(','));
    if (!this.#take('}')) throw new SyntaxError('an object is not closed');
    return { kind: 'object', members };
  }

  #array(): JsonTree {
    this.#index++;
    const items: JsonTree[] = [];
    if (this.#take(']')) return { kind: 'array', items };
    do items.push(this.#value());
    while (this.#take(','));
    if (!this.#take(']')) throw new SyntaxError('an array is not closed');
    return { kind: 'array', items };
  }

  #string(): string {
    const literal = /"(?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/y;
    literal.lastIndex = this.#index;
    const found = literal.exec(this.#text)?.[0];
    if (found === undefined || /[\u0000-\u001f]/.test(found)) throw new SyntaxError('bad string');
    this.#index += found.length;
    const text: unknown = JSON.parse(found);
    return String(text);
  }
}

/** Reads JSON text; undefined when it is none. */
export function parseJson(text: string): JsonTree | undefined {
  try {
    return new Reader(text).whole();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A string as Jackson writes it: escapes for quotes, backslashes and control characters alone. */
export function quoteJson(text: string): string {
  const body = text.replaceAll(/["\\\u0000-\u001f]/g, (character) => {
    const short: Readonly<Record<string, string>> = {
      '"': '\\"',
      '\\': '\\\\',
      '\b': '\\b',
      '\f': '\\f',
      '\n': '\\n',
      '\r': '\\r',
      '\t': '\\t',
    };
    return short[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
  return `"${body}"`;
}

export function printJson(tree: JsonTree): string {
  switch (tree.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(tree.value);
    case 'number':
      return tree.text;
    case 'string':
      return quoteJson(tree.text);
    case 'array':
      return `[${tree.items.map(printJson).join(',')}]`;
    case 'object':
      return `{${tree.members.map(([name, value]) => `${quoteJson(name)}:${printJson(value)}`).join(',')}}`;
  }
}

/** The form of a value of type json: members in order of their names, the last of equal names, numbers as numbers print. */
export function canonical(tree: JsonTree): JsonTree {
  if (tree.kind === 'number') return { kind: 'number', text: canonicalNumber(tree.text) };
  if (tree.kind === 'array') return { kind: 'array', items: tree.items.map(canonical) };
  if (tree.kind !== 'object') return tree;
  const members = [...new Map(tree.members)].map(([name, value]) => [name, canonical(value)] as const);
  return { kind: 'object', members: members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) };
}

export function canonicalNumber(text: string): string {
  if (/^-?\d+$/.test(text)) return text;
  const value = Number(text);
  return Number.isFinite(value) ? printDouble(value) : text;
}
