import { ErganeError } from '@ergane/protocol';
import type { TableName } from '@ergane/protocol';
import { didYouMean } from '../sql/did-you-mean.ts';
import type { Asker, Catalog } from './catalog.ts';

/**
 * The error for a table that a catalog does not have, in Trino's words: it is the schema that is missing, or the table, and there may be
 * one of a similar name. Any other error is answered as it is.
 */
export async function explainNotFound(error: unknown, catalog: Catalog, name: TableName & Asker): Promise<unknown> {
  if (!(error instanceof ErganeError) || !['TABLE_NOT_FOUND', 'SCHEMA_NOT_FOUND'].includes(error.code)) return error;
  const { schemaName, tableName, queryId, signal } = name;
  const asker = { queryId, signal };
  const where = { catalog: catalog.name, schema: schemaName, table: tableName };
  const schemas = await listed(catalog.listSchemas(asker));
  // every catalog has information_schema, whether or not its source lists one
  const isThere = [...(schemas ?? []), 'information_schema'].includes(schemaName.toLowerCase());
  if (schemas && !isThere) {
    const near = didYouMean(schemaName, schemas);
    return new ErganeError('SCHEMA_NOT_FOUND', `Schema '${schemaName}' does not exist${near}`, { where, cause: error });
  }
  const tables = await listed(catalog.listTables(schemaName, asker).then((all) => all.map((each) => each.tableName)));
  const near = didYouMean(tableName, tables ?? []);
  const message = `Table '${catalog.name}.${schemaName}.${tableName}' does not exist${near}`;
  return new ErganeError('TABLE_NOT_FOUND', message, { where, cause: error });
}

/** Undefined where the source cannot say: the names only help. */
async function listed(names: Promise<readonly string[]>): Promise<readonly string[] | undefined> {
  return names.then(
    (all) => all.map((each) => each.toLowerCase()),
    () => undefined,
  );
}
