import { decodeBase64 } from '../base64.ts';
import { invalid } from '../invalid.ts';

/**
 * One JSON object of a message, read by member. Members may come in any order (Java demands an order, section 1.1 rule 2); whatever
 * is not of the expected kind is an error that names its path.
 */
export class JsonObject {
  readonly path: string;
  private readonly members: Readonly<Record<string, unknown>>;
  private readonly taken = new Set<string>();

  constructor(value: unknown, path: string) {
    if (!isObject(value)) throw invalid(path, 'an object', value);
    this.members = value;
    this.path = path;
  }

  at(name: string): string {
    return `${this.path}.${name}`;
  }
  has(name: string): boolean {
    return Object.hasOwn(this.members, name);
  }
  get(name: string): unknown {
    this.taken.add(name);
    return Object.hasOwn(this.members, name) ? this.members[name] : undefined;
  }
  /** undefined where the member is absent or null */
  optional<Result>(name: string, read: (value: unknown, path: string) => Result): Result | undefined {
    const value = this.get(name);
    return value === undefined || value === null ? undefined : read(value, this.at(name));
  }

  text(name: string): string {
    return readText(this.get(name), this.at(name));
  }
  textOrNull(name: string): string | null {
    return this.optional(name, readText) ?? null;
  }
  integer(name: string): number {
    return readInteger(this.get(name), this.at(name));
  }
  boolean(name: string): boolean {
    const value = this.get(name);
    if (typeof value !== 'boolean') throw invalid(this.at(name), 'true or false', value);
    return value;
  }
  bytes(name: string): Uint8Array {
    return decodeBase64(this.text(name), this.at(name));
  }
  object(name: string): JsonObject {
    return new JsonObject(this.get(name), this.at(name));
  }
  array<Item>(name: string, read: (value: unknown, path: string) => Item): Item[] {
    return readArray(this.get(name), this.at(name), read);
  }
  texts(name: string): string[] {
    return this.array(name, readText);
  }
  /** One of a list of words. */
  word<Word extends string>(name: string, words: readonly Word[]): Word {
    const value = this.get(name);
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw invalid(this.at(name), `one of ${words.join(', ')}`, value);
    return word;
  }
  /** A map, by its keys. */
  map<Item>(name: string, read: (value: unknown, path: string) => Item): Record<string, Item> {
    return readMap(this.get(name), this.at(name), read);
  }
  textMap(name: string): Record<string, string> {
    return this.map(name, readText);
  }

  /** The members that nobody has asked for. */
  rest(): Record<string, unknown> | undefined {
    const unknown = Object.entries(this.members).filter(([name]) => !this.taken.has(name));
    return unknown.length === 0 ? undefined : Object.fromEntries(unknown);
  }
}

export function readText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw invalid(path, 'a string', value);
  return value;
}

export function readInteger(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw invalid(path, 'an integer', value);
  return value;
}

export function readArray<Item>(value: unknown, path: string, read: (value: unknown, path: string) => Item): Item[] {
  if (!Array.isArray(value)) throw invalid(path, 'an array', value);
  return value.map((item: unknown, index) => read(item, `${path}[${index}]`));
}

export function readMap<Item>(
  value: unknown,
  path: string,
  read: (value: unknown, path: string) => Item,
): Record<string, Item> {
  if (!isObject(value)) throw invalid(path, 'an object', value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, read(item, `${path}["${key}"]`)]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
