import type { CallContext } from '@ergane/sdk';
import type { Schema } from 'apache-arrow';
import type { Client } from './client.ts';
import { inferType, nameColumns } from '@ergane/schemas';
import type { Shape } from '@ergane/schemas';
import { addItem } from './schema/item-shape.ts';
import { toSchema } from './schema/table-notes.ts';

/** The columns of a statement's answer, inferred of its first items. */
export async function describeStatement(
  context: CallContext,
  { client, statement, wanted }: { readonly client: Client; readonly statement: string; readonly wanted: number },
): Promise<Schema> {
  const members = new Map<string, Shape>();
  let count = 0;
  let token: string | undefined;
  do {
    const { answer } = await client.call(context, 'ExecuteStatement', {
      Statement: statement,
      ...(token !== undefined && { NextToken: token }),
    });
    for (const item of answer.Items ?? []) addItem(members, item);
    count += answer.Items?.length ?? 0;
    token = answer.NextToken;
  } while (token !== undefined && count < wanted);
  const names = nameColumns([...members.keys()]);
  const columns = inSelectOrder(statement, [...members]).map(([attribute, shape]) => ({
    name: names.get(attribute) ?? attribute,
    source: attribute,
    type: inferType(shape, token === undefined),
  }));
  return toSchema({ tableName: 'query', sourceTable: 'system.query', columns, keys: [] });
}

/** DynamoDB's items have no order of attributes: those that the select list names come in its order, the others by name. */
function inSelectOrder<Value>(statement: string, members: (readonly [string, Value])[]): (readonly [string, Value])[] {
  const list = /^\s*select\s+(.*?)\s+from\s/is.exec(statement)?.[1] ?? '';
  const listed = list.split(',').map((item) => /"?([^".\s]+)"?\s*$/.exec(item)?.[1] ?? '');
  const rank = (name: string): number => (listed.includes(name) ? listed.indexOf(name) : listed.length);
  return members.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
