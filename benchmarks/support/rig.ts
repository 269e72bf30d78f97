// Ergane as a benchmark uses it: a function host with bundled connectors over the test servers, and an engine.
import { createEngine, type Engine } from '@ergane/engine';
import { startFunctionHost, type FunctionHost } from '@ergane/functions';
import { openDirectoryStore } from '@ergane/storage';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { bundleConnectorForTests } from '@ergane/testing';
import { cpuSecondsOf, peakMemoryOf } from './measure.ts';

// as the command line does
setFlagsFromString('--no-incremental-marking');

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
  /** CPU seconds of this process and of every function so far */
  cpuSeconds(): number;
  /** peak resident MiB of this process and of the functions, added up */
  peakMemory(): { readonly engine: number; readonly functions: number; readonly largestFunction: number };
}

export async function openRig(sources: Readonly<Record<string, Source>>): Promise<Rig> {
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

/**
 * The URL of a test server, as `npm run servers start <name>` prints it. PostgreSQL without TLS, for its client as for Ergane: the references
 * were measured so, and the MySQL clients use none by themselves.
 */
export function serverUrl(name: 'postgresql' | 'mysql' | 'mariadb' | 'dynamodb' | 's3'): URL {
  const variable = `ERGANE_TEST_${name.toUpperCase()}`;
  const text = process.env[variable];
  if (text === undefined) throw new Error(`set ${variable}: node scripts/servers.mjs start ${name}`);
  const url = new URL(text);
  if (name === 'postgresql') url.searchParams.set('sslmode', 'disable');
  return url;
}
