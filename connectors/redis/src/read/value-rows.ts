import type { CallContext } from '@ergane/sdk';
import type { Client } from '../client.ts';
import type { ValueType } from '../key-space.ts';
import { buffersOf, bytesOf, listOf, textOf } from '../reply.ts';
import type { Command, Reply } from '../reply.ts';
import { SeenKeys } from '../seen-keys.ts';

/** One row before its values fit their columns: bytes by field; a field that is not there is NULL. */
export type Fields = ReadonlyMap<string, Buffer | number>;

/** What is read of one type of value. */
export interface ValueKind {
  /** the command that reads a key's value, or its begin */
  command(key: Buffer, fields: readonly string[]): Command;
  /** The rows of a key, from the reply to `command`; undefined: nothing says whether the key is there. */
  rows(read: ValueRead): Iterable<Fields> | AsyncIterable<Fields> | undefined;
}

export interface ValueRead {
  readonly context: CallContext;
  readonly client: Client;
  readonly key: Buffer;
  readonly reply: Reply;
  readonly fields: readonly string[];
}

/** The field of a value that has but one. */
export const VALUE_FIELD = '';
/** Elements of one round trip of a long list, set, sorted set or stream. */
const ELEMENTS = 1000;

export const VALUE_KINDS: Readonly<Record<ValueType, ValueKind>> = {
  literal: {
    command: (key) => ['GET', key],
    rows: ({ reply }) => wholeValue(reply),
  },
  json: {
    command: (key) => ['GET', key],
    rows: ({ reply }) => wholeValue(reply),
  },
  hash: {
    command: (key, fields) => ['HMGET', key, ...fields],
    rows({ reply, fields }) {
      const values = listOf(reply);
      if (values.every((value) => value === null)) return undefined;
      return [new Map(fields.flatMap((field, index) => fieldOf(field, values[index])))];
    },
  },
  list: {
    command: (key) => ['LRANGE', key, '0', String(ELEMENTS - 1)],
    rows: (read) => listRows(read),
  },
  set: {
    command: (key) => ['SSCAN', key, '0', 'COUNT', String(ELEMENTS)],
    rows: (read) => scannedRows(read, 'SSCAN'),
  },
  zset: {
    command: (key) => ['ZSCAN', key, '0', 'COUNT', String(ELEMENTS)],
    rows: (read) => scannedRows(read, 'ZSCAN'),
  },
  stream: {
    command: (key) => ['XRANGE', key, '-', '+', 'COUNT', String(ELEMENTS)],
    rows: (read) => streamRows(read),
  },
};

function fieldOf(field: string, value: Reply | undefined): (readonly [string, Buffer])[] {
  return Buffer.isBuffer(value) ? [[field, value]] : [];
}

function wholeValue(reply: Reply): Iterable<Fields> {
  const value = bytesOf(reply);
  // the key is gone since it was scanned
  return value === null ? [] : [new Map([[VALUE_FIELD, value]])];
}

async function* listRows({ context, client, key, reply }: ValueRead): AsyncGenerator<Fields> {
  let page = buffersOf(reply);
  for (let index = 0; page.length > 0;) {
    for (const value of page)
      yield new Map<string, Buffer | number>([
        [VALUE_FIELD, value],
        ['_index_', index++],
      ]);
    if (page.length < ELEMENTS) return;
    const [next] = await client.byKey(context, [['LRANGE', key, String(index), String(index + ELEMENTS - 1)]]);
    page = buffersOf(next);
  }
}

/** Small sets come whole; of larger ones SCAN may give a member twice while it grows or shrinks. */
async function* scannedRows(
  { context, client, key, reply }: ValueRead,
  name: 'SSCAN' | 'ZSCAN',
): AsyncGenerator<Fields> {
  let [cursor, words] = listOf(reply);
  let seen: SeenKeys | undefined;
  for (;;) {
    const next = textOf(cursor);
    if (next !== '0') seen ??= new SeenKeys();
    const values = buffersOf(words);
    for (let at = 0; at < values.length; at += name === 'ZSCAN' ? 2 : 1) {
      const value = values[at];
      if (value === undefined || seen?.add(value) === false) continue;
      const score = name === 'ZSCAN' ? scoreOf(values[at + 1]) : [];
      yield new Map<string, Buffer | number>([[VALUE_FIELD, value], ...score]);
    }
    if (next === '0') return;
    [cursor, words] = listOf((await client.byKey(context, [[name, key, next, 'COUNT', String(ELEMENTS)]]))[0]);
  }
}

/** Redis writes infinities as inf. */
function scoreOf(text: Buffer | undefined): (readonly [string, number])[] {
  return [['_score_', Number(text?.toString().replace('inf', 'Infinity'))]];
}

async function* streamRows({ context, client, key, reply }: ValueRead): AsyncGenerator<Fields> {
  let page = listOf(reply);
  while (page.length > 0) {
    let last = '';
    for (const entry of page) {
      const [id, words] = listOf(entry);
      last = textOf(id);
      const values = buffersOf(words);
      const fields = new Map<string, Buffer | number>([['_id_', Buffer.from(last)]]);
      for (let at = 0; at + 1 < values.length; at += 2) {
        const value = values[at + 1];
        if (value !== undefined) fields.set(values[at]?.toString() ?? '', value);
      }
      yield fields;
    }
    if (page.length < ELEMENTS) return;
    page = listOf((await client.byKey(context, [['XRANGE', key, `(${last}`, '+', 'COUNT', String(ELEMENTS)]]))[0]);
  }
}
