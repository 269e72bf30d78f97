import type { NamedQuery } from '../parse/syntax-tree.ts';
import { canCoerce } from '../types/coercion.ts';
import { UNKNOWN } from '../types/type-text.ts';
import { failAt } from '../emit/typed.ts';
import type { QueryResultShape } from './context.ts';
import type { RelationContext } from './relation.ts';
import { castColumns, renameColumns, translateBody, withNamedQuery } from './query.ts';

/** Trino stops a recursion after ten steps (max_recursion_depth); more is an error, so nothing runs without end. */
const MAX_DEPTH = 10;

/** `WITH RECURSIVE t AS (base UNION ALL step)`, when the query has that shape and names itself. */
export function recursiveQuery(
  named: NamedQuery,
  alias: string,
  context: RelationContext,
): QueryResultShape | undefined {
  const { body } = named.query;
  if (body.kind !== 'set operation' || body.operator !== 'union') return undefined;
  const name = named.name.text.toLowerCase();
  if (!mentions(body.right, name)) return undefined;
  if (!body.all) throw failAt('NOT_SUPPORTED', named.name.at, 'a recursive query needs UNION ALL');
  const base = translateBody(body.left, context);
  const columns = renameColumns(named, base.columns);
  const types = columns.map((column) => column.type);
  const inner = withNamedQuery(context, name, { alias, columns });
  const step = translateBody(body.right, inner);
  if (step.columns.some((column, index) => !canCoerce(column.type, types[index] ?? UNKNOWN))) {
    throw failAt('TYPE_MISMATCH', named.name.at, 'recursion step relation output type does not match the base');
  }
  return { sql: `(${base.sql}) UNION ALL (${castColumns(step, types, inner)})`, columns: base.columns };
}

export const recursionLimit = MAX_DEPTH;

function mentions(node: unknown, name: string): boolean {
  if (Array.isArray(node)) {
    const items: readonly unknown[] = node;
    return items.some((item) => mentions(item, name));
  }
  if (typeof node !== 'object' || node === null) return false;
  if ('parts' in node && Array.isArray(node.parts) && node.parts.length === 1) {
    const [part]: readonly unknown[] = node.parts;
    if (typeof part === 'object' && part !== null && 'text' in part && String(part.text).toLowerCase() === name)
      return true;
  }
  return Object.values(node).some((each) => mentions(each, name));
}
