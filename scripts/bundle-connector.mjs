// One file a function: a connector, the SDK's runtime and the one driver that it needs, so that a cold start reads little.
import { build } from 'esbuild';
import { mkdir } from 'node:fs/promises';
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
 * Bundles `connectors/<name>` into `outfile`: a program that serves the Lambda Runtime API.
 * Answers esbuild's metafile when asked with `options.metafile`.
 */
export async function bundleConnector(name, outfile, options = {}) {
  await mkdir(path.dirname(outfile), { recursive: true });
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
    outfile,
  });
}
