import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';
import { openFileEngine, writeParquet } from './file-engine.ts';

it('every statement of docs/s3-tables.md runs, in the order of the page', async () => {
  const page = await readFile(new URL('../../../../docs/s3-tables.md', import.meta.url), 'utf8');
  const statements = Array.from(page.matchAll(/^```sql\n([^]*?)^```$/gm), ([, statement = '']) => statement);
  assert.ok(statements.length > 15);
  await using fixture = await openFileEngine();
  await writeParquet(
    `${fixture.folder}/b/web/clicks/dt=2024-01-01/a.parquet`,
    "SELECT 1::BIGINT AS click_id, '/x' AS page",
  );
  await fixture.put('web/requests/eu/2024/01/05/a', '/x,200\n/y,200\n');
  await fixture.put('web/visits/a', 'header\nAda|1,2|k:v|2024-01-05 10:00:00\nnil|nil||\n');
  await fixture.put('web/log/a', '10.0.0.1 GET /x 200\n');
  let last: (string | null)[][] = [];
  for (const statement of statements) last = await fixture.rows(statement);
  assert.deepEqual(last, [['200', '2']]);
  assert.deepEqual(await fixture.rows('SELECT click_id, path, referrer, dt FROM web.clicks'), [
    ['1', null, null, '2024-01-01'],
  ]);
  assert.deepEqual(await fixture.rows('SELECT * FROM web.visits'), [
    ['Ada', '[1, 2]', '{k=v}', '2024-01-05 10:00:00.000'],
    [null, null, '{}', null],
  ]);
  assert.deepEqual(await fixture.rows('SELECT * FROM web.log'), [['10.0.0.1', 'GET', '/x', '200']]);
});
