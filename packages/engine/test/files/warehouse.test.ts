import { ErganeError } from '@ergane/protocol';
import { openDirectoryStore, openStore, type ObjectInfo, type ObjectStore } from '@ergane/storage';
import { makeTemporaryFolder, requireServer, skipUnlessCi } from '@ergane/testing';
import { DuckDBInstance } from '@duckdb/node-api';
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile, readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { ObjectCache } from '../../src/files/object-cache.ts';
import { openWarehouse } from '../../src/files/open-warehouse.ts';
import { makeBucket } from './make-bucket.ts';

async function headOf(store: ObjectStore, key: string): Promise<ObjectInfo> {
  const info = await store.head('b', key);
  if (info === undefined) throw new Error(`no ${key}`);
  return info;
}

describe('the warehouse', () => {
  it('reads a directory store in place', async () => {
    await using folder = await makeTemporaryFolder();
    const store = openDirectoryStore(folder.path);
    await store.put('b', 'x/y z', Buffer.from('abc'));
    await using warehouse = openWarehouse({ store, cacheFolder: path.join(folder.path, 'none') });
    using reading = warehouse.openReading();
    const file = await reading.readablePath('b', await headOf(store, 'x/y z'));
    assert.equal(file, path.join(folder.path, 'b', 'x', 'y z'));
    assert.ok(warehouse.folders.every((each) => each.startsWith(folder.path)));
    assert.ok(warehouse.folders.includes(folder.path));
  });

  it('copies objects of an S3 server by ranges', async (context) => {
    const server = requireServer(context, 's3');
    if (server === undefined) return;
    await using folder = await makeTemporaryFolder();
    await using store = openStore(`s3+${server.href}`);
    const bytes = randomBytes(20_000_003);
    const key = `warehouse-${randomUUID()}/large`;
    const bucket = 'ergane-warehouse-test';
    await makeBucket(server, bucket);
    await store.put(bucket, key, bytes);
    const warehouse = openWarehouse({ store, cacheFolder: folder.path });
    using reading = warehouse.openReading();
    const info = await store.head(bucket, key);
    assert.ok(info !== undefined);
    const [first, second] = await Promise.all([reading.readablePath(bucket, info), reading.readablePath(bucket, info)]);
    assert.equal(first, second);
    assert.ok(bytes.equals(await readFile(first)));
    await store.put(bucket, key, bytes.subarray(1));
    const changed = { ...info, etag: 'another', size: bytes.length - 1 };
    await assert.rejects(reading.readablePath(bucket, changed), (error) => {
      return error instanceof ErganeError && error.code === 'SOURCE_CHANGED' && error.message.includes(key);
    });
    await store.delete(bucket, [key]);
  });

  it("DuckDB's httpfs reads from an S3 server, and nothing but S3", async (context) => {
    const server = requireServer(context, 's3');
    if (server === undefined) return;
    const extension = process.env['ERGANE_TEST_HTTPFS'];
    if (extension === undefined)
      return skipUnlessCi(context, 'no httpfs extension of DuckDB: ERGANE_TEST_HTTPFS is its file');
    await using store = openStore(`s3+${server.href}`);
    const bucket = 'ergane-warehouse-test';
    await makeBucket(server, bucket);
    await store.put(bucket, 'httpfs/a b.csv', Buffer.from('1,x\n2,y\n'));
    const credentials = { accessKeyId: server.username, secretAccessKey: server.password };
    const httpfs = { extension, endpoint: server.origin, credentials };
    const warehouse = openWarehouse({ store, cacheFolder: '/nowhere', httpfs });
    using reading = warehouse.openReading();
    const info = await store.head(bucket, 'httpfs/a b.csv');
    assert.ok(info !== undefined);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    for (const statement of warehouse.setup) await connection.run(statement);
    await connection.run(`SET allowed_directories = ['${warehouse.folders.join("', '")}']`);
    await connection.run('SET enable_external_access = false');
    const path = await reading.readablePath(bucket, info);
    const answer = await connection.runAndReadAll(`SELECT * FROM read_csv(['${path}'])`);
    assert.deepEqual(answer.getRowsJson(), [
      ['1', 'x'],
      ['2', 'y'],
    ]);
    await assert.rejects(connection.run("SELECT * FROM read_text('/etc/passwd')"), /disabled by configuration/);
    connection.closeSync();
  });

  it('keeps the copies used last within its bound, and those in use', async () => {
    await using folder = await makeTemporaryFolder();
    const store = openDirectoryStore(path.join(folder.path, 'store'));
    const cacheFolder = path.join(folder.path, 'cache');
    const cache = new ObjectCache({ store, folder: cacheFolder, maxBytes: 250 });
    const copies: string[] = [];
    for (const key of ['a', 'b', 'c', 'd']) {
      await store.put('b', key, Buffer.alloc(100, key));
      const file = await cache.pin('b', await headOf(store, key));
      copies.push(path.basename(file));
      // long ago, so that only the bound and the pins decide
      const time = new Date(Date.now() - 3_600_000 + copies.length * 1000);
      await utimes(file, time, time);
      if (key !== 'a') cache.unpin(file);
    }
    assert.deepEqual((await readdir(cacheFolder)).sort(), [copies[0], copies[3]].sort());
  });
});
