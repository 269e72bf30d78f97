import type { StatementPlan } from '../plan/read-plan.ts';
import type { Page, PageSource } from './page.ts';

/** Every page of a PartiQL statement, by its NextToken. */
export async function* statementPages(
  { statement }: StatementPlan,
  consistentRead: boolean,
  { client, context, from }: PageSource,
): AsyncGenerator<Page> {
  let token = from?.token;
  do {
    const { answer, retries } = await client.call(context, 'ExecuteStatement', {
      Statement: statement,
      ReturnConsumedCapacity: 'TOTAL',
      ...(consistentRead && { ConsistentRead: true }),
      ...(token !== undefined && { NextToken: token }),
    });
    const items = answer.Items ?? [];
    token = answer.NextToken;
    yield {
      items,
      bytes: undefined,
      count: items.length,
      scanned: items.length,
      capacity: answer.ConsumedCapacity?.CapacityUnits ?? 0,
      retries,
      next: token === undefined ? undefined : { item: 0, token },
      part: 0,
    };
  } while (token !== undefined);
}
