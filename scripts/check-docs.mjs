// Every relative link of every Markdown file leads somewhere, and every `npm run x` that one names exists.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const SKIPPED = new Set(['node_modules', 'dist', '.ergane', '.git', 'fixtures']);
const walk = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? walk(file) : entry.name.endsWith('.md') ? [file] : [];
  });

const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const problems = [];
const files = walk(root);
for (const file of files) {
  const text = readFileSync(file, 'utf8');
  const where = path.relative(root, file);
  for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^([a-z]+:|#)/.test(target)) continue;
    const linked = path.resolve(path.dirname(file), decodeURIComponent(target.replace(/#.*/, '')));
    if (!existsSync(linked)) problems.push(`${where}: ${target} leads nowhere`);
  }
  for (const [, script] of text.matchAll(/npm run (?:--silent )?([a-z:]+)/g))
    if (!Object.hasOwn(scripts, script)) problems.push(`${where}: there is no "npm run ${script}"`);
}
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0
    ? `docs: ${files.length} files, every link leads somewhere`
    : `docs: ${problems.length} problems`,
);
process.exit(problems.length === 0 ? 0 : 1);
