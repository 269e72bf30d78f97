import assert from 'node:assert/strict';
import test from 'node:test';
import { makeValues } from '@ergane/protocol';
import { Utf8 } from 'apache-arrow';
import { BY_ID, ask, openTestDynamodb, putItem } from './dynamodb-for-tests.ts';
import type { Answer } from './dynamodb-for-tests.ts';
import { failsSaying } from '@ergane/sdk/testing';
import { makeDynamodbDefinition } from '../src/definition.ts';

const DIGITS = '12345678901234567890123456789012345678';

const typesOf = ({ schema }: Answer): Readonly<Record<string, string>> =>
  Object.fromEntries(schema.fields.map((field) => [field.name, String(field.type)]));

void test('every attribute type is read; NULL and missing are NULL alike', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const table = await db.createTable(BY_ID);
  await db.put(table, [
    {
      id: { S: 'full' },
      text: { S: 'Ünïcödé 🙂 "quoted"' },
      empty: { S: '' },
      whole: { N: DIGITS },
      fraction: { N: '-0.5' },
      small: { N: '7' },
      yes: { BOOL: true },
      bytes: { B: Uint8Array.of(0, 255, 128) },
      strings: { SS: ['a', 'b'] },
      numbers: { NS: ['1', '2.5'] },
      binaries: { BS: [Uint8Array.of(1)] },
      list: { L: [{ N: '1' }, { N: '2' }] },
      map: { M: { Inner: { S: 'x' }, deep: { M: { n: { N: '1.25' } } } } },
      nothing: { NULL: true },
    },
    {
      id: { S: 'nulls' },
      text: { NULL: true },
      whole: { NULL: true },
      list: { L: [] },
      map: { M: {} },
    },
    { id: { S: 'bare' } },
  ]);
  const answer = await ask(db, { table });
  assert.deepEqual(typesOf(answer), {
    id: 'Utf8',
    binaries: 'List<Binary>',
    bytes: 'Binary',
    empty: 'Utf8',
    fraction: 'Decimal[38e+1]',
    list: 'List<Decimal[38e0]>',
    map: 'Struct<{Inner:Utf8, deep:Struct<{n:Decimal[38e+2]}>}>',
    nothing: 'Utf8',
    numbers: 'List<Decimal[38e+1]>',
    small: 'Decimal[38e0]',
    strings: 'List<Utf8>',
    text: 'Utf8',
    whole: 'Decimal[38e0]',
    yes: 'Bool',
  });
  const byId = new Map(answer.rows.map((row) => [row['id'], row]));
  const { numbers, ...full } = byId.get('full') ?? {};
  assert.deepEqual(full, {
    id: 'full',
    binaries: ['01'],
    bytes: '00ff80',
    empty: '',
    fraction: '-0.5',
    list: ['1', '2'],
    map: { Inner: 'x', deep: { n: '1.25' } },
    nothing: null,
    small: '7',
    strings: ['a', 'b'],
    text: 'Ünïcödé 🙂 "quoted"',
    whole: DIGITS,
    yes: true,
  });
  assert.deepEqual(new Set(Array.isArray(numbers) ? numbers : []), new Set(['1.0', '2.5']));
  const none = Object.fromEntries(answer.schema.fields.map((field) => [field.name, null]));
  assert.deepEqual(byId.get('nulls'), { ...none, id: 'nulls', list: [], map: { Inner: null, deep: null } });
  assert.deepEqual(byId.get('bare'), { ...none, id: 'bare' });
  assert.deepEqual(answer.notes, []);
});

void test('what has no type in common is text, documents as JSON', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const table = await db.createTable(BY_ID);
  await db.put(table, [
    { id: { S: '1' }, v: { S: 'text' }, l: { L: [{ S: 'a' }, { N: '1' }, { BOOL: false }, { NULL: true }] } },
    { id: { S: '2' }, v: { N: DIGITS }, l: { SS: ['b'] } },
    { id: { S: '3' }, v: { BOOL: true } },
    { id: { S: '4' }, v: { M: { b: { N: '1.25' }, a: { L: [{ S: '"' }] }, c: { NULL: true } } } },
    { id: { S: '5' }, v: { NULL: true } },
    { id: { S: '6' }, v: { B: Uint8Array.of(1, 2, 3) } },
    { id: { S: '7' }, v: { NS: ['3'] } },
  ]);
  const answer = await ask(db, { table });
  assert.deepEqual(typesOf(answer), { id: 'Utf8', l: 'List<Utf8>', v: 'Utf8' });
  const values = Object.fromEntries(answer.rows.map((row) => [row['id'], row['v']]));
  assert.deepEqual(values, {
    1: 'text',
    2: DIGITS,
    3: 'true',
    4: '{"a":["\\""],"b":1.25,"c":null}',
    5: null,
    6: 'AQID',
    7: '[3]',
  });
  assert.deepEqual(answer.rows.find((row) => row['id'] === '1')?.['l'], ['a', '1', 'false', null]);
});

void test('numbers are decimals while 38 digits hold them, then doubles or text', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const table = await db.createTable(BY_ID);
  const largest = '9.9999999999999999999999999999999999999E+125';
  await db.put(table, [
    { id: { S: 'a' }, exact: { N: '0.00000000000000000001' }, wide: { N: '1e30' }, digits: { N: largest } },
    { id: { S: 'b' }, exact: { N: '123456789012345678' }, wide: { N: '1e-30' }, digits: { N: '-1' } },
  ]);
  const answer = await ask(db, { table });
  assert.deepEqual(typesOf(answer), {
    id: 'Utf8',
    digits: 'Utf8',
    exact: 'Decimal[38e+20]',
    wide: 'Float64',
  });
  const [a, b] = [...answer.rows].sort((one, other) => (String(one['id']) < String(other['id']) ? -1 : 1));
  assert.equal(a?.['exact'], '0.00000000000000000001');
  assert.equal(b?.['exact'], '123456789012345678.00000000000000000000');
  assert.equal(a?.['wide'], 1e30);
  assert.equal(b?.['wide'], 1e-30);
  assert.equal(BigInt(String(a?.['digits'])), 99999999999999999999999999999999999999n * 10n ** 88n);
});

void test('an empty table has its keys, of every key type', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const table = await db.createTable({
    KeySchema: [
      { AttributeName: 'Hash', KeyType: 'HASH' },
      { AttributeName: 'Range', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'Hash', AttributeType: 'B' },
      { AttributeName: 'Range', AttributeType: 'N' },
      { AttributeName: 'other', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-other',
        KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  const answer = await ask(db, { table });
  assert.deepEqual(typesOf(answer), { hash: 'Binary', range: 'Decimal[38e+9]', other: 'Utf8' });
  assert.deepEqual(answer.rows, []);
});

void test('attributes that differ in case, reserved words and odd names are all there', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const table = await db.createTable(BY_ID);
  const names = [
    'name',
    'Name',
    'NAME',
    'name_2',
    'select',
    'with space',
    'dot.ted',
    'Größe',
    'constructor',
    '__proto__',
  ];
  const attributes = names.map((name) => [name, { S: `of ${name}` }] as const);
  await db.put(table, [{ id: { S: '1' }, ...Object.fromEntries(attributes) }, { id: { S: '2' } }]);
  const columns = [
    'name',
    'name_3',
    'name_4',
    'name_2',
    'select',
    'with space',
    'dot.ted',
    'größe',
    'constructor',
    '__proto__',
  ];
  for (const asked of [undefined, columns]) {
    const { rows } = await ask(db, { table, ...(asked && { columns: asked }) });
    const row = rows.find((each) => each['name'] !== null) ?? {};
    assert.deepEqual(
      columns.map((column) => row[column]),
      ['of name', 'of NAME', 'of Name', ...names.slice(3).map((name) => `of ${name}`)],
    );
    const bare = rows.find((each) => each['name'] === null) ?? {};
    assert.deepEqual(
      columns.map((column) => bare[column]),
      columns.map(() => null),
    );
  }
});

void test('maps whose keys are data are maps, members that differ in case are JSON', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const table = await db.createTable(BY_ID);
  const counts = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`key${index}`, { N: `${index}` }]));
  await putItem(db, table, {
    id: { S: '1' },
    counts: { M: counts },
    twins: { M: { a: { N: '1' }, A: { N: '2' } } },
    e: { M: {} },
  });
  const answer = await ask(db, { table });
  const types = typesOf(answer);
  assert.match(types['counts'] ?? '', /^Map/);
  assert.match(types['e'] ?? '', /^Map/);
  assert.equal(types['twins'], 'Utf8');
  const [row = {}] = answer.rows;
  const map = row['counts'];
  assert.ok(map instanceof Map);
  assert.equal(map.size, 300);
  assert.equal(map.get('key299'), '299');
  assert.equal(row['twins'], '{"A":2,"a":1}');
  assert.deepEqual(row['e'], new Map());
});

void test('what the sample did not show is told: new attributes are counted, values that do not fit are errors', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const table = await db.createTable(BY_ID);
  await db.put(table, [{ id: { S: '1' }, n: { N: '1' }, m: { M: { a: { N: '1' } } } }]);
  const context = { ...db.environment };
  const definition = makeDynamodbDefinition();
  await ask({ environment: context }, { table }, definition);
  await db.put(table, [
    { id: { S: '2' }, n: { N: '2' }, m: { M: { a: { N: '1' }, b: { N: '1' } } }, late: { S: 'x' } },
  ]);
  const seen = await ask({ environment: context }, { table }, definition);
  assert.equal(seen.rows.length, 2);
  assert.equal(seen.statistics['valuesLeftOut'], 2);
  assert.deepEqual(seen.notes.map((note) => /"([^"]*)"/.exec(note)?.[1]).sort(), ['late', 'm.b']);
  await db.put(table, [{ id: { S: '3' }, n: { N: '2.5' } }]);
  await assert.rejects(
    ask({ environment: context }, { table }, definition),
    failsSaying('SOURCE_DATA_INVALID', 'column "n"', 'id=3', '2.5', 'ergane_table_definitions'),
  );
  await db.put(table, [{ id: { S: '3' }, n: { S: 'many' } }]);
  await assert.rejects(
    ask({ environment: context }, { table, columns: ['n'] }, definition),
    failsSaying('SOURCE_DATA_INVALID', 'column "n"', 'is S many'),
  );
});

void test('a local index fetches more columns than a projection may name', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const table = await db.createTable({
    KeySchema: [
      { AttributeName: 'id', KeyType: 'HASH' },
      { AttributeName: 'n', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: ['id', 'n', 'm'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    LocalSecondaryIndexes: [
      {
        IndexName: 'by-m',
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'm', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
  const attributes = Array.from({ length: 1500 }, (_, n) => [`c${n}`, { N: String(n) }] as const);
  await putItem(db, table, { id: { S: '1' }, n: { S: 'a' }, m: { S: 'b' }, ...Object.fromEntries(attributes) });
  const summary = { id: makeValues(new Utf8(), ['1']), m: makeValues(new Utf8(), ['b']) };
  const { rows, explained } = await ask(db, { table, constraints: { summary } });
  assert.match(explained[0] ?? '', /index "by-m"/);
  assert.equal(rows[0]?.['c1499'], '1499');
});

void test('ten thousand columns are read, all of them or some', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const table = await db.createTable(BY_ID);
  for (let item = 0; item < 20; item++) {
    const attributes = Array.from({ length: 500 }, (_, n) => [`c${item * 500 + n}`, { N: String(n) }] as const);
    await putItem(db, table, { id: { S: `i${item}` }, ...Object.fromEntries(attributes) });
  }
  const all = await ask(db, { table });
  assert.equal(all.schema.fields.length, 10_001);
  assert.equal(all.rows.find((row) => row['id'] === 'i19')?.['c9999'], '499');
  assert.deepEqual(all.notes, []);
  // more than a projection expression may name
  const columns = Array.from({ length: 2000 }, (_, n) => `c${n * 5}`);
  const some = await ask(db, { table, columns: ['id', ...columns] });
  assert.equal(some.rows.find((row) => row['id'] === 'i19')?.['c9995'], '495');
});
