import { openDirectoryStore } from '@ergane/storage';
import { makeTemporaryFolder } from '@ergane/testing';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import {
  createEngine,
  openFileMetastore,
  openWarehouse,
  printValue,
  type Engine,
  type RunOptions,
} from '../../src/index.ts';
import type { WriteStep } from '../../src/write/write-transaction.ts';

export interface WriteFixture extends AsyncDisposable {
  readonly engine: Engine;
  /** holds `s3/<bucket>/<key>` and the metastore */
  readonly folder: string;
  rows(sql: string, options?: RunOptions): Promise<(string | null)[][]>;
  /** the number of rows that a statement wrote */
  write(sql: string, options?: RunOptions): Promise<number>;
  /** every file below `s3/`, staged ones too */
  files(): Promise<string[]>;
}

export interface FixtureOptions {
  readonly folder?: string;
  readonly onWriteStep?: (step: WriteStep) => void | Promise<void>;
}

/** An engine over a folder as S3, without any function. */
export async function openWriteFixture({ folder, onWriteStep }: FixtureOptions = {}): Promise<WriteFixture> {
  const own = folder === undefined ? await makeTemporaryFolder() : undefined;
  const place = folder ?? own?.path ?? '';
  const engine = await openWriteEngine(place, onWriteStep);
  return {
    engine,
    folder: place,
    async rows(sql, options = {}) {
      await using result = await engine.run(sql, options);
      const rows: (string | null)[][] = [];
      for await (const batch of result.batches)
        for (const row of batch)
          rows.push(result.columns.map(({ type }, index) => printValue(row[index] ?? null, type)));
      return rows;
    },
    async write(sql, options = {}) {
      await using result = await engine.run(sql, options);
      for await (const batch of result.batches) if (batch.length > 0) throw new Error(`${sql} gave rows`);
      if (result.written === undefined) throw new Error(`${sql} wrote nothing`);
      return Number(result.written.rows);
    },
    files: () => listFiles(place),
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await own?.[Symbol.asyncDispose]();
    },
  };
}

export function openWriteEngine(folder: string, onWriteStep?: FixtureOptions['onWriteStep']): Promise<Engine> {
  const store = openDirectoryStore(path.join(folder, 's3'));
  return createEngine({
    catalogs: {},
    invoker: { invoke: () => Promise.reject(new Error('there are no functions')) },
    spill: { store, bucket: 'spill', prefix: 'p' },
    temporaryDirectory: path.join(folder, 'tmp'),
    dataCatalog: {
      metastore: openFileMetastore(path.join(folder, 'metastore.json')),
      warehouse: openWarehouse({ store, cacheFolder: path.join(folder, 'cache') }),
      ...(onWriteStep !== undefined && { onWriteStep }),
    },
  });
}

export async function listFiles(folder: string): Promise<string[]> {
  const root = path.join(folder, 's3');
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
}
