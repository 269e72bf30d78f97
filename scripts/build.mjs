// Builds everything: each package's dist/ with tsc, each connector and the command line as one file with esbuild.
// Does nothing when no source is newer than the last build. usage: node scripts/build.mjs [--force]
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, runOrExit, setUp } from './setup.mjs';

const STAMP = path.join(root, '.ergane', 'build-stamp');
const SOURCES = ['packages', 'connectors', 'scripts', 'package-lock.json', 'tsconfig.base.json', 'tsconfig.build.json'];
const SKIPPED = new Set(['node_modules', 'dist', 'test', '.ergane']);

/** Says what the sources are: path, size and time of each file. */
function describeSources() {
  const lines = [`node ${process.versions.node}`];
  const visit = (file) => {
    const stat = statSync(file);
    if (!stat.isDirectory()) lines.push(`${path.relative(root, file)} ${stat.size} ${stat.mtimeMs}`);
    else for (const name of readdirSync(file).sort()) if (!SKIPPED.has(name)) visit(path.join(file, name));
  };
  for (const source of SOURCES) visit(path.join(root, source));
  return lines.join('\n');
}

export async function buildAll({ force = false } = {}) {
  setUp();
  const sources = describeSources();
  if (!force && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources) return;
  const from = Date.now();
  console.error('Building ...');
  for (const script of ['scripts/bundle-grammar.mjs'])
    // generated sources, where a package has some
    if (existsSync(path.join(root, script))) runOrExit(process.execPath, [path.join(root, script)]);
  runOrExit(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-b', 'tsconfig.build.json']);
  const { bundleConnector } = await import('./bundle-connector.mjs');
  const connectors = readdirSync(path.join(root, 'connectors'));
  await Promise.all(
    connectors.map((name) => bundleConnector(name, path.join(root, 'connectors', name, 'dist', 'function.mjs'))),
  );
  const cli = path.join(root, 'packages/cli/scripts/bundle.mjs');
  if (existsSync(cli)) await (await import(cli)).bundleCli();
  mkdirSync(path.dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, describeSources());
  console.error(`Built in ${((Date.now() - from) / 1000).toFixed(1)} s.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll({ force: process.argv.includes('--force') });
