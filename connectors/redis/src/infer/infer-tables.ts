import type { CallContext } from '@ergane/sdk';
import type { Client } from '../client.ts';
import type { KeySpace, ValueType } from '../key-space.ts';
import { sampleKeys } from './sample-keys.ts';
import { textOf } from '../reply.ts';

/** Keys of one form that a sample showed. */
export interface InferredTable {
  readonly name: string;
  readonly space: KeySpace;
}

const SEPARATOR = ':';
const TYPES: Readonly<Record<string, ValueType>> = {
  string: 'literal',
  hash: 'hash',
  zset: 'zset',
  list: 'list',
  set: 'set',
  stream: 'stream',
};
/** numbers, UUIDs and other long runs of hexadecimal digits */
const ID = /^(\d+|[0-9a-fA-F]{8,}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/;

/**
 * Groups keys by their form: parts between colons that look like ids (or else the last part) are `*`, so `user:17` is of `user:*` and
 * `user:17:cart` of `user:*:cart`. A table is named after the other parts (`user`, `user:cart`), its values are what most of its keys hold.
 */
export async function inferTables(
  context: CallContext,
  client: Client,
  wanted: number,
): Promise<readonly InferredTable[]> {
  const keys = await sampleKeys(context, client, { patterns: ['*'], separator: '', wanted });
  const types = await client.byKey(
    context,
    keys.map((key) => ['TYPE', key]),
  );
  const groups = new Map<string, Map<ValueType, number>>();
  for (const [index, key] of keys.entries()) {
    const type = TYPES[textOf(types[index])];
    const form = formOf(key);
    if (type === undefined || form === undefined) continue;
    const counts = groups.get(form) ?? new Map<ValueType, number>();
    groups.set(form, counts.set(type, (counts.get(type) ?? 0) + 1));
  }
  const tables = [...groups].map(([form, counts]): InferredTable => {
    const [[valueType] = ['literal' as const]] = [...counts].sort(([, a], [, b]) => b - a);
    const space = { kind: 'prefix', patterns: [form], separator: SEPARATOR, valueType, wrongType: 'error' } as const;
    return { name: nameOf(form), space };
  });
  return tables.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** undefined: the key is bytes that are no text, or has no parts */
function formOf(key: Buffer): string | undefined {
  const parts = key.toString().split(SEPARATOR);
  if (parts.length < 2 || !key.equals(Buffer.from(parts.join(SEPARATOR)))) return undefined;
  const marked = parts.map((part) => (ID.test(part) ? '*' : escapePattern(part)));
  if (!marked.includes('*')) marked[marked.length - 1] = '*';
  return marked.join(SEPARATOR);
}

function escapePattern(part: string): string {
  return part.replace(/[*?[\]\\,]/g, '\\$&');
}

function nameOf(form: string): string {
  const parts = form.split(SEPARATOR).filter((part) => part !== '*');
  return parts.length === 0 ? 'keys' : parts.join(SEPARATOR).toLowerCase();
}
