import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { after, before, suite, test } from 'node:test';
import { readFamilies } from './corpus/corpus-case.ts';
import { CaseRunner } from './corpus/run-case.ts';

const folder = fileURLToPath(new URL('./corpus/own', import.meta.url));
const known: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('./corpus/known-differences.json', import.meta.url), 'utf8'),
);

/** Generated calls of every function with what a real Trino answered; `corpus/record.ts` makes them. Differences that are known have a reason. */
suite('recorded answers of Trino', () => {
  let runner: CaseRunner;
  before(async () => {
    runner = await CaseRunner.open(folder);
  });
  after(() => runner.close());

  for (const [family, cases] of readFamilies(folder)) {
    test(family, async () => {
      const failed: string[] = [];
      const healed: string[] = [];
      for (const each of cases) {
        const outcome = await runner.run(each);
        if (outcome.kind === 'pass' && known[each.id] !== undefined) healed.push(each.id);
        if (outcome.kind !== 'pass' && known[each.id] === undefined)
          failed.push(`${outcome.kind} ${each.id} ${each.sql}: ${outcome.detail}`);
      }
      assert.deepEqual(failed, [], failed.join('\n'));
      assert.deepEqual(healed, [], `pass now: take them out of known-differences.json\n${healed.join('\n')}`);
    });
  }
});
