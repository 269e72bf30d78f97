// Writes docs/sql-functions.md: each signature that a real Trino's SHOW FUNCTIONS lists, and whether Ergane gives Trino's answers, from
// the recorded ones that packages/engine/test/sql-recorded.test.ts holds. usage: node scripts/sql-functions-report.mjs [--check]
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const corpus = new URL('../packages/engine/test/corpus/', import.meta.url);
const page = new URL('../docs/sql-functions.md', import.meta.url);
const lines = (file) =>
  readFileSync(new URL(file, corpus), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const functions = lines('trino-functions.jsonl');
const known = JSON.parse(readFileSync(new URL('known-differences.json', corpus), 'utf8'));
const notes = JSON.parse(readFileSync(new URL('function-notes.json', corpus), 'utf8'));
const cases = readdirSync(new URL('own/', corpus)).flatMap((file) => lines(`own/${file}`));

const bySignature = new Map();
for (const each of cases) {
  if (each.signature === undefined) continue;
  const count = bySignature.get(each.signature) ?? { answers: 0, refused: 0, reasons: new Set() };
  if (known[each.id]?.startsWith('undefined:')) continue;
  if (known[each.id] !== undefined) count.reasons.add(known[each.id]);
  else if (each.rows) count.answers++;
  else count.refused++;
  bySignature.set(each.signature, count);
}

/** Exact where every recorded answer agrees and there is one; approximate where only some do; else unsupported. */
function statusOf(signature) {
  const { answers = 0, refused = 0, reasons = new Set() } = bySignature.get(signature) ?? {};
  const note = [...reasons, ...(notes[signature] ? [notes[signature]] : [])].join('; ');
  if (answers > 0 && reasons.size === 0) return { status: 'exact', tests: answers + refused, note };
  if (answers > 0) return { status: 'approximate', tests: answers + refused, note };
  return { status: 'unsupported', tests: 0, note };
}

const rows = functions.map((each) => {
  const signature = `${each.name}(${each.arguments})`;
  return { signature, returns: each.returns, kind: each.kind, ...statusOf(signature) };
});
const count = (status) => rows.filter((row) => row.status === status).length;
const share = ((100 * count('exact')) / rows.length).toFixed(1);
const cell = (text) => text.replaceAll('|', '\\|');
const text = `# Functions

What Trino 476 lists with \`SHOW FUNCTIONS\`: ${rows.length} signatures (the same ones under an alias count again). Of these ${count('exact')} (${share} %) are
exact, ${count('approximate')} approximate, ${count('unsupported')} unsupported. Exact means that every call of the signature whose answer a real Trino gave, with edge values of
its arguments, gives that answer here; the tests are recorded in [\`packages/engine/test/corpus/own\`](../packages/engine/test/corpus/own).
Functions of doubles may differ in the last digits. What is unsupported is an error that says so.

<!-- prettier-ignore -->
| signature | returns | kind | | tests | |
| --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| \`${cell(row.signature)}\` | ${cell(row.returns)} | ${row.kind} | ${row.status} | ${row.tests} | ${cell(row.note)} |`).join('\n')}
`;
if (process.argv.includes('--check')) {
  if (readFileSync(page, 'utf8') !== text) {
    console.error('docs/sql-functions.md is not what the recorded answers say: node scripts/sql-functions-report.mjs');
    process.exit(1);
  }
} else {
  writeFileSync(page, text);
  console.log(
    `${count('exact')} exact (${share} %), ${count('approximate')} approximate, ${count('unsupported')} unsupported`,
  );
}
