import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPT = new URL('../../../scripts/bundle-connector.mjs', import.meta.url);
const bundles = new Map<string, Promise<string>>();

/**
 * The path of `connectors/<name>` bundled with the SDK's runtime from today's sources: a function for the function host
 * (`command: [process.execPath, path]`). Made once a process and removed when it exits.
 */
export function bundleConnectorForTests(name: string): Promise<string> {
  const known = bundles.get(name);
  if (known !== undefined) return known;
  const bundle = makeBundle(name);
  bundles.set(name, bundle);
  return bundle;
}

async function makeBundle(name: string): Promise<string> {
  if (!existsSync(fileURLToPath(SCRIPT))) throw new Error(`no ${SCRIPT.pathname}: tests run inside the repository`);
  const script: unknown = await import(SCRIPT.href);
  if (typeof script !== 'object' || script === null || !('bundleConnector' in script))
    throw new Error(`${SCRIPT.pathname} has no bundleConnector`);
  const { bundleConnector } = script;
  if (typeof bundleConnector !== 'function') throw new Error(`bundleConnector of ${SCRIPT.pathname} is no function`);
  const folder = await mkdtemp(path.join(tmpdir(), 'ergane-bundle-'));
  process.once('beforeExit', () => void rm(folder, { recursive: true, force: true }));
  const outfile = path.join(folder, `${name}.mjs`);
  await bundleConnector(name, outfile);
  return outfile;
}
