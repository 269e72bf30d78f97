import assert from 'node:assert/strict';
import test from 'node:test';
import { Binary, Bool, Decimal, Field, Float64, List, Map_, Schema, Struct, Utf8 } from 'apache-arrow';
import type { DataType } from 'apache-arrow';
import fc from 'fast-check';
import { parseItemsAnswer } from '../src/items-answer.ts';
import { makeItemWriter } from '../src/read/item-writer.ts';
import type { ItemWriter, PageItems } from '../src/read/item-writer.ts';
import type { TableNotes } from '../src/schema/table-notes.ts';
import type { WireItem, WireValue } from '../src/wire.ts';
import { failsSaying } from '@ergane/sdk/testing';
import { readRows } from './read-rows.ts';

const entry = new Struct<{ key: Utf8; value: DataType }>([
  new Field('key', new Utf8(), false),
  new Field('value', new Utf8(), true),
]);
const COLUMNS: Readonly<Record<string, DataType>> = {
  text: new Utf8(),
  number: new Decimal(4, 38, 128),
  double: new Float64(),
  yes: new Bool(),
  bytes: new Binary(),
  list: new List(new Field('item', new Utf8(), true)),
  map: new Map_(new Field('entries', entry, false), false),
  row: new Struct([new Field('a', new Decimal(0, 38, 128), true), new Field('b', new Utf8(), true)]),
};
const SCHEMA = new Schema(Object.entries(COLUMNS).map(([name, type]) => new Field(name, type, true)));
const NOTES: TableNotes = { tableName: 't', sourceTable: 't', attributes: {}, columnCount: 8, keys: ['text'] };

const S: fc.Arbitrary<WireValue> = fc.record({ S: fc.string({ unit: 'grapheme', maxLength: 40 }) });
const N: fc.Arbitrary<WireValue> = fc.record({
  N: fc.oneof(
    fc.integer({ min: -1e9, max: 1e9 }).map((value) => String(value / 10_000)),
    fc.bigInt({ min: -(10n ** 34n) + 1n, max: 10n ** 34n - 1n }).map(String),
  ),
});
const smallN: fc.Arbitrary<WireValue> = fc.record({ N: fc.integer().map(String) });
const NULL: fc.Arbitrary<WireValue> = fc.constant({ NULL: true });
const anyValue: fc.Arbitrary<WireValue> = fc.letrec<{ value: WireValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    S,
    N,
    NULL,
    fc.record({ BOOL: fc.boolean() }),
    fc.record({ SS: fc.array(fc.string({ maxLength: 5 }), { minLength: 1, maxLength: 3 }) }),
    fc.record({ L: fc.array(tie('value'), { maxLength: 3 }) }),
    fc.record({ M: fc.dictionary(fc.string({ maxLength: 5 }), tie('value'), { maxKeys: 3 }) }),
  ),
})).value;
const BY_COLUMN: Readonly<Record<string, fc.Arbitrary<WireValue>>> = {
  text: anyValue,
  number: N,
  double: smallN,
  yes: fc.record({ BOOL: fc.boolean() }),
  bytes: fc.record({ B: fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('base64')) }),
  list: fc.oneof(
    fc.record({ L: fc.array(anyValue, { maxLength: 3 }) }),
    fc.record({ SS: fc.array(fc.string(), { minLength: 1, maxLength: 3 }) }),
  ),
  map: fc.record({ M: fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), S, { maxKeys: 3 }) }),
  row: fc.record({ M: fc.record({ a: smallN, b: S, other: S }, { requiredKeys: [] }) }),
};
const values = Object.fromEntries(Object.entries(BY_COLUMN).map(([name, value]) => [name, fc.oneof(value, NULL)]));
const item: fc.Arbitrary<WireItem> = fc
  .tuple(
    fc.record(values, { requiredKeys: [] }),
    fc.dictionary(fc.string({ maxLength: 6 }), anyValue, { maxKeys: 2 }),
    fc.boolean(),
  )
  .map(([known, others, turned]) => {
    const entries = [...Object.entries(known), ...Object.entries(others).filter(([name]) => !(name in COLUMNS))];
    const present = entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
    return Object.fromEntries(turned ? present.reverse() : present);
  });

function writeAll(writer: ItemWriter, page: PageItems): unknown[] {
  const rows: unknown[] = [];
  while (!writer.write(page)) rows.push(...readRows(writer.finish()));
  return [...rows, ...readRows(writer.finish())];
}

const answerOf = (items: readonly WireItem[], key?: WireItem): Buffer =>
  Buffer.from(
    JSON.stringify({ Count: items.length, Items: items, ...(key && { LastEvaluatedKey: key }), ScannedCount: 9 }),
  );

void test('items decoded from their bytes are the rows of their objects, and lose the same', () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 12 }), fc.option(S, { nil: undefined }), (items, key) => {
      const answer = parseItemsAnswer(answerOf(items, key && { k: key }));
      const { Items: _items, ItemBytes: _bytes, ...rest } = answer;
      assert.equal(
        JSON.stringify(rest),
        JSON.stringify({ Count: items.length, ...(key && { LastEvaluatedKey: { k: key } }), ScannedCount: 9 }),
      );
      assert.ok(answer.ItemBytes !== undefined);
      assert.deepEqual(answer.Items, JSON.parse(JSON.stringify(items)));
      const fromBytes = makeItemWriter(SCHEMA, NOTES, true);
      const fromObjects = makeItemWriter(SCHEMA, NOTES, true);
      const rows = writeAll(fromBytes, { bytes: answer.ItemBytes, items: [], position: 0 });
      assert.deepEqual(rows, writeAll(fromObjects, { bytes: undefined, items: answer.Items ?? [], position: 0 }));
      assert.deepEqual(fromBytes.losses, fromObjects.losses);
    }),
    { numRuns: 300 },
  );
});

void test('a page larger than a batch is several batches, by bytes too', () => {
  const items = Array.from({ length: 20_000 }, (_, n) => ({
    text: { S: `row ${n} ${'x'.repeat(n % 900)}` },
    number: { N: String(n / 4) },
  }));
  const { ItemBytes: bytes } = parseItemsAnswer(answerOf(items));
  const rows = writeAll(makeItemWriter(SCHEMA, NOTES, true), { bytes, items: [], position: 0 });
  assert.equal(rows.length, items.length);
  assert.deepEqual(rows[19_999], {
    ...Object.fromEntries(Object.keys(COLUMNS).map((name) => [name, null])),
    text: items[19_999]?.text.S,
    number: '4999.7500',
  });
});

void test('what does not fit is told with the key, and JSON that is not compact is read all the same', () => {
  const write = (text: string): unknown[] =>
    writeAll(makeItemWriter(SCHEMA, NOTES, true), { bytes: Buffer.from(text), items: [], position: 0 });
  assert.throws(
    () => write('{"text":{"S":"a"},"number":{"N":"1"}},{"text":{"S":"b"},"number":{"S":"many"}}'),
    failsSaying('SOURCE_DATA_INVALID', '"number"', 'text=b', 'S many'),
  );
  const [row] = write(' { "text" : { "S" : "spaced" } } ');
  assert.deepEqual(row, { ...Object.fromEntries(Object.keys(COLUMNS).map((name) => [name, null])), text: 'spaced' });
  assert.equal(parseItemsAnswer(Buffer.from('{ "Items": [ ], "Count": 0 }')).Items?.length, 0);
  assert.equal(parseItemsAnswer(Buffer.from('{"Count":3,"ScannedCount":3}')).Count, 3);
});
