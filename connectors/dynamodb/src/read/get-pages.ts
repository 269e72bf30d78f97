import { ErganeError } from '@ergane/protocol';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GetPlan } from '../plan/read-plan.ts';
import type { WireItem } from '../wire.ts';
import type { Page, PageSource } from './page.ts';
import type { RequestShape } from './request.ts';

/** AWS: keys of one BatchGetItem. */
const BATCH = 100;
const LONGEST_WAIT_MS = 1000;

/** The items of whole primary keys, a hundred a request; keys that DynamoDB leaves unprocessed are asked for again. */
export async function* getPages(plan: GetPlan, shape: RequestShape, source: PageSource): AsyncGenerator<Page> {
  const first = source.from?.item ?? 0;
  const last = Math.ceil(plan.keys.length / BATCH) - 1;
  for (let part = first; part <= last; part++) {
    const keys = plan.keys.slice(part * BATCH, (part + 1) * BATCH);
    const got = await getBatch(plan.table, keys, { shape, source });
    yield {
      ...got,
      bytes: undefined,
      count: got.items.length,
      scanned: got.items.length,
      next: part < last ? { item: part + 1 } : undefined,
      part,
    };
  }
}

async function getBatch(
  table: string,
  keys: readonly WireItem[],
  { shape, source: { client, context } }: { readonly shape: RequestShape; readonly source: PageSource },
): Promise<Pick<Page, 'items' | 'capacity' | 'retries'>> {
  const items: WireItem[] = [];
  let capacity = 0;
  let retries = 0;
  let left: readonly WireItem[] = keys;
  for (let wait = 10; left.length > 0; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
    const { answer, retries: tries } = await client.call(context, 'BatchGetItem', {
      RequestItems: { [table]: { Keys: left, ...shape.input, ...shape.placeholders.toInput() } },
      ReturnConsumedCapacity: 'TOTAL',
    });
    items.push(...(answer.Responses?.[table] ?? []));
    capacity += (answer.ConsumedCapacity ?? []).reduce((sum, each) => sum + (each.CapacityUnits ?? 0), 0);
    retries += tries;
    left = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    if (left.length === 0) break;
    if (context.remainingTimeMs() < wait) throw stillUnprocessed(table, left.length);
    await sleep(wait * (0.5 + Math.random() / 2), undefined, { signal: context.signal });
    retries++;
  }
  return { items, capacity, retries };
}

function stillUnprocessed(table: string, count: number): ErganeError {
  return new ErganeError(
    'SOURCE_THROTTLED',
    `DynamoDB left ${count} keys of table "${table}" unprocessed until the function's time was over: give the table more capacity, or run the query again later`,
    { where: { table } },
  );
}
