import type { ItemsAnswer, WireItem } from './wire.ts';

const ITEMS = Buffer.from('"Items":[');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const COMMA = 0x2c;
const CLOSE_OBJECT = 0x7d;
/** Brackets in a key's strings, and so places to try, are few. */
const MOST_TRIES = 100;

/** An answer of Scan or Query whose items are parsed when they are asked for; `ItemBytes` is their JSON, between the brackets. */
export function parseItemsAnswer(bytes: Buffer): ItemsAnswer {
  const parts = divide(bytes);
  if (parts === undefined) return JSON.parse(bytes.toString()) as ItemsAnswer;
  const { rest, items: itemBytes } = parts;
  let items: readonly WireItem[] | undefined;
  return {
    ...rest,
    ItemBytes: itemBytes,
    get Items() {
      return (items ??= parseItems(itemBytes, 0));
    },
  };
}

/** The items from a position on. */
export function parseItems(bytes: Buffer, from: number): readonly WireItem[] {
  return JSON.parse(`[${bytes.toString('utf8', from)}]`) as readonly WireItem[];
}

/** What is around the list of items, and the list. undefined: not as DynamoDB writes it. */
function divide(bytes: Buffer): { readonly rest: ItemsAnswer; readonly items: Buffer } | undefined {
  const start = bytes.indexOf(ITEMS);
  // what stands before is small: counts, capacity
  if (start < 1 || start > 10_000) return undefined;
  const from = start + ITEMS.length;
  let end = bytes.lastIndexOf(CLOSE_LIST);
  for (let tries = 0; end >= from && tries < MOST_TRIES; tries++, end = bytes.lastIndexOf(CLOSE_LIST, end - 1)) {
    const next = bytes[end + 1];
    if (next !== COMMA && next !== CLOSE_OBJECT) continue;
    const rest = parseRest(`${bytes.toString('utf8', 0, start)}"Items":0${bytes.toString('utf8', end + 1)}`);
    if (rest !== undefined) return { rest, items: bytes.subarray(from, end) };
  }
  return undefined;
}

/** Only the bracket that closes the list leaves JSON around it. */
function parseRest(text: string): ItemsAnswer | undefined {
  try {
    const { Items: _items, ...rest } = JSON.parse(text) as ItemsAnswer;
    return rest;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The position after the string that begins (with its quote) at `from`; -1: it does not end. */
export function skipString(bytes: Buffer, from: number): number {
  for (let at = from + 1; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at++;
  }
  return -1;
}
