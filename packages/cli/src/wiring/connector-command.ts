import { ErganeError } from '@ergane/protocol';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { didYouMean } from '../suggest.ts';

/** The connectors that come with Ergane. */
export const CONNECTORS = ['mysql', 'postgresql', 'dynamodb', 'redis', 'example'] as const;

/** The sources run as they are, in the repository itself: TypeScript needs a loader then. */
const RUNS_SOURCES = import.meta.url.endsWith('.ts');

/**
 * The program of one execution environment of a connector: Ergane's own by its short name, an npm package, or a file relative to the
 * configuration's folder, whose default export is what `defineConnector` gives.
 * @throws ErganeError CONFIG_INVALID
 */
export function findConnectorCommand(connector: string, folder: string, setting: string): [string, ...string[]] {
  const own = /^[a-z][a-z0-9-]*$/.test(connector) ? resolveOwn(`@ergane/connector-${connector}`) : undefined;
  if (own !== undefined) {
    const bundle = path.join(path.dirname(own), 'function.mjs');
    return !RUNS_SOURCES && existsSync(bundle) ? [process.execPath, bundle] : serve(pathToFileURL(own).href);
  }
  return serve(findModule(connector, folder, setting));
}

function findModule(connector: string, folder: string, setting: string): string {
  const where = { setting };
  if (/^[./]/.test(connector)) {
    const file = path.resolve(folder, connector);
    if (existsSync(file)) return pathToFileURL(file).href;
    throw new ErganeError('CONFIG_INVALID', `${setting}: there is no file ${file}`, { where });
  }
  const found = resolvePackage(connector, folder);
  if (found !== undefined) return pathToFileURL(found).href;
  const message = `${setting}: "${connector}" is no connector of Ergane (${CONNECTORS.join(', ')}) and no npm package that is installed at ${folder}${didYouMean(connector, CONNECTORS)}`;
  throw new ErganeError('CONFIG_INVALID', message, { where });
}

/** A module whose default export is a connector, served by the SDK's runtime. */
function serve(moduleUrl: string): [string, ...string[]] {
  const runtime = import.meta.resolve('@ergane/sdk/runtime');
  const program = `import connector from ${JSON.stringify(moduleUrl)};
import { serveRuntime } from ${JSON.stringify(runtime)};
await serveRuntime(connector);`;
  const loader = RUNS_SOURCES ? ['--conditions=source', '--import', import.meta.resolve('tsx')] : [];
  return [process.execPath, ...loader, '--input-type=module', '--eval', program];
}

function resolveOwn(name: string): string | undefined {
  try {
    return fileURLToPath(import.meta.resolve(name));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function resolvePackage(name: string, folder: string): string | undefined {
  try {
    return createRequire(path.join(folder, 'ergane.config.yaml')).resolve(name);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
