import type { Expression, NamedQuery, QueryBody, Select, SelectItem } from '../parse/syntax-tree.ts';
import type { TrinoType } from '../trino-type.ts';
import { canCoerce } from '../types/coercion.ts';
import { BIGINT, UNKNOWN } from '../types/type-text.ts';
import { failAt } from '../emit/typed.ts';
import type { QueryResultShape } from './context.ts';
import type { RelationContext } from './relation.ts';
import { castColumns, renameColumns, translateBody, withNamedQuery } from './query.ts';

/** The hidden column that counts the steps: Trino stops after ten (max_recursion_depth) with an error, so nothing runs without end. */
export const DEPTH_COLUMN = '$depth';

export interface RecursiveQuery {
  /** the entries of the WITH clause */
  readonly texts: readonly string[];
  readonly alias: string;
  readonly columns: QueryResultShape['columns'];
}

/** `WITH RECURSIVE t AS (base UNION [ALL] step)`, when the query has that shape and names itself. */
export function recursiveQuery(named: NamedQuery, alias: string, context: RelationContext): RecursiveQuery | undefined {
  const { body } = named.query;
  const name = named.name.text.toLowerCase();
  if (body.kind !== 'set operation' || body.operator !== 'union' || !mentions(body.right, name)) return undefined;
  const base = translateBody(body.left, context);
  const columns = renameColumns(named, base.columns);
  const types: readonly TrinoType[] = [...columns.map((column) => column.type), BIGINT];
  const inner = withNamedQuery(context, name, { alias, columns: [...columns, { name: DEPTH_COLUMN, type: BIGINT }] });
  const step = translateBody(withDepth(stepOf(body.right, named)), inner);
  const isWrong =
    step.columns.length !== types.length ||
    step.columns.some((column, index) => !canCoerce(column.type, types[index] ?? UNKNOWN));
  if (isWrong) {
    throw failAt(
      'TYPE_MISMATCH',
      named.name.at,
      'the columns of the recursion step do not have the types of the base relation',
    );
  }
  const list = columns.map((_column, index) => `c${index}`);
  const start = context.statement.freshName('r');
  const first = `SELECT ${list.map((each) => `${start}.${each}`).join(', ')}, CAST(0 AS BIGINT) FROM (${base.sql}) AS ${start}`;
  const text = `${alias}(${[...list, 'depth'].join(', ')}) AS (${first} UNION ALL (${castColumns(step, types, inner)}))`;
  if (body.all) return { texts: [text], alias, columns };
  const distinct = context.statement.freshName('q');
  return {
    texts: [text, `${distinct} AS (SELECT DISTINCT ${list.join(', ')} FROM ${alias})`],
    alias: distinct,
    columns,
  };
}

function stepOf(body: QueryBody, named: NamedQuery): Select {
  if (body.kind === 'select') return body;
  const isPlain =
    body.kind === 'nested' && body.query.with.length === 0 && body.query.orderBy.length === 0 && !body.query.limit;
  if (isPlain) return stepOf(body.query.body, named);
  throw failAt('NOT_SUPPORTED', named.name.at, 'the step of a recursive query must be a SELECT');
}

/** The step with one column more: the depth of the row it comes from, and one. */
function withDepth(step: Select): Select {
  const { at } = step;
  const depth: Expression = { kind: 'name', at, name: { text: DEPTH_COLUMN, quoted: true, at } };
  const next: Expression = {
    kind: 'arithmetic',
    at,
    operator: '+',
    left: depth,
    right: { kind: 'integer', at, text: '1' },
  };
  const item: SelectItem = {
    kind: 'expression',
    at,
    expression: { kind: 'call', at, name: '$recursion_depth', arguments: [next] },
  };
  return { ...step, items: [...step.items, item] };
}

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
