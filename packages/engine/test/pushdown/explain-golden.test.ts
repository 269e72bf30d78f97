import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { rowsOf } from '../test-engine.ts';
import { EXPLAINED } from './explained-statements.ts';
import { openDynamodbTable } from './open-dynamodb-table.ts';
import { openS3Table } from './open-s3-table.ts';
import { openSqlTable } from './open-sql-table.ts';
import type { OpenedTable } from './opened-table.ts';

/** `UPDATE=true node … --test explain-golden.test.ts` writes the expected texts anew; read the difference. */
const UPDATE = process.env['UPDATE'] === 'true';
const GOLDEN = new URL('./golden/', import.meta.url);

const first = (): number => 0;
const OPEN: Readonly<Record<keyof typeof EXPLAINED, (context: TestContext) => Promise<OpenedTable | undefined>>> = {
  postgresql: (context) => openSqlTable(context, 'postgresql', first),
  mysql: (context) => openSqlTable(context, 'mysql', first),
  dynamodb: (context) => openDynamodbTable(context, first),
  's3 parquet': (context) => openS3Table(context, 'parquet', first),
};

/** Names of this run's own, and what depends on the version of a server or of a file writer, are left out. */
function steady(text: string, { schema }: OpenedTable): string {
  return text
    .replaceAll(schema, 'schema')
    .replace(/\d+ bytes/g, '# bytes')
    .replace(/note: .* \(about \d+ rows\)/, 'note: … (about # rows)')
    .replace(/pushdown-[0-9a-f]{12}/g, 'table');
}

async function explain(table: OpenedTable, sql: string): Promise<string> {
  const { catalog, schema } = table;
  const lines = await rowsOf(table.parts, `EXPLAIN ${sql}`, { catalog, schema });
  return `${sql}\n${lines.map(([line]) => `  ${steady(String(line), table)}`).join('\n')}\n`;
}

for (const [source, statements] of Object.entries(EXPLAINED))
  test(`${source}: what EXPLAIN tells of ${statements.length} statements`, async (context) => {
    const opened = await Object.entries(OPEN).find(([name]) => name === source)?.[1](context);
    if (opened === undefined) return;
    await using table = opened;
    const texts: string[] = [];
    for (const sql of statements) texts.push(await explain(table, sql));
    const text = texts.join('\n');
    const file = new URL(`${source.replaceAll(' ', '-')}.txt`, GOLDEN);
    if (UPDATE) await writeFile(file, text);
    assert.equal(text, await readFile(file, 'utf8'));
  });
