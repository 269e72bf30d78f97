import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { it } from 'node:test';
import { openWriteFixture } from './open-fixture.ts';

it('docs/tables.md does what it says', async () => {
  await using fixture = await openWriteFixture();
  const page = await readFile(new URL('../../../../docs/tables.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```(csv|sql|text)\n([^]*?)```/g)].map(([, kind, text = '']) => ({ kind, text }));
  let last: string[] = [];
  let count = 0;
  for (const { kind, text } of blocks) {
    if (kind === 'csv') {
      const folder = path.join(fixture.folder, 's3/my-bucket/sales');
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, '2024.csv'), text);
    } else if (kind === 'sql') {
      for (const statement of text.split(/;\n/).filter((part) => part.trim() !== '')) {
        last = (await fixture.rows(statement)).map((row) => row.map((value) => value ?? 'NULL').join('\t'));
        count++;
      }
    } else assert.deepEqual(last, text.trimEnd().split('\n'));
  }
  assert.equal(count, 14);
});
