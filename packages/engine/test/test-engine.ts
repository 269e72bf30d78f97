import { mkdtemp, rm, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Invoker } from '@ergane/protocol';
import { openStore } from '@ergane/storage';
import type { ObjectStore } from '@ergane/storage';
import { makeParts } from '../src/engine.ts';
import type { EngineParts, EngineOptions, RunOptions } from '../src/engine.ts';
import type { ResultValue } from '../src/result/query-result.ts';
import { runQuery } from '../src/run-query.ts';

export interface TestPlace extends AsyncDisposable {
  readonly folder: string;
  readonly store: ObjectStore;
  /** names of the files that are left in the spill store */
  leftovers(): Promise<string[]>;
}

export async function makeTestPlace(): Promise<TestPlace> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ergane-engine-'));
  const store = await openStore(`file://${folder}/spill`);
  return {
    folder,
    store,
    async leftovers() {
      const found = await readdir(`${folder}/spill`, { recursive: true, withFileTypes: true }).catch(() => []);
      return found.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The engine's parts over one function, `fake`, as catalog `c`. */
export function makeTestParts(
  place: TestPlace,
  invoker: Invoker,
  options: Partial<EngineOptions> = {},
): EngineParts & AsyncDisposable {
  const parts = makeParts({
    catalogs: { c: { functionName: 'fake' } },
    invoker,
    spill: { store: place.store, bucket: 'spill', prefix: 'p' },
    temporaryDirectory: path.join(place.folder, 'tmp'),
    ...options,
  });
  return {
    ...parts,
    async [Symbol.asyncDispose]() {
      await parts.pool[Symbol.asyncDispose]();
      await parts.sweep[Symbol.asyncDispose]();
    },
  };
}

/** Runs SQL whose unqualified names are tables of catalog c, schema s. */
export async function rowsOf(
  parts: EngineParts,
  sql: string,
  options: RunOptions = {},
): Promise<(readonly ResultValue[])[]> {
  const rows: (readonly ResultValue[])[] = [];
  const result = await runQuery(parts, sql, { catalog: 'c', schema: 's', ...options });
  for await (const batch of result.batches) rows.push(...batch);
  return rows;
}
