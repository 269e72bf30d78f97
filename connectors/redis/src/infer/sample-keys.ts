import type { CallContext } from '@ergane/sdk';
import type { Client } from '../client.ts';
import { makeKeyMatcher } from '../glob.ts';
import { buffersOf, listOf, textOf } from '../reply.ts';
import { SeenKeys } from '../seen-keys.ts';

interface KeySample {
  readonly patterns: readonly string[];
  readonly separator: string;
  readonly wanted: number;
}

/** Pages of a SCAN without a match that a sample may take: an upper bound of what it costs. */
const MAX_PAGES = 1000;

/** Up to `wanted` keys that match, from every master; Redis gives keys in the order of their hashes, so the sample is spread. */
export async function sampleKeys(
  context: CallContext,
  client: Client,
  { patterns, separator, wanted }: KeySample,
): Promise<readonly Buffer[]> {
  const nodes = await client.nodes(context);
  const matches = makeKeyMatcher(patterns, separator);
  const seen = new SeenKeys();
  const keys: Buffer[] = [];
  for (const [index, { address }] of nodes.entries()) {
    const share = Math.ceil((wanted * (index + 1)) / nodes.length);
    let cursor = '0';
    for (let page = 0; page < MAX_PAGES && keys.length < share; page++) {
      const pattern = patterns.length === 1 ? (patterns[0] ?? '*') : '*';
      const [reply] = await client.at(context, address, [['SCAN', cursor, 'MATCH', pattern, 'COUNT', '1000']]);
      const [next, found] = listOf(reply);
      keys.push(...buffersOf(found).filter((key) => matches(key) && seen.add(key)));
      cursor = textOf(next);
      if (cursor === '0') break;
    }
    keys.length = Math.min(keys.length, share);
  }
  return keys;
}
