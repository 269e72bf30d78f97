import type { Constraints } from '@ergane/protocol';
import { attributeOf } from '../schema/table-notes.ts';
import type { TableNotes } from '../schema/table-notes.ts';
import type { ReadPlan } from './read-plan.ts';

/** The direction of a Query that gives the order asked for; undefined: none does. Keys are never NULL. */
export function findDirection(
  plan: ReadPlan,
  { orderByClause }: Pick<Constraints, 'orderByClause'>,
  notes: TableNotes,
): 'forward' | 'backward' | undefined {
  const [only, ...others] = orderByClause;
  if (plan.kind !== 'query' || plan.conditions.length !== 1 || only === undefined || others.length > 0)
    return undefined;
  if (attributeOf(notes, only.columnName) !== plan.keyAttributes[1]) return undefined;
  return only.direction.startsWith('ASC') ? 'forward' : 'backward';
}
