import type { Sample, Shape } from '@ergane/schemas';
import type { CallContext } from '@ergane/sdk';
import type { Client } from '../client.ts';
import type { TableFacts, WireItem } from '../wire.ts';
import { addItem } from './item-shape.ts';

interface Segment {
  readonly index: number;
  /** undefined: at its start; null: at its end */
  next: WireItem | undefined | null;
}

const SEGMENTS = 4;
/** Rounds of one page a segment: an upper bound of what inference costs, 4 MB a round. */
const MAX_ROUNDS = 8;

/**
 * Reads up to `wanted` items, spread over the table by the segments of a parallel Scan, so that not the first items alone decide. Small
 * tables are read whole.
 */
export async function sampleTable(
  context: CallContext,
  client: Client,
  { table, wanted }: { readonly table: TableFacts; readonly wanted: number },
): Promise<Sample> {
  const members = new Map<string, Shape>();
  const segments = Array.from({ length: SEGMENTS }, (_, index): Segment => ({ index, next: undefined }));
  let documentCount = 0;
  for (let round = 0; round < MAX_ROUNDS && documentCount < wanted; round++) {
    const open = segments.filter((segment) => segment.next !== null);
    if (open.length === 0) break;
    const limit = Math.ceil((wanted - documentCount) / open.length);
    const pages = await Promise.all(
      open.map(async (segment) => {
        const { answer } = await client.call(context, 'Scan', {
          TableName: table.TableName,
          Segment: segment.index,
          TotalSegments: SEGMENTS,
          Limit: limit,
          ...(segment.next && { ExclusiveStartKey: segment.next }),
        });
        segment.next = answer.LastEvaluatedKey ?? null;
        return answer.Items ?? [];
      }),
    );
    for (const item of pages.flat()) addItem(members, item);
    documentCount += pages.reduce((sum, page) => sum + page.length, 0);
  }
  return { members, documentCount, complete: segments.every((segment) => segment.next === null) };
}
