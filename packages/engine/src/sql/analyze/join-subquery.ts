import { ErganeError } from '@ergane/protocol';
import type { Expression, Query } from '../parse/syntax-tree.ts';
import { condition } from './expression.ts';
import type { ExpressionContext } from './context.ts';
import type { Field } from './scope.ts';

interface Side {
  readonly sql: string;
  readonly fields: readonly Field[];
}
interface Lifted {
  readonly left: string;
  readonly right: string;
  /** what is left of ON, as DuckDB expressions */
  readonly on: readonly string[];
}

function conjuncts(node: Expression): readonly Expression[] {
  return node.kind === 'and' ? [...conjuncts(node.left), ...conjuncts(node.right)] : [node];
}

function hasSubquery(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  return 'query' in node || Object.values(node).some(hasSubquery);
}

/**
 * DuckDB takes no subquery in ON of an outer join. A condition with one that names columns of one side alone is computed beside that
 * side's rows; undefined where there is none to compute so.
 */
export function liftSubqueries(
  on: Expression,
  sides: { readonly left: Side; readonly right: Side },
  contextOf: (fields: readonly Field[]) => ExpressionContext,
): Lifted | undefined {
  const parts = conjuncts(on);
  if (!parts.some(hasSubquery)) return undefined;
  let [left, right] = [sides.left.sql, sides.right.sql];
  const texts: string[] = [];
  for (const part of parts) {
    const ofRight = hasSubquery(part) ? attempt(part, contextOf(sides.right.fields)) : undefined;
    const ofLeft = hasSubquery(part) && ofRight === undefined ? attempt(part, contextOf(sides.left.fields)) : undefined;
    const whole = contextOf([...sides.left.fields, ...sides.right.fields]);
    if (ofRight === undefined && ofLeft === undefined) {
      texts.push(condition(part, whole, 'JOIN ON clause').sql);
      continue;
    }
    const alias = whole.statement.freshName('j');
    const beside = (side: string, sql: string) => `(${side} JOIN LATERAL (SELECT ${sql} AS v) AS ${alias} ON true)`;
    refuseCorrelated(part, contextOf([]));
    if (ofRight !== undefined) right = beside(right, ofRight);
    else left = beside(left, ofLeft ?? '');
    texts.push(`${alias}.v`);
  }
  return { left, right, on: texts };
}

/** As in Trino, a subquery in ON of an outer join names no column of the joined rows. */
function refuseCorrelated(part: unknown, context: ExpressionContext): void {
  if (typeof part !== 'object' || part === null) return;
  if ('query' in part && isQuery(part.query)) {
    try {
      context.statement.translateQuery(part.query, context.scope);
    } catch (error) {
      if (!(error instanceof ErganeError) || error.code !== 'COLUMN_NOT_FOUND') throw error;
      throw new ErganeError('NOT_SUPPORTED', 'Reference to a column from outer scope is not allowed in JOIN ON', {
        where: error.where,
        cause: error,
      });
    }
    return;
  }
  for (const each of Object.values(part)) refuseCorrelated(each, context);
}

const isQuery = (node: unknown): node is Query =>
  typeof node === 'object' && node !== null && 'with' in node && 'body' in node;

/** The condition over one side's columns, undefined where it names others. */
function attempt(part: Expression, context: ExpressionContext): string | undefined {
  try {
    return condition(part, context, 'JOIN ON clause').sql;
  } catch (error) {
    if (error instanceof ErganeError && error.code === 'COLUMN_NOT_FOUND') return undefined;
    throw error;
  }
}
