import { ErganeError, ERROR_CODES } from '@ergane/protocol';
import { castSql } from './casts/cast.ts';
import type { QueryResultShape } from './analyze/context.ts';
import type { ResolvedTable, ResolvedView } from './compiled-statement.ts';
import { failAt, quoteName } from './emit/typed.ts';
import type { Position } from './parse/syntax-tree.ts';
import type { TrinoType } from './trino-type.ts';
import { canCoerce } from './types/coercion.ts';
import { printType } from './types/type-text.ts';

export function viewName({ catalogName, schemaName, viewName: name }: ResolvedView): string {
  return `${catalogName}.${schemaName}.${name}`;
}

/**
 * The view as a table: its query's columns in the types that it was made with. `translate` gives the query's text.
 * @throws ErganeError INVALID_VIEW where its query cannot be translated any more, VIEW_IS_STALE where its columns changed, in Trino's words
 */
export async function expandView(
  view: ResolvedView,
  at: Position,
  translate: () => Promise<QueryResultShape>,
): Promise<ResolvedTable> {
  const name = viewName(view);
  const { columns, sql } = await translate().catch((cause: unknown) => {
    throw invalid(name, at, cause);
  });
  if (columns.length !== view.columns.length)
    throw stale(
      name,
      at,
      `stored view column count (${view.columns.length}) does not match column count derived from the view query analysis (${columns.length})`,
    );
  const list = view.columns.map((stored, index) => {
    const type: TrinoType = columns[index]?.type ?? { kind: 'unknown' };
    if (!canCoerce(type, stored.type))
      throw stale(
        name,
        at,
        `column [${columns[index]?.name ?? ''}] of type ${printType(type)} projected from query view at position ${index} cannot be coerced to column [${stored.name}] of type ${printType(stored.type)} stored in view definition`,
      );
    return `${castSql(type, stored.type, `v.c${index}`) ?? `v.c${index}`} AS ${quoteName(stored.name)}`;
  });
  return {
    catalogName: view.catalogName,
    schemaName: view.schemaName,
    tableName: view.viewName,
    columns: view.columns,
    relation: `(SELECT ${list.join(', ')} FROM (${sql}) AS v)`,
  };
}

/** What the statement's user wrote is right: the view's text is not. Failures of sources and the like stay what they are. */
function invalid(name: string, at: Position, cause: unknown): unknown {
  if (!(cause instanceof ErganeError) || ERROR_CODES[cause.code].kind !== 'user') return cause;
  if (cause.code === 'QUERY_CANCELLED' || cause.code === 'CONFIG_INVALID') return cause;
  const message = `line ${at.line}:${at.col}: Failed analyzing stored view '${name}': ${cause.message}`;
  return new ErganeError('INVALID_VIEW', message, { where: { line: at.line, col: at.col, view: name }, cause });
}

function stale(name: string, at: Position, why: string): ErganeError {
  return failAt('VIEW_IS_STALE', at, `View '${name}' is stale or in invalid state: ${why}`);
}
