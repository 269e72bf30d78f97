import type { Client } from './client.ts';
import type { KeyRange } from './key-range.ts';
import { divideByKey } from './key-splits.ts';
import type { KeyDivision } from './key-splits.ts';

const CACHE_MS = 30_000;
const MOST_KEPT = 100;

/**
 * How tables were divided in the last half minute, so that queries one after the other do not ask the index again. Rows that come or go
 * meanwhile make ranges larger or smaller, and never miss one: the first range has no beginning, the last no end.
 */
export class DivisionCache {
  private readonly entries = new Map<string, { readonly until: number; readonly ranges: readonly KeyRange[] }>();

  /** The ranges of a division, as they are found. */
  async *divide(client: Client, division: KeyDivision): AsyncGenerator<KeyRange> {
    const key = keyOf(client, division);
    const found = this.entries.get(key);
    if (found !== undefined && found.until > Date.now()) {
      yield* found.ranges;
      return;
    }
    const ranges: KeyRange[] = [];
    for await (const range of divideByKey(client, division)) {
      ranges.push(range);
      yield range;
    }
    this.entries.delete(key);
    this.entries.set(key, { until: Date.now() + CACHE_MS, ranges });
    const [oldest] = this.entries.keys();
    if (this.entries.size > MOST_KEPT && oldest !== undefined) this.entries.delete(oldest);
  }
}

function keyOf({ config }: Client, { facts, partitions, targetRows, conditions }: KeyDivision): string {
  const { tableName, key } = facts;
  const place = [config.host, config.port, config.user, tableName.schemaName, tableName.tableName, key];
  return JSON.stringify([place, partitions, Math.round(targetRows), conditions], (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
}
