import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeBase64, decodeRecordBatch, decodeResponse, encodeRecordBatch, encodeSchema } from '@ergane/protocol';
import {
  decryptSpill,
  encryptSpill,
  encryptSpillParts,
  encryptSpillPieces,
  makeEncryptionKey,
} from '@ergane/protocol/spill';
import fc from 'fast-check';
import { readWithArrow, withFloats } from './arrow-rows.ts';
import { encodeJson, readWireCases } from './wire-fixtures.ts';

test('objects that AWS wrote decrypt, and hold the recorded rows', () => {
  let objects = 0;
  for (const recorded of readWireCases('ReadRecords')) {
    if (!recorded.spilled?.length) continue;
    const response = decodeResponse(encodeJson(recorded.response));
    assert.equal(response.type, 'RemoteReadRecordsResponse');
    if (response.type !== 'RemoteReadRecordsResponse') continue;
    const keys = response.remoteBlocks.map((block) => block.key);
    assert.deepEqual(recorded.spilled.map(({ key }) => key).sort(), [...keys].sort());
    for (const { bytes, rows } of recorded.spilled) {
      const stored = decodeBase64(bytes, 'bytes');
      const clear = response.encryptionKey ? decryptSpill(stored, response.encryptionKey) : stored;
      const batch = decodeRecordBatch(clear, response.schema);
      const read = readWithArrow(encodeSchema(batch.schema, 'legacy'), encodeRecordBatch(batch, 'legacy'));
      assert.deepEqual(read.rows, withFloats(rows, read.rows));
      objects++;
    }
  }
  assert.equal(objects, 4);
});

test('what was encrypted decrypts to the same, whole or in parts, with keys of every length', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 5 }),
      fc.constantFrom(16, 24, 32),
      (parts, keyLength) => {
        const { key, nonce } = makeEncryptionKey();
        const shorter = { key: key.subarray(0, keyLength), nonce };
        const whole = new Uint8Array(Buffer.concat(parts));
        const encrypted = encryptSpillParts(parts, shorter);
        assert.deepEqual(encrypted, encryptSpill(whole, shorter));
        assert.deepEqual(decryptSpill(encrypted, shorter), whole);
      },
    ),
  );
});

test('short and long parts in any order', () => {
  const lengths = fc.array(fc.constantFrom(0, 1, 8, 4000, 16_383, 16_384, 300_000), { maxLength: 8 });
  fc.assert(
    fc.property(lengths, (lengths) => {
      const parts = lengths.map((length, at) => new Uint8Array(length).fill(at + 1));
      const key = makeEncryptionKey();
      const whole = new Uint8Array(Buffer.concat(parts));
      assert.deepEqual(decryptSpill(encryptSpillParts(parts, key), key), whole);
      assert.deepEqual(decryptSpill(Buffer.concat(encryptSpillPieces(parts, key)), key), whole);
    }),
    { numRuns: 50 },
  );
});

test('objects longer than a piece of the cipher', () => {
  const key = makeEncryptionKey();
  const bytes = new Uint8Array(1_000_003).map((_, index) => index * 7);
  assert.deepEqual(decryptSpill(encryptSpill(bytes, key), key), bytes);
});

test('a truncated, altered or foreign object is SPILL_CORRUPT', () => {
  const key = makeEncryptionKey();
  const encrypted = encryptSpill(new Uint8Array(5000), key);
  const altered = encrypted.slice();
  altered[100] = (altered[100] ?? 0) ^ 1;
  const failures: [Uint8Array, typeof key, RegExp][] = [
    [altered, key, /does not agree with its tag/],
    [encrypted.subarray(0, 4000), key, /does not agree with its tag/],
    [encrypted.subarray(0, 10), key, /has 10 bytes.*truncated/],
    [encrypted, makeEncryptionKey(), /another key/],
    [encrypted, { ...key, key: key.key.subarray(0, 5) }, /an encryption key of 5 bytes/],
  ];
  for (const [bytes, with_, message] of failures)
    assert.throws(() => decryptSpill(bytes, with_), { name: 'ErganeError', code: 'SPILL_CORRUPT', message });
});
