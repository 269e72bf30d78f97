// Ergane as a benchmark uses it: a function host with bundled connectors over the test servers, and an engine.
import { createEngine, openFileMetastore, openWarehouse, printValue } from '@ergane/engine';
import type { Engine, EngineOptions, HttpfsOptions } from '@ergane/engine';
import { startFunctionHost, type FunctionHost } from '@ergane/functions';
import { openDirectoryStore, openStore } from '@ergane/storage';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { bundleConnectorForTests } from '@ergane/testing';
import { cpuSecondsOf, peakMemoryOf } from './measure.ts';

// as the command line does
setFlagsFromString('--no-incremental-marking');

export { serverUrl } from './server-url.ts';

export interface Source {
  readonly connector: 'postgresql' | 'mysql' | 'dynamodb';
  readonly environment: Readonly<Record<string, string>>;
}

export interface Rig extends AsyncDisposable {
  readonly engine: Engine;
  readonly host: FunctionHost;
  /** Runs a query to its end and counts its rows. */
  run(sql: string, options?: Parameters<Engine['run']>[1]): Promise<number>;
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
  /** the values as an Athena client sees them */
  printed(sql: string): Promise<readonly (readonly (string | null)[])[]>;
  /** CPU seconds of this process and of every function so far */
  cpuSeconds(): number;
  /** peak resident MiB of this process and of the functions, added up */
  peakMemory(): { readonly engine: number; readonly functions: number; readonly largestFunction: number };
}

export interface RigOptions {
  /** a benchmark of scans leaves aggregates to the engine: a source that computes them sends one row */
  readonly pushdown?: NonNullable<EngineOptions['pushdown']>;
  /** an S3 server whose objects the engine's own catalog, `awsdatacatalog`, reads; default: there is no such catalog */
  readonly s3?: URL;
  /** the file of DuckDB's httpfs, which reads S3 in ranges; default: objects are copied whole, once */
  readonly httpfs?: string | undefined;
}

export async function openRig(sources: Readonly<Record<string, Source>>, options: RigOptions = {}): Promise<Rig> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ergane-bench-'));
  const spillFolder = path.join(folder, 'spill');
  const functions = await Promise.all(
    Object.entries(sources).map(async ([name, { connector, environment }]) => ({
      name,
      command: [process.execPath, await bundleConnectorForTests(connector)] as const,
      environment: { ...environment, spill_bucket: 'spill', spill_prefix: name, ergane_spill_store: spillFolder },
      reservedConcurrency: 2,
    })),
  );
  const host = await startFunctionHost({ functions });
  const engine = await createEngine({
    catalogs: Object.fromEntries(Object.keys(sources).map((name) => [name, { functionName: name }])),
    invoker: host,
    spill: { store: openDirectoryStore(spillFolder), bucket: 'spill', prefix: 'bench' },
    ...dataCatalog(folder, options),
    ...(options.pushdown !== undefined && { pushdown: options.pushdown }),
  });
  const pids = (): readonly number[] => host.stats().flatMap((stats) => [...stats.pids]);
  const rows = async (sql: string): Promise<readonly (readonly unknown[])[]> => {
    await using result = await engine.run(sql);
    const all: (readonly unknown[])[] = [];
    for await (const batch of result.batches) all.push(...batch);
    return all;
  };
  return {
    engine,
    host,
    rows,
    async printed(sql) {
      await using result = await engine.run(sql);
      const { columns } = result;
      const all: (string | null)[][] = [];
      for await (const batch of result.batches)
        for (const row of batch) all.push(columns.map(({ type }, index) => printValue(row[index] ?? null, type)));
      return all;
    },
    async run(sql, options) {
      await using result = await engine.run(sql, options);
      let count = 0;
      for await (const batch of result.batches) count += batch.length;
      return count;
    },
    cpuSeconds() {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6 + pids().reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
    },
    peakMemory: () => ({
      engine: peakMemoryOf(process.pid),
      functions: pids().reduce((sum, pid) => sum + peakMemoryOf(pid), 0),
      largestFunction: Math.max(0, ...pids().map(peakMemoryOf)),
    }),
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function dataCatalog(folder: string, { s3, httpfs }: RigOptions): Pick<EngineOptions, 'dataCatalog'> {
  if (s3 === undefined) return {};
  const credentials = { accessKeyId: s3.username, secretAccessKey: s3.password };
  const reader: HttpfsOptions | undefined =
    httpfs === undefined ? undefined : { extension: httpfs, endpoint: s3.origin, credentials };
  const warehouse = openWarehouse({
    store: openStore(`s3+${s3.href}`),
    cacheFolder: path.join(folder, 'cache'),
    ...(reader && { httpfs: reader }),
  });
  return { dataCatalog: { metastore: openFileMetastore(path.join(folder, 'metastore.json')), warehouse } };
}
