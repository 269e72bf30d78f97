import { ErganeError } from '@ergane/protocol';
import type { Catalogs, NameSession } from '../catalog/catalogs.ts';
import { parseDdl } from '../sql/ddl/parse-ddl.ts';
import { runDdl, type DdlResult } from './run-ddl.ts';

/** Runs a DDL statement on the catalog of tables on S3. @throws ErganeError NOT_SUPPORTED without one, or for a statement it lacks */
export async function runDdlText(
  text: string,
  { catalogs, session }: { readonly catalogs: Catalogs; readonly session: NameSession },
): Promise<DdlResult> {
  const statement = parseDdl(text);
  const words = text.trim().split(/\s+/, 3).join(' ').toUpperCase();
  if (statement === undefined) throw new ErganeError('NOT_SUPPORTED', `${words} … is not supported yet`);
  const catalog = [...catalogs.values()].find(({ kind }) => kind === 'files');
  if (catalog?.kind !== 'files')
    throw new ErganeError(
      'NOT_SUPPORTED',
      `${words} … needs the catalog awsdatacatalog, which is not configured: DDL is for tables on S3`,
    );
  const { metastore, warehouse, name } = catalog;
  const isHere = session.catalog === undefined || session.catalog.toLowerCase() === name;
  return runDdl(statement, { metastore, warehouse, database: isHere ? (session.schema ?? 'default') : 'default' });
}
