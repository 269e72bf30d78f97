import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { after, before, suite, test } from 'node:test';
import { readFamilies } from './corpus/corpus-case.ts';
import { CaseRunner } from './corpus/run-case.ts';

/** The shared corpus where it is at hand; else the cases written for this project, which need no tables. */
const named = process.env['ERGANE_SQL_CORPUS'];
if (named !== undefined && !existsSync(named)) throw new Error(`ERGANE_SQL_CORPUS names ${named}, which is missing`);
const SHARED = named ?? fileURLToPath(new URL('../../../../shared/fixtures/sql', import.meta.url));
const OWN = fileURLToPath(new URL('./fixtures/sql', import.meta.url));
if (process.env['CI'] === 'true' && !existsSync(SHARED)) throw new Error(`CI=true and no SQL corpus at ${SHARED}`);
const folder = existsSync(SHARED) ? SHARED : OWN;
const baselineFile = new URL(
  folder === SHARED ? './corpus/baseline.json' : './corpus/baseline-own.json',
  import.meta.url,
);

interface Count {
  readonly passed: number;
  readonly wrong: number;
}

/** Each family may pass more cases than when the baseline was written, never fewer; `test/corpus/report.ts --show` prints the cases. */
suite(`SQL corpus of ${folder === SHARED ? 'shared fixtures' : 'own cases'}`, () => {
  const baseline: Readonly<Record<string, Count>> = JSON.parse(readFileSync(baselineFile, 'utf8'));
  let runner: CaseRunner;
  before(async () => {
    runner = await CaseRunner.open(folder);
  });
  after(() => runner.close());

  for (const [family, cases] of readFamilies(folder)) {
    test(family, async () => {
      const failed: string[] = [];
      let wrong = 0;
      const misnamed: string[] = [];
      for (const each of cases) {
        const outcome = await runner.run(each);
        if (outcome.kind === 'pass') {
          if (outcome.error?.different !== undefined) misnamed.push(`${each.id}: ${outcome.error.different}`);
          continue;
        }
        failed.push(`${outcome.kind} ${each.id}: ${outcome.detail}`);
        if (outcome.kind === 'wrong') wrong++;
      }
      const expected = baseline[family] ?? { passed: 0, wrong: 0 };
      assert.ok(
        cases.length - failed.length >= expected.passed,
        `fewer than ${expected.passed} pass:\n${failed.join('\n')}`,
      );
      assert.deepEqual(misnamed, [], 'errors of other names than Trino gives');
      assert.ok(wrong <= expected.wrong, `more than ${expected.wrong} wrong answers:\n${failed.join('\n')}`);
    });
  }
});
