// Writes the table of docs/sql.md: how much of each family of the SQL corpus gives a real Trino's answer, from the committed baseline that
// the corpus test holds. usage: node scripts/sql-report.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';

const page = new URL('../docs/sql.md', import.meta.url);
const baseline = JSON.parse(
  readFileSync(new URL('../packages/engine/test/corpus/baseline.json', import.meta.url), 'utf8'),
);
const [BEGIN, END] = ['<!-- corpus -->', '<!-- end of corpus -->'];

const rows = Object.entries(baseline).sort(([a], [b]) => (a < b ? -1 : 1));
const sum = (name) => rows.reduce((total, [, family]) => total + family[name], 0);
const share = (passed, cases) => `${((100 * passed) / cases).toFixed(1)} %`;
const line = (name, { passed, cases, wrong }) =>
  `| ${name} | ${passed} of ${cases} | ${share(passed, cases)} | ${wrong} |`;
const all = { passed: sum('passed'), cases: sum('cases'), wrong: sum('wrong') };
const table = [
  '| family | right | | wrong |',
  '| --- | --- | --- | --- |',
  ...rows.map(([name, family]) => line(name, family)),
  line('**all**', all),
].join('\n');

const text = readFileSync(page, 'utf8');
const [before, rest] = text.split(BEGIN);
const after = rest.split(END)[1];
const written = `${before}${BEGIN}\n\n<!-- prettier-ignore -->\n${table}\n\n${END}${after}`;
if (process.argv.includes('--check')) {
  if (written !== text) {
    console.error('docs/sql.md is not what the baseline says: node scripts/sql-report.mjs');
    process.exit(1);
  }
} else writeFileSync(page, written);
