import { createRequire } from 'node:module';

/** esbuild puts the text in; the sources read their package.json. */
declare const ERGANE_VERSION: string | undefined;

export const VERSION: string = typeof ERGANE_VERSION === 'string' ? ERGANE_VERSION : readVersion();

function readVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('../package.json');
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : 'unknown';
}
