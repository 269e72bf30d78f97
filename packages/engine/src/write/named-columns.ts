import { failAt } from '../sql/emit/typed.ts';
import type { CompiledQuery } from '../sql/index.ts';
import type { Name, Position } from '../sql/parse/syntax-tree.ts';
import type { WrittenColumn } from './copy-text.ts';

export type NamedColumn = WrittenColumn;

/**
 * The columns of a query as those of a table or view, with lower-case names.
 * @throws ErganeError COLUMN_NAME_NOT_SPECIFIED, COLUMN_TYPE_UNKNOWN, DUPLICATE_COLUMN_NAME, MISMATCHED_COLUMN_ALIASES in Trino's words
 */
export function namedColumns(
  { columns, anonymous = [] }: CompiledQuery,
  { at, columns: aliases }: { readonly at: Position; readonly columns?: readonly Name[] },
): readonly NamedColumn[] {
  if (aliases !== undefined && aliases.length !== columns.length)
    throw failAt(
      'MISMATCHED_COLUMN_ALIASES',
      aliases[0]?.at ?? at,
      `Column alias list has ${aliases.length} entries but relation has ${columns.length} columns`,
    );
  const seen = new Set<string>();
  return columns.map(({ name: own, type }, index) => {
    const alias = aliases?.[index]?.text;
    if (alias === undefined && anonymous.includes(index))
      throw failAt('COLUMN_NAME_NOT_SPECIFIED', at, `Column name not specified at position ${index + 1}`);
    const name = (alias ?? own).toLowerCase();
    if (type.kind === 'unknown') throw failAt('COLUMN_TYPE_UNKNOWN', at, `Column type is unknown: ${name}`);
    if (seen.has(name)) throw failAt('DUPLICATE_COLUMN_NAME', at, `Column name '${name}' specified more than once`);
    seen.add(name);
    return { name, type, sql: `q.c${index}` };
  });
}
