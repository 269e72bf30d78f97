// Runs the SQL corpus and prints a line a family. Usage: report.ts [--folder DIR] [--show] [--baseline] [family …]
import { writeFileSync } from 'node:fs';
import { readFamilies } from './corpus-case.ts';
import { CaseRunner } from './run-case.ts';

const args = process.argv.slice(2);
const option = (name: string) => (args.includes(name) ? args.splice(args.indexOf(name), 2)[1] : undefined);
const flag = (name: string) => args.includes(name) && args.splice(args.indexOf(name), 1).length > 0;
const folder = option('--folder') ?? process.env['ERGANE_SQL_CORPUS'] ?? '';
const only = option('--case');
const show = flag('--show') || only !== undefined;
const writeBaseline = flag('--baseline');

const runner = await CaseRunner.open(folder);
/** of the statements that must fail, those whose error has Trino's name */
const named = { right: 0, all: 0 };
const counts: Record<string, { passed: number; wrong: number; cases: number }> = {};
for (const [family, cases] of readFamilies(folder)) {
  if (args.length > 0 && !args.includes(family)) continue;
  const count = { passed: 0, wrong: 0, cases: cases.length };
  const errors = { right: 0, all: 0 };
  for (const test of cases) {
    if (only !== undefined && test.id !== only) continue;
    const outcome = await runner.run(test);
    if (outcome.kind === 'pass') count.passed++;
    else if (outcome.kind === 'wrong') count.wrong++;
    if (outcome.kind === 'pass' && outcome.error !== undefined) {
      errors.all++;
      if (outcome.error.isTrinos) errors.right++;
      if (show && outcome.error.different !== undefined) console.log(`NAME ${test.id} ${outcome.error.different}`);
    }
    if (show && outcome.kind !== 'pass') {
      console.log(
        `${outcome.kind.toUpperCase()} ${test.id} ${test.sql.replaceAll(/\s+/g, ' ').slice(0, 160)}\n      ${outcome.detail.slice(0, 400)}`,
      );
    }
    if (only !== undefined) console.log((await runner.answer(test)).sql);
  }
  counts[family] = count;
  named.right += errors.right;
  named.all += errors.all;
  const names = errors.all === 0 ? '' : `, errors with Trino's name ${errors.right}/${errors.all}`;
  console.log(
    `${family.padEnd(20)} ${String(count.passed).padStart(4)}/${String(count.cases).padEnd(4)} wrong ${count.wrong}${names}`,
  );
}
const total = Object.values(counts).reduce((sum, each) => ({
  passed: sum.passed + each.passed,
  wrong: sum.wrong + each.wrong,
  cases: sum.cases + each.cases,
}));
console.log(
  `total ${total.passed}/${total.cases} = ${((100 * total.passed) / total.cases).toFixed(1)} %, wrong ${total.wrong}, errors with Trino's name ${named.right}/${named.all}`,
);
if (writeBaseline)
  writeFileSync(
    new URL(folder.endsWith('/test/fixtures/sql') ? './baseline-own.json' : './baseline.json', import.meta.url),
    `${JSON.stringify(counts, null, 2)}\n`,
  );
