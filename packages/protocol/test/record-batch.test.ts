import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  blockByteLength,
  columnOfValues,
  decodeRecordBatch,
  decodeSchema,
  emptyRecordBatch,
  ErganeError,
  encodeRecordBatch,
  encodeSchema,
  type Framing,
  makeBatch,
  readValue,
} from '@ergane/protocol';
import { Field, Int32, MetadataVersion, MessageReader, type RecordBatch, Schema, Utf8 } from 'apache-arrow';
import fc from 'fast-check';
import { anyBatch, anySchema } from './arbitrary-batch.ts';
import { describeSchema, plainRows, readWithArrow } from './arrow-rows.ts';

const FRAMINGS: readonly Framing[] = ['legacy', 'modern'];

test('a schema encoded decodes to the same, for us and for apache-arrow', () => {
  fc.assert(
    fc.property(anySchema, fc.constantFrom(...FRAMINGS), (schema, framing) => {
      const bytes = encodeSchema(schema, framing);
      assert.equal(bytes.length % 8, 0);
      assert.deepEqual(describeSchema(decodeSchema(bytes)), describeSchema(schema));
      assert.deepEqual(describeSchema(readWithArrow(bytes, new Uint8Array(0)).schema), describeSchema(schema));
    }),
  );
});

test('a batch encoded decodes to the same, for us and for apache-arrow', () => {
  fc.assert(
    fc.property(anyBatch, fc.constantFrom(...FRAMINGS), (batch, framing) => {
      const bytes = encodeRecordBatch(batch, framing);
      assert.equal(bytes.length % 8, 0);
      assert.deepEqual(plainRows(decodeRecordBatch(bytes, batch.schema)), plainRows(batch));
      if (batch.numRows === 0) return; // apache-arrow reads a batch of no rows as none
      assert.deepEqual(readWithArrow(encodeSchema(batch.schema, framing), bytes).rows, plainRows(batch));
    }),
  );
});

test('a slice of a batch is encoded as what it shows', () => {
  fc.assert(
    fc.property(anyBatch, fc.nat(20), fc.nat(20), (batch, from, to) => {
      const slice: RecordBatch = batch.slice(Math.min(from, to), Math.max(from, to));
      const decoded = decodeRecordBatch(encodeRecordBatch(slice, 'legacy'), batch.schema);
      assert.deepEqual(plainRows(decoded), plainRows(slice));
      assert.equal(blockByteLength(decoded), blockByteLength(slice));
    }),
  );
});

test('legacy framing has metadata V4 and no marker, modern has V5', () => {
  fc.assert(
    fc.property(anySchema, (schema) => {
      const [legacy, modern] = [encodeSchema(schema, 'legacy'), encodeSchema(schema, 'modern')];
      assert.equal(new MessageReader(legacy).readMessage()?.version, MetadataVersion.V4);
      assert.equal(new MessageReader(modern).readMessage()?.version, MetadataVersion.V5);
      assert.deepEqual([...modern.subarray(0, 4)], [255, 255, 255, 255]);
    }),
  );
});

test('decoding copies nothing where the bytes are aligned, and is right where they are not', () => {
  fc.assert(
    fc.property(anyBatch, fc.integer({ min: 0, max: 8 }), (batch, shift) => {
      const bytes = encodeRecordBatch(batch, 'legacy');
      const moved = new Uint8Array(bytes.length + 16);
      moved.set(bytes, shift);
      const decoded = decodeRecordBatch(moved.subarray(shift, shift + bytes.length), batch.schema);
      assert.deepEqual(plainRows(decoded), plainRows(batch));
      if (shift % 8 !== 0) return;
      for (const column of decoded.data.children)
        if (column.values?.length > 0) assert.equal(column.values.buffer, moved.buffer);
    }),
  );
});

test('a batch of no rows has the columns of its schema', () => {
  fc.assert(
    fc.property(anySchema, (schema) => {
      const empty = emptyRecordBatch(schema);
      assert.equal(empty.numRows, 0);
      assert.equal(empty.numCols, schema.fields.length);
      assert.deepEqual(plainRows(decodeRecordBatch(encodeRecordBatch(empty, 'modern'), schema)), []);
    }),
  );
});

test('columns of one name stay apart', () => {
  const columns = [columnOfValues(new Int32(), [1, 2]), columnOfValues(new Utf8(), ['a', null])];
  const schema = new Schema(columns.map(({ type }) => new Field('twice', type, true)));
  const decoded = decodeRecordBatch(encodeRecordBatch(makeBatch(schema, 2, columns), 'legacy'), schema);
  assert.equal(decoded.schema, schema);
  assert.deepEqual(
    decoded.data.children.map((column) => [readValue(column, 0), readValue(column, 1)]),
    [
      [1, 2],
      ['a', null],
    ],
  );
  assert.throws(() => makeBatch(schema, 3, columns), { code: 'PROTOCOL_INVALID', message: /twice: expected 3 values/ });
  assert.throws(() => makeBatch(schema, 2, columns.slice(1)), { code: 'PROTOCOL_INVALID' });
});

test('rows without columns have a body, which Java needs', () => {
  const rows = makeBatch(new Schema([]), 7, []);
  const bytes = encodeRecordBatch(rows, 'modern');
  assert.equal(new MessageReader(bytes).readMessage()?.bodyLength, 8);
  assert.equal(decodeRecordBatch(bytes, rows.schema).numRows, 7);
});

test('garbage and truncation are PROTOCOL_INVALID, and never anything else', () => {
  const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), fc.nat(255)), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(anyBatch, changes, fc.double({ min: 0, max: 1, noNaN: true }), (batch, flips, kept) => {
      const whole = encodeRecordBatch(batch, 'legacy');
      const broken = whole.slice(0, Math.ceil(whole.length * kept));
      for (const [where, byte] of flips) broken[Math.floor(where * broken.length)] = byte;
      try {
        plainRows(decodeRecordBatch(broken, batch.schema));
        decodeSchema(broken);
      } catch (error) {
        if (!(error instanceof ErganeError)) throw error;
        assert.equal(error.code, 'PROTOCOL_INVALID');
      }
    }),
    { numRuns: 2000 },
  );
});

test('every truncation of a message is an error', () => {
  fc.assert(
    fc.property(anyBatch, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (batch, kept) => {
      const whole = encodeRecordBatch(batch, 'modern');
      const cut = whole.subarray(0, Math.floor(whole.length * kept));
      assert.throws(() => decodeRecordBatch(cut, batch.schema), { code: 'PROTOCOL_INVALID' });
    }),
  );
});
