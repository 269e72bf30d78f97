import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ErganeError } from '@ergane/protocol';

/** The name that a bundler gives the worker's own bundle, beside the bundle that holds the engine. */
const BUNDLED_WORKER = 'ergane-duckdb-worker.js';

/**
 * What the worker thread starts with: the file beside this one, as source (`worker.ts`) or built (`worker.js`); beside a bundle
 * `ergane-duckdb-worker.js`; else the package's own, when the bundle left the package outside.
 */
export function findWorkerEntry(): URL {
  const here = fileURLToPath(import.meta.url);
  const isOwnFile = path.basename(here).startsWith('worker-entry.');
  const sibling = path.join(path.dirname(here), isOwnFile ? `worker${path.extname(here)}` : BUNDLED_WORKER);
  if (existsSync(sibling)) return fromSource(pathToFileURL(sibling));
  try {
    return fromSource(new URL(import.meta.resolve('@ergane/engine/duckdb-worker')));
  } catch (cause) {
    throw new ErganeError(
      'INTERNAL',
      `the engine's worker is missing: bundle @ergane/engine/duckdb-worker as ${sibling}`,
      {
        cause,
      },
    );
  }
}

/** tsx hooks the main thread only; a worker that starts from TypeScript registers it first. */
function fromSource(entry: URL): URL {
  if (!entry.pathname.endsWith('.ts')) return entry;
  const tsx = import.meta.resolve('tsx/esm/api');
  const start = `import { register } from ${JSON.stringify(tsx)}; register(); await import(${JSON.stringify(entry.href)});`;
  return new URL(`data:text/javascript,${encodeURIComponent(start)}`);
}
