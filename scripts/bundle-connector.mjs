// A function: a connector, the SDK's runtime and the one driver that it needs. What is imported lazily (AWS clients, above all) lies in
// files beside it, so that a cold start reads and compiles little.
import { build } from 'esbuild';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Some drivers are CommonJS and ask for Node's modules with `require`, which an ES module does not have. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
/** Drivers name optional natives that Ergane does not use. */
const EXTERNAL = ['pg-native', 'cloudflare:sockets'];

export const esmBundle = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minify: true,
  keepNames: true,
  legalComments: 'none',
  conditions: ['source'],
  mainFields: ['module', 'main'],
  banner: { js: REQUIRE },
  external: EXTERNAL,
  logLevel: 'warning',
};

/**
 * Bundles `connectors/<name>` into `outfile`, with a folder `<outfile>-chunks` beside it: a program that serves the Lambda Runtime API.
 * Answers esbuild's metafile when asked with `options.metafile`.
 */
export async function bundleConnector(name, outfile, options = {}) {
  const { dir, name: entry, ext } = path.parse(outfile);
  const chunks = `${entry}-chunks`;
  await rm(path.join(dir, chunks), { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  return build({
    ...esmBundle,
    ...options,
    stdin: {
      contents: `import connector from './src/index.ts';
import { serveRuntime } from '@ergane/sdk/runtime';
await serveRuntime(connector);`,
      resolveDir: path.join(root, 'connectors', name),
      sourcefile: `${name}-function.mjs`,
    },
    outdir: dir,
    entryNames: entry,
    chunkNames: `${chunks}/[name]-[hash]`,
    outExtension: { '.js': ext },
    splitting: true,
  });
}
