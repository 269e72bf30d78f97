import path from 'node:path';
import { startFunctionHost } from '@ergane/functions';
import { openDirectoryStore, openStore } from '@ergane/storage';
import { bundleConnectorForTests, makeTemporaryFolder } from '@ergane/testing';
import { createEngine, openFileMetastore, openWarehouse, printType, printValue } from '../../src/index.ts';

export type Connector = 'postgresql' | 'mysql' | 'dynamodb';

export interface FederatedAnswer {
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface Federation extends AsyncDisposable {
  /** Runs a statement to its end; values as an Athena client sees them. */
  answer(sql: string): Promise<FederatedAnswer>;
}

/** An engine over functions in processes of their own, which spill encrypted, and over tables on the S3 server of `s3`. */
export async function openFederation(options: {
  readonly sources: Readonly<
    Record<string, { readonly connector: Connector; readonly environment: Readonly<Record<string, string>> }>
  >;
  readonly s3: URL;
}): Promise<Federation> {
  const folder = await makeTemporaryFolder();
  const spill = path.join(folder.path, 'spill');
  const functions = await Promise.all(
    Object.entries(options.sources).map(async ([name, { connector, environment }]) => ({
      name,
      command: [process.execPath, await bundleConnectorForTests(connector)] as const,
      environment: { ...environment, spill_bucket: 'spill', spill_prefix: name, ergane_spill_store: spill },
      reservedConcurrency: 2,
    })),
  );
  const host = await startFunctionHost({ functions });
  const engine = await createEngine({
    catalogs: Object.fromEntries(Object.keys(options.sources).map((name) => [name, { functionName: name }])),
    invoker: host,
    spill: { store: openDirectoryStore(spill), bucket: 'spill', prefix: 'test' },
    temporaryDirectory: path.join(folder.path, 'tmp'),
    dataCatalog: {
      metastore: openFileMetastore(path.join(folder.path, 'metastore.json')),
      warehouse: openWarehouse({
        store: openStore(s3StoreUrl(options.s3)),
        cacheFolder: path.join(folder.path, 'cache'),
      }),
    },
  });
  return {
    async answer(sql) {
      await using result = await engine.run(sql);
      const { columns } = result;
      const rows: (string | null)[][] = [];
      for await (const batch of result.batches)
        for (const row of batch) rows.push(columns.map(({ type }, index) => printValue(row[index] ?? null, type)));
      return { names: columns.map(({ name }) => name), types: columns.map(({ type }) => printType(type)), rows };
    },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

export function s3StoreUrl(server: URL): string {
  return `s3+${server.href}`;
}
