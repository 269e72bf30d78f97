import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import test, { describe } from 'node:test';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { makeTemporaryFolder, requireServer } from '@ergane/testing';
import type { ObjectStore } from '../src/index.ts';
import { openDirectoryStore, openS3Store, openStore } from '../src/index.ts';
import { failsWith } from './fails-with.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);

interface Opened {
  readonly store: ObjectStore;
  readonly bucket: string;
  close(): Promise<void>;
}

const STORES: Readonly<Record<string, (t: TestContext) => Promise<Opened | undefined>>> = {
  directory: async () => {
    const folder = await makeTemporaryFolder();
    const store = openDirectoryStore(folder.path);
    return { store, bucket: 'data', close: async () => folder[Symbol.asyncDispose]() };
  },
  s3: async (t) => {
    const url = requireServer(t, 's3');
    if (url === undefined) return undefined;
    const bucket = `storage-test-${process.pid}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
    const store = openStore(`s3+${url.href}`);
    await using client = disposable(
      new S3Client({
        endpoint: url.origin,
        region: 'us-east-1',
        forcePathStyle: true,
        credentials: {
          accessKeyId: decodeURIComponent(url.username),
          secretAccessKey: decodeURIComponent(url.password),
        },
      }),
    );
    await client.value.send(new CreateBucketCommand({ Bucket: bucket }));
    return {
      store,
      bucket,
      async close() {
        const keys: string[] = [];
        for await (const { key } of store.list(bucket, '')) keys.push(key);
        await store.delete(bucket, keys);
        await store[Symbol.asyncDispose]();
      },
    };
  },
};

function disposable(client: S3Client) {
  return { value: client, [Symbol.asyncDispose]: async () => client.destroy() };
}

for (const [name, open] of Object.entries(STORES)) {
  const suite = (title: string, run: (store: ObjectStore, bucket: string) => Promise<void>) => {
    void test(`${name}: ${title}`, async (t) => {
      const opened = await open(t);
      if (opened === undefined) return;
      try {
        await run(opened.store, opened.bucket);
      } finally {
        await opened.close();
      }
    });
  };

  suite('gives back what was put, and replaces it', async (store, bucket) => {
    await store.put(bucket, 'a/b/c.bin', bytes('first'));
    assert.equal(text(await store.get(bucket, 'a/b/c.bin')), 'first');
    await store.put(bucket, 'a/b/c.bin', bytes('second one'));
    assert.equal(text(await store.get(bucket, 'a/b/c.bin')), 'second one');
    const info = await store.head(bucket, 'a/b/c.bin');
    assert.equal(info?.size, 10);
    assert.equal(info.key, 'a/b/c.bin');
    assert.ok(info.lastModified > 1.6e12);
    assert.notEqual(info.etag, '');
  });

  suite('takes an object in pieces', async (store, bucket) => {
    await store.put(bucket, 'pieces', [bytes('one '), new Uint8Array(0), bytes('and '), bytes('two')]);
    assert.equal(text(await store.get(bucket, 'pieces')), 'one and two');
    await store.put(bucket, 'pieces', []);
    assert.equal((await store.get(bucket, 'pieces')).length, 0);
  });

  suite('reads ranges; past the end there is nothing', async (store, bucket) => {
    await store.put(bucket, 'numbers', bytes('0123456789'));
    const read = async (start: number, end: number) =>
      text(await store.get(bucket, 'numbers', { range: { start, end } }));
    assert.equal(await read(0, 10), '0123456789');
    assert.equal(await read(3, 5), '34');
    assert.equal(await read(8, 100), '89');
    assert.equal(await read(10, 20), '');
    assert.equal(await read(4, 4), '');
  });

  suite('keeps an empty object and a large one', async (store, bucket) => {
    await store.put(bucket, 'empty', new Uint8Array(0));
    assert.equal((await store.get(bucket, 'empty')).length, 0);
    const large = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 31) & 255);
    await store.put(bucket, 'large', large);
    assert.ok(Buffer.from(await store.get(bucket, 'large')).equals(Buffer.from(large)));
  });

  suite('takes names that need escaping', async (store, bucket) => {
    const keys = [
      'with space',
      'per%20cent',
      'plus+and&',
      'ünï/çødé 🙂',
      'quote\'"s',
      'question?mark#hash',
      'b\\c',
      '.hidden',
    ];
    for (const key of keys) await store.put(bucket, key, bytes(key));
    for (const key of keys) assert.equal(text(await store.get(bucket, key)), key);
    const listed: string[] = [];
    for await (const info of store.list(bucket, '')) listed.push(info.key);
    assert.deepEqual([...listed].sort(), [...keys].sort());
  });

  suite('lists by prefix in the order of the keys', async (store, bucket) => {
    const keys = ['a', 'b-1', 'b/1', 'b/2/x', 'b/20', 'b0', 'c/d/e'];
    for (const key of [...keys].reverse()) await store.put(bucket, key, bytes(key));
    const list = async (prefix: string) => {
      const found: string[] = [];
      for await (const info of store.list(bucket, prefix)) found.push(info.key);
      return found;
    };
    assert.deepEqual(await list(''), keys);
    assert.deepEqual(await list('b'), ['b-1', 'b/1', 'b/2/x', 'b/20', 'b0']);
    assert.deepEqual(await list('b/'), ['b/1', 'b/2/x', 'b/20']);
    assert.deepEqual(await list('b/2'), ['b/2/x', 'b/20']);
    assert.deepEqual(await list('c/d/'), ['c/d/e']);
    assert.deepEqual(await list('none/'), []);
  });

  suite('lists more than one page', async (store, bucket) => {
    const count = 1100;
    for (let from = 0; from < count; from += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, index) => store.put(bucket, `page/${from + index}`, new Uint8Array(1))),
      );
    const keys: string[] = [];
    for await (const info of store.list(bucket, 'page/')) keys.push(info.key);
    assert.equal(keys.length, count);
    await store.delete(bucket, keys);
    for await (const info of store.list(bucket, '')) assert.fail(`${info.key} is left`);
  });

  suite('an absent object is said to be absent; deleting it is no error', async (store, bucket) => {
    assert.equal(await store.head(bucket, 'no/thing'), undefined);
    await assert.rejects(store.get(bucket, 'no/thing'), failsWith('OBJECT_NOT_FOUND', 'no/thing', bucket));
    await store.delete(bucket, ['no/thing', 'nor/this']);
    await store.delete(bucket, []);
  });

  suite('refuses names that leave the bucket', async (store, bucket) => {
    for (const key of ['../x', 'a/../../x', '..', '.', '', 'a//b', '/etc/passwd', 'a/', 'a/./b', 'nul\0'])
      await assert.rejects(store.put(bucket, key, bytes('x')), failsWith('STORE_FAILED', 'no valid name'), key);
    for (const name of ['..', '.', '', 'a/b', 'a\\b'])
      await assert.rejects(store.get(name, 'x'), failsWith('STORE_FAILED', 'no valid name'), name);
    await assert.rejects(async () => {
      for await (const info of store.list('..', '')) assert.fail(info.key);
    }, failsWith('STORE_FAILED'));
  });

  suite('an aborted put leaves nothing', async (store, bucket) => {
    const signal = AbortSignal.abort();
    await assert.rejects(store.put(bucket, 'aborted', bytes('x'), { signal }), { name: 'AbortError' });
    assert.equal(await store.head(bucket, 'aborted'), undefined);
  });

  suite('readers see a whole object while it is replaced', async (store, bucket) => {
    const sizes = [1000, 200_000];
    await store.put(bucket, 'changing', new Uint8Array(1000));
    const writes = Array.from({ length: 20 }, (_, index) =>
      store.put(bucket, 'changing', new Uint8Array(sizes[index % 2] ?? 0).fill(index)),
    );
    const reads = Array.from({ length: 20 }, () => store.get(bucket, 'changing'));
    for (const read of await Promise.all(reads)) {
      assert.ok(sizes.includes(read.length), `${read.length} bytes`);
      assert.ok(read.every((byte) => byte === read[0]));
    }
    await Promise.all(writes);
  });
}

describe('directory store', () => {
  test('leaves no temporary files and no empty folders', async () => {
    await using folder = await makeTemporaryFolder();
    const store = openDirectoryStore(pathToFileURL(folder.path).href);
    await store.put('b', 'deep/er/k', bytes('x'));
    await mkdir(path.join(folder.path, 'b', 'taken'));
    await assert.rejects(store.put('b', 'taken', bytes('x')), failsWith('STORE_FAILED', '"taken"', 'folder'));
    await store.delete('b', ['deep/er/k']);
    assert.deepEqual(await readdir(path.join(folder.path, 'b')), ['taken']);
    assert.equal(store.localPath?.('b', 'x y'), path.join(folder.path, 'b', 'x y'));
  });
});

describe('openStore', () => {
  test('chooses by the URL', () => {
    assert.equal(openStore('/tmp/a b').location, 'file:///tmp/a%20b');
    assert.equal(openStore('file:///tmp/a%20b').location, 'file:///tmp/a%20b');
    assert.equal(openStore('s3://bucket/prefix').location, 's3://');
    assert.equal(openStore('s3+http://key:secret@127.0.0.1:9000').location, 's3:// at http://127.0.0.1:9000');
    assert.throws(() => openStore('ftp://x'), failsWith('CONFIG_INVALID', 'ftp'));
  });

  test('a server that is not there is named, with what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    await new Promise((resolve) => server.close(resolve));
    await using store = openS3Store({
      endpoint: `http://127.0.0.1:${address.port}`,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    });
    await assert.rejects(store.get('b', 'k'), failsWith('STORE_FAILED', String(address.port), 'endpoint'));
  });
});
