// `npm test`: sets everything up (dependencies, build, real servers) and runs every test.
// usage: npm test [-- <file or folder> ...]   Tests of the named files only; the servers are started all the same.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { buildAll } from './build.mjs';
import { root, setUp } from './setup.mjs';

// the AWS SDK warns of the Node.js versions that it will leave
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

setUp();
await buildAll();
const from = Date.now();
console.error('Starting the servers that the tests need (the first time installs them: some minutes) ...');
const { startServers } = await import('./servers.mjs');
const variables = await startServersOrSay(startServers);
console.error(`Servers are ready after ${((Date.now() - from) / 1000).toFixed(0)} s. Running the tests ...`);

const asked = process.argv.slice(2).map((name) => path.resolve(name));
const files = (asked.length ? asked : [path.join(root, 'packages'), path.join(root, 'connectors')]).flatMap(findTests);
const result = spawnSync(
  process.execPath,
  [
    '--conditions=source',
    '--import',
    'tsx',
    '--test',
    '--test-concurrency=2',
    `--test-reporter=${path.join(root, 'scripts/test-reporter.mjs')}`,
    '--test-reporter-destination=stdout',
    ...files,
  ],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...variables } },
);
process.exit(result.status ?? 1);

/** With CI=true everything must be there; elsewhere the tests of what cannot be had here are skipped. */
async function startServersOrSay(start) {
  const names = readdirSync(path.join(root, 'scripts/servers'))
    .filter((file) => file.endsWith('.mjs') && file !== 'base.mjs')
    .map((file) => path.basename(file, '.mjs'));
  const variables = {};
  const attempt = async (name, make) => {
    try {
      Object.assign(variables, await make());
    } catch (error) {
      if (process.env.CI === 'true') throw error;
      console.error(`${name} cannot be had here, its tests are skipped: ${error.message}`);
    }
  };
  for (const name of names) await attempt(name, () => start([name]));
  const { fetchDuckdbExtension } = await import('./duckdb-extension.mjs');
  await attempt("DuckDB's httpfs", () => ({ ERGANE_TEST_HTTPFS: fetchDuckdbExtension('httpfs') }));
  return variables;
}

function findTests(folder) {
  if (!statSync(folder).isDirectory()) return [folder];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist', 'fixtures', '.ergane'].includes(entry.name)) return [];
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? findTests(file) : /\.test\.ts$/.test(entry.name) ? [file] : [];
  });
}
