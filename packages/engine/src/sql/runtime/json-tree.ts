import { printDouble } from './number-text.ts';

/** A JSON value that keeps the text of its numbers and the order of its members. */
export type JsonTree =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** `exact`: a decimal, not a double */
  | { readonly kind: 'number'; readonly text: string; readonly exact?: boolean }
  | { readonly kind: 'string'; readonly text: string }
  /** `open`: the text ends, or stops being JSON, before the array or object does */
  | { readonly kind: 'array'; readonly items: readonly JsonTree[]; readonly open?: boolean }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, JsonTree])[]; readonly open?: boolean };

export const NULL_TREE: JsonTree = { kind: 'null' };

/** Reads one value; of text that is not JSON all that comes before the fault. */
class Reader {
  readonly #text: string;
  #index = 0;
  #isBroken = false;

  constructor(text: string) {
    this.#text = text;
  }

  value(): JsonTree | undefined {
    this.#blanks();
    const character = this.#text[this.#index];
    if (character === '{') return this.#object();
    if (character === '[') return this.#array();
    if (character === '"') {
      const text = this.#string();
      return text === undefined ? undefined : { kind: 'string', text };
    }
    const word = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=[\s,\]}]|$)/y;
    word.lastIndex = this.#index;
    const found = word.exec(this.#text)?.[0];
    if (found === undefined) return this.#broken();
    this.#index += found.length;
    if (found === 'null') return NULL_TREE;
    if (found === 'true' || found === 'false') return { kind: 'boolean', value: found === 'true' };
    return { kind: 'number', text: found };
  }

  /** Whether the value was sound and nothing follows it. */
  isWhole(): boolean {
    this.#blanks();
    return !this.#isBroken && this.#index === this.#text.length;
  }

  #broken(): undefined {
    this.#isBroken = true;
    return undefined;
  }

  #blanks(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#index);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.#index++;
    }
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
      const name = this.#string();
      const value = name !== undefined && this.#take(':') ? this.value() : this.#broken();
      if (name !== undefined && value) members.push([name, value]);
      if (this.#isBroken) return { kind: 'object', members, open: true };
    } while (this.#take(','));
    if (this.#take('}')) return { kind: 'object', members };
    this.#isBroken = true;
    return { kind: 'object', members, open: true };
  }

  #array(): JsonTree {
    this.#index++;
    const items: JsonTree[] = [];
    if (this.#take(']')) return { kind: 'array', items };
    do {
      const item = this.value();
      if (item) items.push(item);
      if (this.#isBroken) return { kind: 'array', items, open: true };
    } while (this.#take(','));
    if (this.#take(']')) return { kind: 'array', items };
    this.#isBroken = true;
    return { kind: 'array', items, open: true };
  }

  #string(): string | undefined {
    const literal = /"(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/y;
    literal.lastIndex = this.#index;
    const found = literal.exec(this.#text)?.[0];
    if (found === undefined) return this.#broken();
    this.#index += found.length;
    if (!found.includes('\\')) return found.slice(1, -1);
    const text: unknown = JSON.parse(found);
    return String(text);
  }
}

/** Reads JSON text; undefined when it is none. */
export function parseJson(text: string): JsonTree | undefined {
  const { tree, isWhole } = read(text);
  return isWhole ? tree : undefined;
}

/** Reads as much of a text as is JSON; what follows the value does not matter. */
export const parseSome = (text: string): JsonTree | undefined => read(text).tree;

function read(text: string): { readonly tree: JsonTree | undefined; readonly isWhole: boolean } {
  try {
    const reader = new Reader(text);
    const tree = reader.value();
    return { tree, isWhole: tree !== undefined && reader.isWhole() };
  } catch (error) {
    // nested too deeply
    if (error instanceof RangeError) return { tree: undefined, isWhole: false };
    throw error;
  }
}

/** Whether all of a value was there. */
export const isComplete = (tree: JsonTree): boolean =>
  tree.kind === 'array'
    ? tree.open !== true && tree.items.every(isComplete)
    : tree.kind !== 'object' || (tree.open !== true && tree.members.every(([, value]) => isComplete(value)));

/** A string as Jackson writes it: escapes for quotes, backslashes, control characters and what lies beyond the first 65,536. */
export function quoteJson(text: string): string {
  const body = text.replaceAll(/["\\\u0000-\u001f\ud800-\udfff]/g, (character) => {
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
      // JSON has no number that is infinite or none: such a double is a string
      return /^-?\d/.test(tree.text) ? tree.text : quoteJson(tree.text);
    case 'string':
      return quoteJson(tree.text);
    case 'array':
      return `[${tree.items.map(printJson).join(',')}]`;
    case 'object':
      return `{${tree.members.map(([name, value]) => `${quoteJson(name)}:${printJson(value)}`).join(',')}}`;
  }
}

/** Numbers as they print, the last of members with equal names; members stay in their order. */
export function normalized(tree: JsonTree): JsonTree {
  if (tree.kind === 'number') return { kind: 'number', text: canonicalNumber(tree.text) };
  if (tree.kind === 'array') return { kind: 'array', items: tree.items.map(normalized) };
  if (tree.kind !== 'object') return tree;
  return {
    kind: 'object',
    members: [...new Map(tree.members)].map(([name, value]) => [name, normalized(value)] as const),
  };
}

/** The form of a value of type json: as normalized, with the members in the order of their names. */
export function canonical(tree: JsonTree): JsonTree {
  if (tree.kind === 'number') {
    const text = canonicalNumber(tree.text);
    return text.startsWith('"') ? { kind: 'string', text: text.slice(1, -1) } : { kind: 'number', text };
  }
  if (tree.kind === 'array') return { kind: 'array', items: tree.items.map(canonical) };
  if (tree.kind !== 'object') return tree;
  const members = [...new Map(tree.members)].map(([name, value]) => [name, canonical(value)] as const);
  return { kind: 'object', members: members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) };
}

/** A number as Trino's JSON library writes it: whole numbers as they are, others as doubles, too large ones as a string. */
export function canonicalNumber(text: string): string {
  if (/^-?\d+$/.test(text)) return text === '-0' ? '0' : text;
  const value = Number(text);
  return Number.isFinite(value) ? printDouble(value) : `"${printDouble(value)}"`;
}
