import { ErganeError } from '@ergane/protocol';
import type { CallContext } from '@ergane/sdk';
import { slotOf } from '../client.ts';
import type { Client, Node, SlotRange } from '../client.ts';
import { makeKeyMatcher } from '../glob.ts';
import type { KeySpace } from '../key-space.ts';
import { buffersOf, listOf, textOf } from '../reply.ts';
import type { Command } from '../reply.ts';
import { SeenKeys } from '../seen-keys.ts';

export interface KeyScan {
  readonly space: KeySpace;
  readonly address: string;
  readonly slots: readonly SlotRange[];
  /** keys that a first page should have, where few rows are wanted */
  readonly first: number | undefined;
}

/** Keys that are read in one round trip. */
export const PAGE_KEYS = 1000;

/**
 * The keys of a split, each once, in pages. SCAN gives every key that is there from its begin to its end, some twice. A slot that moved to
 * another master meanwhile would be lost: that is an error.
 */
export async function* scanKeys(
  context: CallContext,
  client: Client,
  scan: KeyScan,
): AsyncGenerator<readonly Buffer[]> {
  const { slots, space } = scan;
  const isOwn = makeSlotTest(slots);
  const seen = new SeenKeys();
  const take = (keys: readonly Buffer[]): Buffer[] => keys.filter((key) => isOwn(key) && seen.add(key));
  const { address } = await findNode(context, client, scan);
  if (space.kind === 'zset') yield* memberPages(context, client, { scan, take });
  else {
    const matches = space.separator === '' ? () => true : makeKeyMatcher(space.patterns, space.separator);
    for (const pattern of space.patterns)
      yield* scanPages(
        context,
        client,
        { address, first: scan.first, take: (keys) => take(keys.filter(matches)) },
        (cursor, count) => ['SCAN', cursor, 'MATCH', pattern, 'COUNT', count],
      );
  }
  await findNode(context, client, scan);
}

interface Scanning {
  readonly address: string | undefined;
  readonly first: number | undefined;
  take(keys: readonly Buffer[]): Buffer[];
}

/** Gathers pages of SCAN or ZSCAN to about `PAGE_KEYS` keys: a pattern that few keys match gives small ones. */
async function* scanPages(
  context: CallContext,
  client: Client,
  { address, first, take }: Scanning,
  command: (cursor: string, count: string) => Command,
): AsyncGenerator<readonly Buffer[]> {
  let cursor = '0';
  let gathered: Buffer[] = [];
  let wanted = Math.min(first ?? PAGE_KEYS, PAGE_KEYS);
  do {
    const asked = command(cursor, String(Math.max(10, Math.min(wanted * 2, PAGE_KEYS))));
    const [reply] =
      address === undefined ? await client.byKey(context, [asked]) : await client.at(context, address, [asked]);
    const [next, found] = listOf(reply);
    gathered.push(...take(buffersOf(found)));
    cursor = textOf(next);
    if (gathered.length >= wanted) {
      yield gathered;
      gathered = [];
      wanted = PAGE_KEYS;
    }
  } while (cursor !== '0');
  if (gathered.length > 0) yield gathered;
}

/** The members of the sorted sets that match, whose names are at any master. */
export async function* memberPages(
  context: CallContext,
  client: Client,
  { scan, take }: { readonly scan: Pick<KeyScan, 'space' | 'first'>; take(keys: readonly Buffer[]): Buffer[] },
): AsyncGenerator<readonly Buffer[]> {
  const { space, first } = scan;
  const matches = makeKeyMatcher(space.patterns, space.separator);
  const seenSets = new SeenKeys();
  for (const { address } of await client.nodes(context))
    for (const pattern of space.patterns) {
      const isNew = (keys: readonly Buffer[]) => keys.filter((key) => matches(key) && seenSets.add(key));
      const pages = scanPages(context, client, { address, first: undefined, take: isNew }, (cursor, count) => [
        'SCAN',
        cursor,
        'MATCH',
        pattern,
        'COUNT',
        count,
      ]);
      for await (const sets of pages)
        for (const set of sets) {
          // ZSCAN gives member, score, member, score, ...
          const members = (words: readonly Buffer[]) => take(words.filter((_word, index) => index % 2 === 0));
          yield* scanPages(context, client, { address: undefined, first, take: members }, (cursor, count) => [
            'ZSCAN',
            set,
            cursor,
            'COUNT',
            count,
          ]);
        }
    }
}

function makeSlotTest(slots: readonly SlotRange[]): (key: Buffer) => boolean {
  const count = slots.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (count === 16_384) return () => true;
  return (key) => {
    const slot = slotOf(key);
    return slots.some(([from, to]) => slot >= from && slot <= to);
  };
}

/** The master that has the split's slots. @throws ErganeError SOURCE_CHANGED when it has not all of them any more */
async function findNode(context: CallContext, client: Client, { address, slots }: KeyScan): Promise<Node> {
  const nodes = await client.nodes(context);
  // a single server has all slots, whatever its name was when the split was planned
  const node = nodes.length === 1 ? nodes[0] : nodes.find((each) => each.address === address);
  const has = (slot: number) => node?.slots.some(([from, to]) => slot >= from && slot <= to) === true;
  const isWhole = slots.every(([from, to]) => {
    for (let slot = from; slot <= to; slot++) if (!has(slot)) return false;
    return true;
  });
  if (node !== undefined && isWhole) return node;
  throw new ErganeError(
    'SOURCE_CHANGED',
    `slots of the Redis cluster moved away from ${address} while the query ran: run the query again`,
  );
}
