import type { Session } from '../session.ts';

/** Names for completion, asked for once. */
export interface Names {
  catalogs(): Promise<readonly string[]>;
  schemas(catalog: string): Promise<readonly string[]>;
  tables(catalog: string, schema: string): Promise<readonly string[]>;
  columns(catalog: string, schema: string, table: string): Promise<readonly string[]>;
  /** after a statement that may have changed them */
  forget(): void;
}

export function makeNames(session: Session): Names {
  const known = new Map<string, Promise<readonly string[]>>();
  const ask = (key: readonly string[], find: () => Promise<readonly string[]>): Promise<readonly string[]> => {
    const text = JSON.stringify(key);
    let answer = known.get(text);
    if (answer === undefined) {
      answer = find();
      known.set(text, answer);
      answer.catch(() => known.delete(text));
    }
    return answer;
  };
  return {
    catalogs: () => ask([], async () => (await session.engine()).listCatalogs()),
    schemas: (catalog) => ask([catalog], async () => (await session.engine()).listSchemas(catalog)),
    tables: (catalog, schema) =>
      ask([catalog, schema], async () => (await session.engine()).listTables(catalog, schema)),
    columns: (catalog, schema, table) =>
      ask([catalog, schema, table], async () => {
        const columns = await (await session.engine()).describeTable(catalog, schema, table);
        return columns.map(({ name }) => name);
      }),
    forget: () => known.clear(),
  };
}
