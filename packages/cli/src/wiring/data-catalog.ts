import type { DataCatalogOptions, HttpfsOptions } from '@ergane/engine';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type { LoadedConfig } from '../config/read-config.ts';
import { readSecret, resolveText, type Environment } from '../config/references.ts';
import { isDirectory } from '../config/stores.ts';

/** The catalog `awsdatacatalog`: its metastore's file, and where `s3://` leads. */
export async function openDataCatalog(
  { config, folder }: LoadedConfig,
  environment: Environment,
): Promise<DataCatalogOptions> {
  const [{ openFileMetastore, openWarehouse }, { openStore }] = await Promise.all([
    import('@ergane/engine'),
    import('@ergane/storage'),
  ]);
  const onSecret = (secret: string) => readSecret(secret, environment, 's3.store');
  const text = resolveText(config.s3?.store ?? './.ergane/s3', { environment, setting: 's3.store', onSecret });
  const url = isDirectory({ url: text }) && !text.startsWith('file:') ? path.resolve(folder, text) : text;
  const httpfs = findHttpfs(url, environment);
  return {
    metastore: openFileMetastore(path.resolve(folder, config.metastore ?? './.ergane/metastore.json')),
    warehouse: openWarehouse({
      store: openStore(url),
      cacheFolder: path.resolve(folder, './.ergane/cache'),
      ...(config.s3?.warehouse !== undefined && { defaultLocation: config.s3.warehouse }),
      ...(httpfs !== undefined && { httpfs }),
    }),
  };
}

/**
 * DuckDB's own S3 client, where its extension is installed and the credentials are known: unlike AWS's SDK it does not look for
 * profiles and roles.
 */
function findHttpfs(store: string, environment: Environment): HttpfsOptions | undefined {
  if (isDirectory({ url: store })) return undefined;
  const url = new URL(store.replace(/^s3\+/i, ''));
  const isAws = url.protocol === 's3:';
  const accessKeyId = isAws ? environment['AWS_ACCESS_KEY_ID'] : decodeURIComponent(url.username);
  const secretAccessKey = isAws ? environment['AWS_SECRET_ACCESS_KEY'] : decodeURIComponent(url.password);
  const extension = extensionFile(environment);
  if (!accessKeyId || !secretAccessKey || extension === undefined) return undefined;
  const region = url.searchParams.get('region') ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  const sessionToken = isAws ? environment['AWS_SESSION_TOKEN'] : undefined;
  return {
    extension,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    ...(region !== undefined && { region }),
    ...(!isAws && { endpoint: url.origin }),
  };
}

/** Where DuckDB's own INSTALL puts the extension for this version and platform. */
function extensionFile(environment: Environment): string | undefined {
  const manifest: unknown = createRequire(import.meta.url)('@duckdb/node-api/package.json');
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  const version = isManifest ? String(manifest.version).replace(/-.*$/, '') : '';
  const system = process.platform === 'darwin' ? 'osx' : process.platform;
  const platform = `${system}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const home = environment['HOME'] ?? os.homedir();
  const file = path.join(home, '.duckdb', 'extensions', `v${version}`, platform, 'httpfs.duckdb_extension');
  return existsSync(file) ? file : undefined;
}
