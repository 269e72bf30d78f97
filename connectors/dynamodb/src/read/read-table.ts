import { ErganeError } from '@ergane/protocol';
import type { Constraints } from '@ergane/protocol';
import type { CallContext, ReadBatch, ReadRequest } from '@ergane/sdk';
import type { Client } from '../client.ts';
import { END, readSplit, resumeSplit } from '../plan/read-plan.ts';
import type { ReadPlan } from '../plan/read-plan.ts';
import { findDirection } from '../plan/sort-order.ts';
import { readTableNotes } from '../schema/table-notes.ts';
import type { TableNotes } from '../schema/table-notes.ts';
import type { WireItem } from '../wire.ts';
import { getPages } from './get-pages.ts';
import { makeItemMatcher } from './item-matcher.ts';
import { makeItemWriter } from './item-writer.ts';
import type { ItemWriter, PageItems } from './item-writer.ts';
import { takeLosses } from './losses.ts';
import type { Page, PageSource } from './page.ts';
import { makeRequest } from './request.ts';
import type { RequestQuestion } from './request.ts';
import { queryPages, scanPages } from './scan-pages.ts';
import { statementPages } from './statement-pages.ts';

/** Batches go out at least so often, so that a read near its deadline can stop and be continued. */
const BATCH_MS = 1000;

interface PageReader {
  readonly pages: AsyncIterable<Page>;
  readonly wholeItems: boolean;
  readonly counts: boolean;
}

/** The rows of one split. */
export async function* readTable(
  context: CallContext,
  { client, request, consistentRead }: { client: Client; request: ReadRequest; consistentRead: boolean },
): AsyncGenerator<ReadBatch> {
  const { plan, from } = readSplit(request);
  const notes = readTableNotes(request.schema);
  checkTable(request, notes);
  const columns = request.schema.fields.map((field) => field.name);
  const limit = findLimit(plan, request.constraints, notes);
  if (limit === 0 || from === END) return;
  const matches = makeItemMatcher(summaryToCheck(request.constraints, columns, limit), notes);
  const question = { notes, columns, constraints: request.constraints, consistentRead };
  const source = {
    context,
    client,
    from,
    ahead: limit === undefined,
    pageLimit: makePageLimit(limit, matches !== undefined),
  };
  const { pages, wholeItems, counts } = openPages(plan, question, source);
  const writer = makeItemWriter(request.schema, notes, wholeItems);
  const tally = makeTally();
  let left = limit ?? Infinity;
  let since = performance.now();
  for await (const page of pages) {
    tally.add(page);
    if (counts) {
      for (let done = 0; done < Math.min(page.count, left);) {
        if (writer.isFull) yield finishBatch(writer);
        done += writer.count(Math.min(page.count, left) - done);
      }
      left -= page.count;
    } else {
      const taken = takeItems(page, matches, left);
      left -= taken.items.length;
      while (!writer.write(taken)) yield finishBatch(writer);
    }
    const isLast = page.next === undefined || left <= 0;
    if (!isLast && !writer.isFull && performance.now() - since < BATCH_MS) continue;
    const lost = takeLosses(writer.losses, notes.sourceTable);
    const { rowsRead, statistics } = tally.take();
    yield {
      ...finishBatch(writer),
      rowsRead,
      statistics: { ...statistics, ...(lost.count > 0 && { valuesLeftOut: lost.count }) },
      resume: resumeSplit(request.split, page.next ?? END),
      ...(lost.notes.length > 0 && { notes: lost.notes }),
    };
    if (left <= 0) return;
    since = performance.now();
  }
}

function finishBatch(writer: ItemWriter): ReadBatch {
  const batch = writer.finish();
  return { batch, release: () => writer.recycle(batch) };
}

/** The items that are wanted: as bytes where all are. */
function takeItems(page: Page, matches: ((item: WireItem) => boolean) | undefined, left: number): PageItems {
  if (page.bytes !== undefined && matches === undefined && left === Infinity)
    return { bytes: page.bytes, items: [], position: 0 };
  const matching = matches === undefined ? page.items : page.items.filter(matches);
  return { bytes: undefined, items: matching.length <= left ? matching : matching.slice(0, left), position: 0 };
}

/** A split belongs to the table that was planned. */
function checkTable({ tableName: { tableName } }: ReadRequest, notes: TableNotes): void {
  if (tableName.toLowerCase() === notes.tableName.toLowerCase()) return;
  throw new ErganeError(
    'TABLE_NOT_FOUND',
    `the split is of table "${notes.tableName}", not of "${tableName}": the table's name and its schema must be of one answer of GetTable`,
    { where: { table: tableName } },
  );
}

/**
 * How many rows are enough; undefined: all. The first rows do when no order is asked, or the order that the one Query gives anyway;
 * expressions are the engine's, so it must see every row.
 */
export function findLimit(plan: ReadPlan, constraints: Constraints, notes: TableNotes): number | undefined {
  const { limit, expression, orderByClause } = constraints;
  if (limit < 0 || expression.length > 0) return undefined;
  return orderByClause.length === 0 || findDirection(plan, constraints, notes) !== undefined ? limit : undefined;
}

/** The SDK checks the answer's columns; what is to be counted, or is not in the answer, is checked here. */
function summaryToCheck(
  { summary }: Constraints,
  columns: readonly string[],
  limit: number | undefined,
): Constraints['summary'] {
  if (limit !== undefined) return summary;
  return Object.fromEntries(Object.entries(summary).filter(([column]) => !columns.includes(column)));
}

const LARGEST_LIMIT = 5000;

/** Small pages first where few rows are wanted, then larger ones: a selective filter must not cost a request for every few items. */
function makePageLimit(limit: number | undefined, filters: boolean): (request: number) => number | undefined {
  if (limit === undefined) return () => undefined;
  const first = filters ? Math.max(100, limit * 2) : limit;
  return (request) => {
    const items = first * 4 ** request;
    return items > LARGEST_LIMIT ? undefined : items;
  };
}

function openPages(plan: ReadPlan, question: RequestQuestion, source: PageSource): PageReader {
  if (plan.kind === 'statement')
    return {
      pages: statementPages(plan, question.consistentRead, source),
      wholeItems: question.columns.length === question.notes.columnCount,
      counts: false,
    };
  const shape = makeRequest(plan, question);
  const { wholeItems, counts } = shape;
  switch (plan.kind) {
    case 'scan':
      return { pages: scanPages(plan, shape, source), wholeItems, counts };
    case 'get':
      return { pages: getPages(plan, shape, source), wholeItems, counts };
    case 'query':
      return { pages: queryPages(plan, shape, source), wholeItems, counts };
  }
}

/** Sums of pages since the last batch. */
interface Tally {
  add(page: Page): void;
  take(): { readonly rowsRead: number; readonly statistics: Readonly<Record<string, number>> };
}

function makeTally(): Tally {
  let sums = { rowsRead: 0, consumedCapacity: 0, requests: 0, retries: 0 };
  return {
    add({ scanned, capacity, retries }) {
      sums = {
        rowsRead: sums.rowsRead + scanned,
        consumedCapacity: sums.consumedCapacity + capacity,
        requests: sums.requests + 1 + retries,
        retries: sums.retries + retries,
      };
    },
    take() {
      const { rowsRead, ...statistics } = sums;
      sums = { rowsRead: 0, consumedCapacity: 0, requests: 0, retries: 0 };
      return { rowsRead, statistics };
    },
  };
}
