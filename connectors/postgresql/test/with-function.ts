import test from 'node:test';
import { openFunction } from './open-function.ts';
import type { TestFunction } from './open-function.ts';

/** A test over a function and a database of its own. */
export function withFunction(name: string, check: (source: TestFunction) => Promise<void>): void {
  test(name, { timeout: 60_000 }, async (context) => {
    const opened = await openFunction(context);
    if (opened === undefined) return;
    await using source = opened;
    await check(source);
  });
}

/** A table of the schema that tests use. */
export const at = (tableName: string) => ({ schemaName: 'public', tableName });
