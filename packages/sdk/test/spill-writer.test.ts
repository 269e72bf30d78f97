import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeRecordBatch, ErganeError } from '@ergane/protocol';
import { decryptSpill, makeEncryptionKey } from '@ergane/protocol/spill';
import type { ObjectStore } from '@ergane/storage';
import { Field, Int32, Schema } from 'apache-arrow';
import { makeBatchWriter } from '../src/index.ts';
import { openSpillWriter } from '../src/read/spill-writer.ts';
import type { SpillTarget } from '../src/read/spill-writer.ts';
import { failsWith, plainRows } from '../src/testing/index.ts';

const schema = new Schema([new Field('n', new Int32(), true)]);
const location = { type: 'S3SpillLocation', bucket: 'b', key: 'k', directory: true } as const;

function batchOf(...numbers: readonly number[]) {
  const writer = makeBatchWriter(schema, { rows: numbers.length });
  for (const number of numbers) writer.appendRow([number]);
  return writer.finish();
}

/** A store in memory with room for some objects, whose puts end when they are let. */
function makeMemoryStore(room = Infinity) {
  const objects = new Map<string, Uint8Array>();
  const held: (() => void)[] = [];
  let holding = false;
  const unused = () => Promise.reject(new Error('not used'));
  const store: ObjectStore = {
    location: 'memory',
    async put(_bucket, key, bytes) {
      if (holding) await new Promise<void>((resolve) => held.push(resolve));
      if (objects.size >= room)
        throw new ErganeError('STORE_FAILED', `put of "${key}" failed: no space left on device`);
      objects.set(key, bytes instanceof Uint8Array ? bytes : Buffer.concat(bytes));
    },
    get: unused,
    head: unused,
    async *list() {},
    delete(_bucket, keys) {
      for (const key of keys) objects.delete(key);
      return Promise.resolve();
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const hold = () => {
    holding = true;
  };
  const letGo = () => {
    holding = false;
    for (const resolve of held.splice(0)) resolve();
  };
  return { store, objects, held, hold, letGo };
}

function open(store: ObjectStore, more: Partial<SpillTarget> = {}) {
  return openSpillWriter({
    openStore: () => Promise.resolve(store),
    location,
    encryptionKey: makeEncryptionKey(),
    blockNonces: false,
    headers: {},
    uploads: 2,
    signal: new AbortController().signal,
    ...more,
  });
}

test('blocks in the order of their names, also when uploads end in another; each with its own nonce where announced', async () => {
  const encryptionKey = makeEncryptionKey();
  for (const blockNonces of [false, true]) {
    const { store, objects } = makeMemoryStore();
    const spill = open(store, { encryptionKey, blockNonces });
    for (let block = 0; block < 5; block++) await spill.write(batchOf(block, block));
    const { blocks, nonces } = await spill.close();
    assert.deepEqual(
      blocks.map(({ key, directory }) => [key, directory]),
      [0, 1, 2, 3, 4].map((block) => [`k.${block}`, false]),
    );
    assert.equal(new Set(nonces.map((nonce) => Buffer.from(nonce).toString('hex'))).size, blockNonces ? 5 : 0);
    for (const [block, { key }] of blocks.entries()) {
      const nonce = nonces[block] ?? encryptionKey.nonce;
      const bytes = decryptSpill(objects.get(key) ?? new Uint8Array(), { key: encryptionKey.key, nonce });
      assert.deepEqual(plainRows(decodeRecordBatch(bytes, schema)), [[block], [block]]);
    }
    assert.equal(
      spill.bytes,
      [...objects.values()].reduce((sum, bytes) => sum + bytes.length, 0),
    );
  }
});

test('a read waits while two uploads are on their way', async () => {
  const { store, held, hold, letGo } = makeMemoryStore();
  const spill = open(store);
  hold();
  await spill.write(batchOf(1));
  await spill.write(batchOf(2));
  let written = false;
  const third = spill.write(batchOf(3)).then(() => (written = true));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(held.length, 2);
  assert.equal(written, false);
  letGo();
  await third;
  assert.equal((await spill.close()).blocks.length, 3);
});

test('a store that is full: the next write or the end says so, and what was written is deleted', async () => {
  const { store, objects } = makeMemoryStore(3);
  const spill = open(store);
  const writeAll = async () => {
    for (let block = 0; block < 100; block++) await spill.write(batchOf(block));
    await spill.close();
  };
  await assert.rejects(
    writeAll(),
    failsWith(['SPILL_FAILED'], { mentions: ['no space left on device', '"k"', '"b"'] }),
  );
  assert.equal(objects.size, 3);
  await spill.abandon();
  assert.equal(objects.size, 0);
  const last = open(makeMemoryStore(0).store);
  await last.write(batchOf(1));
  await assert.rejects(last.close(), failsWith(['SPILL_FAILED']));
});
