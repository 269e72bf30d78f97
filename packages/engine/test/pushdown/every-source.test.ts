import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { ErganeError } from '@ergane/protocol';
import fc from 'fast-check';
import { NO_PUSHDOWN } from '../../src/index.ts';
import type { PushdownOptions } from '../../src/index.ts';
import { findCatalog } from '../../src/catalog/catalogs.ts';
import { REAL_SOURCES } from '../real-sources.ts';
import { rowsOf } from '../test-engine.ts';
import { openDynamodbTable } from './open-dynamodb-table.ts';
import { FORMATS, openS3Table } from './open-s3-table.ts';
import { openSqlTable } from './open-sql-table.ts';
import type { OpenedTable } from './opened-table.ts';
import { arbitraryStatement } from './statements.ts';
import type { Statement, TypedName } from './statements.ts';

/** To look further: `RUNS=1000 SEED=7 node … --test every-source.test.ts`; the same seed makes the same tables and statements. */
const RUNS = Number(process.env['RUNS'] ?? 25);
const SEED = Number(process.env['SEED'] ?? 1);

type Open = (context: TestContext, pick: (count: number) => number) => Promise<OpenedTable | undefined>;

const SOURCES: Readonly<Record<string, Open>> = {
  ...Object.fromEntries(
    REAL_SOURCES.map((source): [string, Open] => [source, (context, pick) => openSqlTable(context, source, pick)]),
  ),
  dynamodb: openDynamodbTable,
  ...Object.fromEntries(
    FORMATS.map((format): [string, Open] => [`S3 ${format}`, (context, pick) => openS3Table(context, format, pick)]),
  ),
};

async function typedNames({ parts, catalog, schema, name }: OpenedTable): Promise<TypedName[]> {
  const columns = await findCatalog(parts.catalogs, catalog).describeTable(
    { schemaName: schema, tableName: name },
    { queryId: 'describe' },
  );
  return columns
    .filter((column) => column.name !== 'id')
    .map((column) => ({ name: column.name, kind: column.type.kind }));
}

/** Rows as texts (sorted, unless the statement orders them), or the error that the statement ends in. */
async function outcome(
  { parts, catalog, schema }: OpenedTable,
  sql: string,
  pushdown: PushdownOptions,
): Promise<readonly string[] | string> {
  try {
    const rows = await rowsOf(parts, sql, { catalog, schema, pushdown });
    const texts = rows.map((row) => JSON.stringify(row, (_key, value: unknown) => plain(value)));
    return sql.includes(' ORDER BY ') ? texts : texts.sort();
  } catch (error) {
    if (error instanceof ErganeError && error.kind === 'user') return error.code;
    throw error;
  }
}

function plain(value: unknown): unknown {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return typeof value === 'bigint'
    ? String(value)
    : value instanceof Uint8Array
      ? Buffer.from(value).toString('hex')
      : value;
}

async function check(table: OpenedTable, { sql, whole, limit }: Statement): Promise<void> {
  const found = await outcome(table, sql, {});
  const expected = await outcome(table, whole ?? sql, NO_PUSHDOWN);
  // a row that fails a cast fails the statement only where it is read
  if (typeof expected === 'string') return;
  if (limit === undefined || typeof found === 'string') {
    assert.deepEqual(found, expected);
    return;
  }
  assert.equal(found.length, Math.min(limit, expected.length));
  const left = [...expected];
  for (const row of found) {
    const at = left.indexOf(row);
    assert.ok(at >= 0, `${row} is no row`);
    left.splice(at, 1);
  }
}

for (const [source, open] of Object.entries(SOURCES))
  test(`${source}: every kind of pushdown on answers as all off`, async (context) => {
    const [picks = []] = fc.sample(fc.array(fc.nat(), { minLength: 997, maxLength: 997 }), { numRuns: 1, seed: SEED });
    let next = 0;
    const opened = await open(context, (count) => (picks[next++ % picks.length] ?? 0) % count);
    if (opened === undefined) return;
    await using table = opened;
    const statement = arbitraryStatement(table.name, await typedNames(table));
    await fc.assert(
      fc.asyncProperty(statement, (each) => check(table, each)),
      { numRuns: RUNS, seed: SEED },
    );
  });
