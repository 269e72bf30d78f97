import type { Engine, InferredTable } from '@ergane/engine';

/** A table as a sample of it shows. */
export interface CrawledTable {
  readonly schema: string;
  readonly table: string;
  /** undefined: its source says itself what its tables are */
  readonly inferred: InferredTable | undefined;
}

/** Samples the tables of a catalog, one after the other: all of them, those of one schema, or one. */
export async function* crawlTables(
  engine: Engine,
  [catalog, schema, table]: readonly [catalog: string, schema: string | undefined, table: string | undefined],
): AsyncGenerator<CrawledTable> {
  for (const schemaName of schema === undefined ? await engine.listSchemas(catalog) : [schema]) {
    const names = table === undefined ? await engine.listTables(catalog, schemaName) : [table];
    for (const name of names)
      yield { schema: schemaName, table: name, inferred: await engine.inferTable(catalog, schemaName, name) };
  }
}
