import { openDirectoryStore, type ObjectStore } from '@ergane/storage';
import { makeTemporaryFolder } from '@ergane/testing';
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ErganeError } from '@ergane/protocol';
import { createEngine, openFileMetastore, openWarehouse, printValue, type RunOptions } from '../../src/index.ts';

/** An engine over tables on S3 alone, with a folder as S3 unless `store` is another, whose `bucket` takes what is put. */
export async function openFileEngine(options: { readonly store?: ObjectStore; readonly bucket?: string } = {}) {
  const folder = await makeTemporaryFolder();
  const spill = openDirectoryStore(path.join(folder.path, 's3'));
  const engine = await createEngine({
    catalogs: {},
    invoker: { invoke: () => Promise.reject(new Error('there are no functions')) },
    spill: { store: spill, bucket: 'spill', prefix: 'p' },
    temporaryDirectory: path.join(folder.path, 'tmp'),
    dataCatalog: {
      metastore: openFileMetastore(path.join(folder.path, 'metastore.json')),
      warehouse: openWarehouse({ store: options.store ?? spill, cacheFolder: path.join(folder.path, 'cache') }),
    },
  });
  const rows = async (sql: string, run: RunOptions = {}): Promise<(string | null)[][]> => {
    await using result = await engine.run(sql, { catalog: 'awsdatacatalog', schema: 'default', ...run });
    const all: (string | null)[][] = [];
    for await (const batch of result.batches)
      for (const row of batch)
        all.push(
          row.map((value, index) => {
            const column = result.columns[index];
            if (column === undefined) throw new Error('a value without a column');
            return printValue(value, column.type);
          }),
        );
    return all;
  };
  return {
    engine,
    rows,
    folder: path.join(folder.path, 's3'),
    /** Writes an object as it is. */
    async put(key: string, content: string | Uint8Array): Promise<void> {
      if (options.store !== undefined) return options.store.put(options.bucket ?? 'b', key, Buffer.from(content));
      const file = path.join(folder.path, 's3', 'b', key);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    },
    /** `CODE message` of the error that a statement ends in. */
    async fails(sql: string): Promise<string> {
      try {
        return `no error: ${JSON.stringify(await rows(sql))}`;
      } catch (error) {
        return error instanceof ErganeError ? `${error.code} ${error.message}` : String(error);
      }
    },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Writes a query's rows as Parquet, as some other program would. */
export async function writeParquet(file: string, query: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${query}) TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}
