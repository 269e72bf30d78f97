import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { BuildOptions } from 'esbuild';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

const PROGRAM = `
import { createEngine } from '@ergane/engine';
await using engine = await createEngine({ catalogs: {}, invoker: { invoke: () => Promise.reject(new Error('none')) },
  spill: { store: {}, bucket: '', prefix: '' } });
const result = await engine.run("SELECT 6 * 7, 'x'");
for await (const rows of result.batches) console.log(JSON.stringify(rows));
`;

/** Inside of the package, so that what is left out of the bundle is found in node_modules. */
async function bundled(check: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(PACKAGE, 'bundle-test-'));
  try {
    // the grammar is a file of its own, found from where the code is
    await cp(path.join(PACKAGE, 'src/sql/generated'), path.join(folder, 'generated'), { recursive: true });
    await check(path.join(folder, 'dist'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const OPTIONS: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['source'],
  external: ['@duckdb/*', '@aws-sdk/*', 'tsx'],
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
  logLevel: 'error',
};

test('a bundle finds its worker beside it', () =>
  bundled(async (folder) => {
    const program = { contents: PROGRAM, resolveDir: PACKAGE };
    await build({ ...OPTIONS, stdin: program, outfile: path.join(folder, 'program.mjs') });
    const worker = { contents: "import '@ergane/engine/duckdb-worker';", resolveDir: PACKAGE };
    await build({ ...OPTIONS, stdin: worker, outfile: path.join(folder, 'ergane-duckdb-worker.js') });
    const { stdout } = await run(process.execPath, [path.join(folder, 'program.mjs')]);
    assert.equal(stdout.trim(), '[[42,"x"]]');
  }));

test('a bundle without one uses the worker of the package', () =>
  bundled(async (folder) => {
    const program = { contents: PROGRAM, resolveDir: PACKAGE };
    await build({ ...OPTIONS, stdin: program, outfile: path.join(folder, 'program.mjs') });
    const { stdout } = await run(process.execPath, ['--conditions=source', path.join(folder, 'program.mjs')]);
    assert.equal(stdout.trim(), '[[42,"x"]]');
  }));
