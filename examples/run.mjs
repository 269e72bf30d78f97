// Runs every example as its README says and compares the answer with expected.csv. Those whose servers are missing are skipped, with
// CI=true they fail. usage: node examples/run.mjs [name ...]
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const folder = fileURLToPath(new URL('.', import.meta.url));
const ergane = path.join(folder, '..', 'packages', 'cli', 'dist', 'ergane.mjs');
const names = process.argv.slice(2);
const examples = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(path.join(folder, entry.name, 'query.sql')))
  .map(({ name }) => name)
  .filter((name) => names.length === 0 || names.includes(name));

let failed = 0;
for (const name of examples) {
  const problem = await runExample(path.join(folder, name));
  console.log(
    `${problem === undefined ? 'ok' : problem.skipped ? 'skipped' : 'FAILED'}  ${name}${problem ? `: ${problem.text}` : ''}`,
  );
  if (problem !== undefined && !problem.skipped) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);

async function runExample(place) {
  const setUp = path.join(place, 'set-up.mjs');
  if (existsSync(setUp)) {
    const { needs, setUp: run } = await import(pathToFileURL(setUp));
    const missing = needs.filter((variable) => process.env[variable] === undefined);
    if (missing.length > 0) return { skipped: process.env.CI !== 'true', text: `set ${missing.join(' and ')}` };
    await run();
  }
  const statements = existsSync(path.join(place, 'set-up.sql')) ? ['set-up.sql', 'query.sql'] : ['query.sql'];
  let result;
  for (const file of statements) {
    result = spawnSync(process.execPath, [ergane, 'query', '--format', 'csv', '-f', file], {
      cwd: place,
      encoding: 'utf8',
    });
    if (result.status !== 0) return { text: `${file}: exit code ${result.status}: ${result.stderr}` };
  }
  const expected = readFileSync(path.join(place, 'expected.csv'), 'utf8');
  return result.stdout === expected ? undefined : { text: `the answer is\n${result.stdout}and not\n${expected}` };
}
