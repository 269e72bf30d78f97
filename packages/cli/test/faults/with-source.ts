import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { openSqlSource, SQL_SERVERS } from './sql-source.ts';
import type { SqlServer, SqlSource } from './sql-source.ts';
import { openWorkbench, until } from './workbench.ts';
import type { Workbench, WorkbenchOptions } from './workbench.ts';

export interface SourceTest {
  readonly source: SqlSource;
  readonly bench: Workbench;
  readonly server: SqlServer;
  /** `shop."schema"."table"` */
  readonly at: (table: string) => string;
}

/**
 * A test of each SQL server: a database of its own as catalog `shop`, and all that reads it. When it ends, no process, file, spilled
 * object or session may be left.
 */
export function withSource(
  name: string,
  check: (test: SourceTest) => Promise<void>,
  options: Omit<WorkbenchOptions, 'catalogs'> = {},
): void {
  for (const server of SQL_SERVERS)
    test(`${server}: ${name}`, { timeout: 120_000 }, async (context: TestContext) => {
      const opened = await openSqlSource(context, server);
      if (opened === undefined) return;
      await using source = opened;
      {
        await using bench = await openWorkbench({ catalogs: { shop: source.catalog }, ...options });
        await check({ source, bench, server, at: (table) => `shop."${source.schema}"."${table}"` });
      }
      await until(async () => (await source.connections()) === 0);
    });
}
