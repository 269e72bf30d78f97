import { ErganeError } from '@ergane/protocol';
import { singleValues } from '@ergane/protocol';
import type { Constraints } from '@ergane/protocol';
import type { CallContext, Properties } from '@ergane/sdk';
import type { Client, SlotRange } from './client.ts';
import { KEY_COLUMN } from './key-space.ts';

/** What one split reads. */
export type Split =
  | { readonly kind: 'keys'; readonly keys: readonly Buffer[] }
  | { readonly kind: 'scan'; readonly address: string; readonly slots: readonly SlotRange[] };

/** Each split scans all keys of its master, so more would only make it busy. */
const SPLITS_OF_A_NODE = 32;
/** Keys of one look-up: more are several splits. */
const KEYS_OF_A_SPLIT = 5000;

/** The keys that the constraints name; undefined: any. Empty: none, so nothing is to be read. */
export function namedKeys({ summary }: Constraints): readonly Buffer[] | undefined {
  const set = summary[KEY_COLUMN];
  if (set === undefined) return undefined;
  const values = singleValues(set);
  return values?.flatMap((value) => {
    if (typeof value === 'string') return [Buffer.from(value)];
    return value instanceof Uint8Array ? [Buffer.from(value)] : [];
  });
}

/** One split for some thousand named keys. */
export function* keySplits(keys: readonly Buffer[]): Generator<Properties> {
  for (let from = 0; from < keys.length; from += KEYS_OF_A_SPLIT) {
    const part = keys.slice(from, from + KEYS_OF_A_SPLIT).map((key) => key.toString('base64'));
    yield { keys: part.join(',') };
  }
}

/**
 * One split for each master, more where it has more keys than a split is planned for: each then scans all keys of its master and reads
 * those of its slots, because a SCAN cannot be divided and reading values costs more than it.
 */
export async function* scanSplits(context: CallContext, client: Client, splitKeys: number): AsyncGenerator<Properties> {
  for (const { address, slots } of await client.nodes(context)) {
    const [size] = await client.at(context, address, [['DBSIZE']]);
    // who may not ask for the size has one split
    const keys = typeof size === 'number' ? size : 0;
    const total = slots.reduce((sum, [from, to]) => sum + to - from + 1, 0);
    const count = Math.max(1, Math.min(Math.ceil(keys / splitKeys), total, SPLITS_OF_A_NODE));
    for (let part = 0; part < count; part++) {
      const range = cut(slots, Math.floor((total * part) / count), Math.floor((total * (part + 1)) / count));
      yield { address, slots: range.map((each) => each.join('-')).join(',') };
    }
  }
}

/** The slots from the `from`th to before the `to`th of all. */
function cut(slots: readonly SlotRange[], from: number, to: number): readonly SlotRange[] {
  let before = 0;
  return slots.flatMap(([first, last]) => {
    const start = Math.max(first, first + from - before);
    const end = Math.min(last, first + to - 1 - before);
    before += last - first + 1;
    return start <= end ? [[start, end] as const] : [];
  });
}

/** @throws ErganeError PROTOCOL_INVALID */
export function readSplit({ keys, address, slots }: Properties): Split {
  if (keys !== undefined) return { kind: 'keys', keys: keys.split(',').map((key) => Buffer.from(key, 'base64')) };
  if (address === undefined || slots === undefined)
    throw new ErganeError(
      'PROTOCOL_INVALID',
      'the split lacks "address" and "slots", or "keys": it is none of this connector',
    );
  return {
    kind: 'scan',
    address,
    slots: slots.split(',').map((range) => {
      const [from = 0, to = -1] = range.split('-').map(Number);
      return [from, to];
    }),
  };
}
