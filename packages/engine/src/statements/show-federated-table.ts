import { findSchema } from '../catalog/catalogs.ts';
import { showCreateTable } from '../catalog/show-details.ts';
import type { Listing } from '../catalog/show.ts';
import type { EngineParts, RunOptions } from '../engine.ts';
import { makeQueryId } from '../query-context.ts';
import { readName } from '../sql/parse/parse-utility.ts';

const SHOW_CREATE_TABLE = /^\s*show\s+create\s+table\s+(.+?)\s*;?\s*$/isu;

/** SHOW CREATE TABLE of a table that a function reads; undefined: the statement is another, or the table is on S3. */
export async function showFederatedTable(
  { catalogs }: Pick<EngineParts, 'catalogs'>,
  text: string,
  options: RunOptions,
): Promise<Listing | undefined> {
  const written = SHOW_CREATE_TABLE.exec(text)?.[1];
  const name = written === undefined ? undefined : readName(written);
  if (!name) return undefined;
  const catalogName = name.catalog ?? options.catalog;
  if (catalogName === undefined || findSchema(catalogs, options, name).catalog.kind !== 'federated') return undefined;
  const asker = { queryId: makeQueryId(), signal: options.signal };
  const lines = await showCreateTable(catalogs, name, { session: options, asker });
  return { columns: [{ name: 'Create Table', type: { kind: 'varchar' } }], rows: [[lines.join('\n')]] };
}
