import type { Expression, NamedQuery, QueryBody, Select, SelectItem } from '../parse/syntax-tree.ts';
import type { TrinoType } from '../trino-type.ts';
import { ErganeError } from '@ergane/protocol';
import { canCoerce } from '../types/coercion.ts';
import { BIGINT, UNKNOWN } from '../types/type-text.ts';
import { failAt } from '../emit/typed.ts';
import type { QueryResultShape } from './context.ts';
import type { RelationContext } from './relation.ts';
import { castColumns, renameColumns, translateBody, withNamedQuery } from './query.ts';

/** The hidden column that counts the steps: Trino stops after ten (max_recursion_depth) with an error, so nothing runs without end. */
export const DEPTH_COLUMN = '$depth';

const MAX_DEPTH = 10;

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
  const counted = withDepthColumn(named, alias, context, base, columns);
  return counted ?? unrolled(named, alias, context, base, columns);
}

/** The recursion as DuckDB's own, with a column that counts; undefined when the step hides the rows' depth in a sub-query. */
function withDepthColumn(
  named: NamedQuery,
  alias: string,
  context: RelationContext,
  base: QueryResultShape,
  columns: QueryResultShape['columns'],
): RecursiveQuery | undefined {
  const { body } = named.query;
  if (body.kind !== 'set operation') return undefined;
  const name = named.name.text.toLowerCase();
  const types: readonly TrinoType[] = [...columns.map((column) => column.type), BIGINT];
  const inner = withNamedQuery(context, name, { alias, columns: [...columns, { name: DEPTH_COLUMN, type: BIGINT }] });
  const step = translateDepth(body.right, inner);
  if (!step) return undefined;
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

function translateDepth(body: QueryBody, context: RelationContext): QueryResultShape | undefined {
  const select = stepOf(body);
  if (!select || select.groupBy || select.distinct) return undefined;
  try {
    return translateBody(withDepth(select), context);
  } catch (error) {
    if (error instanceof ErganeError && error.message.includes(DEPTH_COLUMN)) return undefined;
    throw error;
  }
}

function stepOf(body: QueryBody): Select | undefined {
  if (body.kind === 'select') return body;
  if (body.kind !== 'nested') return undefined;
  const { query } = body;
  const isPlain = query.with.length === 0 && query.orderBy.length === 0 && !query.limit && !query.offset;
  return isPlain ? stepOf(query.body) : undefined;
}

/** The recursion written out, as Trino plans it: each step is a query of its own over the one before. */
function unrolled(
  named: NamedQuery,
  alias: string,
  context: RelationContext,
  base: QueryResultShape,
  columns: QueryResultShape['columns'],
): RecursiveQuery | undefined {
  const { body } = named.query;
  if (body.kind !== 'set operation') return undefined;
  const types = columns.map((column) => column.type);
  const list = columns.map((_column, index) => `c${index}`).join(', ');
  const texts = [`${alias}(${list}) AS MATERIALIZED (${base.sql})`];
  const aliases = [alias];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const inner = withNamedQuery(context, named.name.text.toLowerCase(), { alias: aliases.at(-1) ?? alias, columns });
    const step = translateBody(body.right, inner);
    if (
      step.columns.length !== types.length ||
      step.columns.some((column, index) => !canCoerce(column.type, types[index] ?? UNKNOWN))
    ) {
      throw failAt(
        'TYPE_MISMATCH',
        named.name.at,
        'the columns of the recursion step do not have the types of the base relation',
      );
    }
    const next = context.statement.freshName('q');
    texts.push(`${next}(${list}) AS MATERIALIZED (${castColumns(step, types, inner)})`);
    aliases.push(next);
  }
  const last = aliases.pop() ?? alias;
  const fail = `ergane_recursion_depth(CASE WHEN c0 IS NULL THEN ${MAX_DEPTH + 1} ELSE ${MAX_DEPTH + 2} END) > 0`;
  const all = [
    ...aliases.map((each) => `SELECT ${list} FROM ${each}`),
    `SELECT ${list} FROM ${last} WHERE ${fail}`,
  ].join(' UNION ALL ');
  const result = context.statement.freshName('q');
  const distinct = body.all ? all : `SELECT DISTINCT ${list} FROM (${all})`;
  return { texts: [...texts, `${result}(${list}) AS (${distinct})`], alias: result, columns };
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
  if ('with' in node && Array.isArray(node.with)) {
    const named: readonly unknown[] = node.with;
    // a WITH query of the same name hides the recursive one
    if (named.some((each) => nameOf(each) === name)) return false;
  }
  if ('parts' in node && Array.isArray(node.parts) && node.parts.length === 1) {
    const [part]: readonly unknown[] = node.parts;
    if (typeof part === 'object' && part !== null && 'text' in part && String(part.text).toLowerCase() === name)
      return true;
  }
  return Object.values(node).some((each) => mentions(each, name));
}

function nameOf(named: unknown): string | undefined {
  if (typeof named !== 'object' || named === null || !('name' in named)) return undefined;
  const { name } = named;
  return typeof name === 'object' && name !== null && 'text' in name ? String(name.text).toLowerCase() : undefined;
}
