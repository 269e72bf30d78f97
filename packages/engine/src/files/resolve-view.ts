import { ErganeError } from '@ergane/protocol';
import type { ViewDefinition } from '../metastore/metastore.ts';
import type { ResolvedView } from '../sql/compiled-statement.ts';
import { parseStatement } from '../sql/index.ts';
import { parseTypes } from '../sql/parse/parse-type.ts';

/** What the metastore keeps of a view, read again. */
export function resolveView(
  { name, text, columns, catalog, schema }: ViewDefinition,
  place: { readonly catalogName: string; readonly schemaName: string },
): ResolvedView {
  const statement = parseStatement(text);
  if (statement.kind !== 'query')
    throw new ErganeError('METASTORE_FAILED', `the text of view ${place.schemaName}.${name} is no query`);
  const types = parseTypes(columns.map(({ type }) => type));
  return {
    ...place,
    viewName: name,
    columns: columns.map((column, index) => ({ name: column.name, type: types[index] ?? { kind: 'unknown' } })),
    query: statement.query,
    session: { ...(catalog !== undefined && { catalog }), ...(schema !== undefined && { schema }) },
  };
}
