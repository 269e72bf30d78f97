import type { Engine } from '@ergane/engine';
import { ErganeError } from '@ergane/protocol';
import { randomUUID } from 'node:crypto';
import type { StorePlace } from '../config/stores.ts';
import type { Session } from '../session.ts';
import { findDrift } from './find-drift.ts';

/** One thing that was tried. The steps of a part end with the first that failed. */
export interface CheckStep {
  readonly what: string;
  /** what was found, when it went well */
  readonly found?: string;
  readonly error?: unknown;
}

/** Tables whose definitions are compared with a sample. */
const TABLES_SAMPLED = 50;
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
  const drift = await attempt('definitions against samples', async () =>
    checkDefinitions(await session.engine(), catalog, schema),
  );
  if (drift.error !== undefined || drift.found !== '') yield drift;
  if (drift.error !== undefined) return;
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

/** Samples the defined tables of a schema. @throws ErganeError SOURCE_CHANGED that names the columns */
async function checkDefinitions(engine: Engine, catalog: string, schema: string): Promise<string> {
  let defined = 0;
  const drifts: string[] = [];
  for (const table of (await engine.listTables(catalog, schema)).slice(0, TABLES_SAMPLED)) {
    const inferred = await engine.inferTable(catalog, schema, table);
    // a source that says itself what its tables are has no definitions
    if (inferred === undefined) return '';
    if (inferred.defined !== undefined) defined++;
    drifts.push(...findDrift(inferred).map((drift) => `${schema}.${table}: ${drift}`));
  }
  if (drifts.length === 0) return defined === 0 ? '' : `${count(defined, 'definition')} agree`;
  const text = [...drifts, 'ergane crawl writes definitions anew, or mend them by hand'].join('\n');
  throw new ErganeError('SOURCE_CHANGED', text, { where: { catalog, schema } });
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
