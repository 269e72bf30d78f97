import type { QueryPlan, ResumePoint, ScanPlan } from '../plan/read-plan.ts';
import type { Answered } from '../client.ts';
import type { ItemsAnswer, WireInput, WireItem } from '../wire.ts';
import { startAhead, withOwnSignal } from './page.ts';
import type { Page, PageSource } from './page.ts';
import { makeQueryInput, makeScanInput } from './request.ts';
import type { RequestShape } from './request.ts';

/** The pages of one segment. */
export async function* scanPages(plan: ScanPlan, shape: RequestShape, source: PageSource): AsyncGenerator<Page> {
  using own = withOwnSignal(source.context);
  const input = makeScanInput(plan, shape);
  yield* followPages({ operation: 'Scan', input, part: 0, key: source.from?.key }, { ...source, context: own.context });
}

/** Key conditions whose first pages are asked for at once. */
const WINDOW = 6;

/** The pages of every key condition, one after the other; the first pages of the next ones are under way. */
export async function* queryPages(plan: QueryPlan, shape: RequestShape, source: PageSource): AsyncGenerator<Page> {
  using own = withOwnSignal(source.context);
  const inner = { ...source, context: own.context };
  const first = source.from?.item ?? 0;
  const inputs = plan.conditions.slice(first).map((condition) => makeQueryInput(plan, condition, shape));
  const started: (AskedItems | undefined)[] = [];
  for (const [index, input] of inputs.entries()) {
    for (const later of inputs.slice(started.length, index + (source.ahead ? WINDOW : 1))) {
      const key = started.length === 0 ? source.from?.key : undefined;
      started.push(startAhead(ask({ operation: 'Query', input: later, key }, inner, 0)));
    }
    const part = first + index;
    const after = index === inputs.length - 1 ? undefined : { item: part + 1 };
    const pages = followPages({ operation: 'Query', input, part, after, started: started[index] }, inner);
    // answers that are read may go
    started[index] = undefined;
    yield* pages;
  }
}

type AskedItems = Promise<Answered<ItemsAnswer>>;

interface Asked {
  readonly operation: 'Scan' | 'Query';
  readonly input: WireInput;
  readonly key?: WireItem | undefined;
}

function ask({ operation, input, key }: Asked, { client, context, pageLimit }: PageSource, number: number): AskedItems {
  const limit = pageLimit(number);
  return client.call(context, operation, {
    ...input,
    ...(key !== undefined && { ExclusiveStartKey: key }),
    ...(limit !== undefined && { Limit: limit }),
  });
}

interface Followed extends Asked {
  readonly part: number;
  /** where the read goes on after the last page */
  readonly after?: ResumePoint | undefined;
  /** the first request, where it is under way */
  readonly started?: AskedItems | undefined;
}

/** Page after page by LastEvaluatedKey; an empty page is no end. */
async function* followPages(followed: Followed, source: PageSource): AsyncGenerator<Page> {
  let number = 1;
  let request: AskedItems | undefined = followed.started ?? ask(followed, source, 0);
  while (request !== undefined) {
    const { answer, retries }: Answered<ItemsAnswer> = await request;
    const key: WireItem | undefined = answer.LastEvaluatedKey;
    const follow = (): AskedItems => ask({ ...followed, key }, source, number++);
    request = key !== undefined && source.ahead ? startAhead(follow()) : undefined;
    yield toPage(answer, retries, followed);
    if (key !== undefined && request === undefined) request = follow();
  }
}

function toPage(answer: ItemsAnswer, retries: number, { part, after }: Followed): Page {
  const key = answer.LastEvaluatedKey;
  const count = answer.Count ?? answer.Items?.length ?? 0;
  return {
    get items() {
      return answer.Items ?? [];
    },
    bytes: answer.ItemBytes,
    count,
    scanned: answer.ScannedCount ?? count,
    capacity: answer.ConsumedCapacity?.CapacityUnits ?? 0,
    retries,
    next: key === undefined ? after : { item: part, key },
    part,
  };
}
