import type { Engine } from '@ergane/engine';
import { ErganeError } from '@ergane/protocol';
import { randomUUID } from 'node:crypto';
import type { StorePlace } from '../config/stores.ts';
import type { Session } from '../session.ts';

/** One thing that was tried. The steps of a part end with the first that failed. */
export interface CheckStep {
  readonly what: string;
  /** what was found, when it went well */
  readonly found?: string;
  readonly error?: unknown;
}

/** Schemas that are looked into for a table to read. */
const SCHEMAS_TRIED = 10;

/** Writes, reads, and deletes an object. */
export async function* checkStore({ url, bucket, prefix }: StorePlace, signal: AbortSignal): AsyncGenerator<CheckStep> {
  const { openStore } = await import('@ergane/storage');
  const key = `${prefix === '' ? '' : `${prefix}/`}ergane-check-${randomUUID()}`;
  yield await attempt('write, read and delete an object', async () => {
    await using store = openStore(url);
    const bytes = new TextEncoder().encode('ergane check');
    await store.put(bucket, key, bytes, { signal });
    const read = await store.get(bucket, key, { signal });
    await store.delete(bucket, [key]);
    if (Buffer.compare(read, bytes) !== 0)
      throw new ErganeError('STORE_FAILED', 'what was read is not what was written');
    return `${store.location} bucket ${bucket}${prefix === '' ? '' : `, prefix ${prefix}`}`;
  });
}

/** Starts the catalog's function, lists schemas and tables, describes a table and reads a row of it. */
export async function* checkCatalog(
  catalog: string,
  { session, signal }: { readonly session: Session; readonly signal: AbortSignal },
): AsyncGenerator<CheckStep> {
  let schemas: readonly string[] = [];
  const listed = await attempt('function starts, source answers, schemas', async () => {
    const from = performance.now();
    schemas = await (await session.engine()).listSchemas(catalog);
    return `${count(schemas.length, 'schema')} in ${Math.round(performance.now() - from)} ms`;
  });
  yield listed;
  if (listed.error !== undefined) return;
  let table: Table | undefined;
  const found = await attempt('tables', async () => {
    const { tables, first } = await findTables(await session.engine(), catalog, schemas);
    table = first;
    return first === undefined
      ? `none in ${count(Math.min(schemas.length, SCHEMAS_TRIED), 'schema')}: nothing to read`
      : `${tables} in ${first.schema}`;
  });
  yield found;
  if (found.error !== undefined || table === undefined) return;
  const { schema, name } = table;
  const columns = await attempt(`columns of ${schema}.${name}`, async () => {
    const found = await (await session.engine()).describeTable(catalog, schema, name);
    return count(found.length, 'column');
  });
  yield columns;
  if (columns.error !== undefined) return;
  yield await attempt(`a row of ${schema}.${name}`, async () => {
    const sql = `SELECT * FROM ${[catalog, schema, name].map(quote).join('.')} LIMIT 1`;
    await using result = await session.run(sql, { signal });
    let rows = 0;
    for await (const batch of result.batches) rows += batch.length;
    return rows === 0 ? 'the table is empty' : 'read';
  });
}

interface Table {
  readonly schema: string;
  readonly name: string;
}

async function findTables(
  engine: Engine,
  catalog: string,
  schemas: readonly string[],
): Promise<{ readonly tables: string; readonly first: Table | undefined }> {
  for (const schema of schemas.slice(0, SCHEMAS_TRIED)) {
    const tables = await engine.listTables(catalog, schema);
    const [name] = tables;
    if (name !== undefined) return { tables: count(tables.length, 'table'), first: { schema, name } };
  }
  return { tables: count(0, 'table'), first: undefined };
}

async function attempt(what: string, work: () => Promise<string>): Promise<CheckStep> {
  try {
    return { what, found: await work() };
  } catch (error) {
    return { what, error };
  }
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
