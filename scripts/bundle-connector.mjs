// A function is a connector, the SDK's runtime and the one driver that it needs, in one file; what few invocations need (S3, secrets,
// roles) stays apart in pieces beside it, because a cold start compiles every byte of the files that it loads.
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
 * Bundles `connectors/<name>` into `outfile` and the folder `<outfile without its ending>.parts` beside it: a program that serves the
 * Lambda Runtime API.
 * Answers esbuild's metafile when asked with `options.metafile`.
 */
export async function bundleConnector(name, outfile, options = {}) {
  const folder = path.dirname(outfile);
  const { name: entry, ext } = path.parse(outfile);
  await mkdir(folder, { recursive: true });
  await rm(path.join(folder, `${entry}.parts`), { recursive: true, force: true });
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
    splitting: true,
    outdir: folder,
    entryNames: entry,
    chunkNames: `${entry}.parts/[name]-[hash]`,
    outExtension: { '.js': ext },
  });
}
