// The command line in a few files, so that it starts at once: what a command does not need is not read.
//
// Left outside of the bundle, and found in node_modules when it runs:
// * @duckdb/node-bindings: native code; its JavaScript, @duckdb/node-api, is in the bundle, because its hundred files are slow to read
// * @aws-sdk/*: large, and loaded only where S3, Lambda or Secrets Manager are used
// * the connectors: each is a program of its own (connectors/<name>/dist/function.mjs), see src/wiring/connector-command.ts
// * tsx: only the sources run with it
import { build } from 'esbuild';
import { chmod, copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { esmBundle } from '../../../scripts/bundle-connector.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));

const EXTERNAL = [...esmBundle.external, '@duckdb/node-bindings*', '@aws-sdk/*', '@ergane/connector-*', 'tsx'];

/** Writes ergane.mjs and its parts, by default into dist/. */
export async function bundleCli(outdir = path.join(folder, 'dist')) {
  const { version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const parts = path.join(outdir, 'parts');
  await rm(parts, { recursive: true, force: true });
  const program = build({
    ...esmBundle,
    entryPoints: { ergane: path.join(folder, 'src', 'bin.ts') },
    outdir,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'parts/[name]-[hash]',
    splitting: true,
    external: EXTERNAL,
    define: { ERGANE_VERSION: JSON.stringify(version) },
  });
  // the engine looks for its worker beside the part that it is in itself
  const worker = build({
    ...esmBundle,
    stdin: {
      contents: "import '@ergane/engine/duckdb-worker';",
      resolveDir: folder,
      sourcefile: 'ergane-duckdb-worker.js',
    },
    outfile: path.join(parts, 'ergane-duckdb-worker.js'),
    external: EXTERNAL,
  });
  // the engine loads its grammar from a file one folder up
  const grammar = path.join('generated', 'trino-grammar.cjs');
  await mkdir(path.join(outdir, 'generated'), { recursive: true });
  const copy = copyFile(path.join(folder, '..', 'engine', 'src', 'sql', grammar), path.join(outdir, grammar));
  await Promise.all([program, worker, copy]);
  await chmod(path.join(outdir, 'ergane.mjs'), 0o755);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleCli();
