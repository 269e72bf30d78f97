import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { makeTemporaryFolder } from '@ergane/testing';
import { makeDynamodbDefinition } from '../src/definition.ts';
import { printColumnType } from '../src/schema/column-type.ts';
import { makeDefinitionSource } from '../src/schema/definitions.ts';
import { parseColumnType } from '../src/schema/parse-type.ts';
import { ask, BY_ID, makeContext, openTestDynamodb } from './dynamodb-for-tests.ts';
import { failsWith } from './fails-with.ts';

const context = makeContext({});

void test('types are read as Glue and as Athena write them', () => {
  const cases: Readonly<Record<string, string>> = {
    string: 'varchar',
    'varchar(20)': 'varchar',
    INT: 'integer',
    'decimal(10,2)': 'decimal(10,2)',
    decimal: 'decimal(38,18)',
    'decimal(38)': 'decimal(38,0)',
    'array<int>': 'array(integer)',
    'set<string>': 'array(varchar)',
    'map<string,array<double>>': 'map(varchar, array(double))',
    'struct<a:int,b:struct<c:timestamp>>': 'row("a" integer, "b" row("c" timestamp))',
    'row(a integer, "B c" array(varchar))': 'row("a" integer, "B c" array(varchar))',
    'struct<odd\\:name:date>': 'row("odd:name" date)',
  };
  for (const [text, expected] of Object.entries(cases))
    assert.equal(printColumnType(parseColumnType(text)), expected, text);
  for (const wrong of [
    '',
    'interval',
    'array<>',
    'array<int',
    'map<int,int>',
    'decimal(39,1)',
    'int x',
    'row(a int, A int)',
  ])
    assert.throws(() => parseColumnType(wrong), failsWith('CONFIG_INVALID', wrong), wrong);
});

void test('definitions are YAML, a file of it, or what Glue prints', async () => {
  await using folder = await makeTemporaryFolder();
  const yaml = `
tables:
  Parts:
    table: PARTS-2024
    columns:
      part_id: bigint
      price: { type: "decimal(12,2)", attribute: Price }
`;
  const file = path.join(folder.path, 'tables.yaml');
  await writeFile(file, yaml);
  for (const setting of [yaml, `file:${file}`]) {
    const source = makeDefinitionSource(setting);
    assert.deepEqual(await source.listTables(context), ['parts']);
    assert.deepEqual(await source.findTable(context, 'PARTS'), {
      tableName: 'parts',
      sourceTable: 'PARTS-2024',
      columns: [
        { name: 'part_id', attribute: 'part_id', type: { kind: 'bigint' } },
        { name: 'price', attribute: 'Price', type: { kind: 'decimal', precision: 12, scale: 2 } },
      ],
    });
    assert.equal(await source.findTable(context, 'other'), undefined);
  }
  const glue = JSON.stringify({
    TableList: [
      {
        Name: 'orders',
        Parameters: { columnMapping: 'order_id=OrderId, total = Total' },
        StorageDescriptor: {
          Location: 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders',
          Columns: [
            { Name: 'order_id', Type: 'string' },
            { Name: 'total', Type: 'decimal(38,9)' },
          ],
        },
        PartitionKeys: [{ Name: 'day', Type: 'date' }],
      },
    ],
  });
  const found = await makeDefinitionSource(glue).findTable(context, 'orders');
  assert.equal(found?.sourceTable, 'Orders');
  assert.deepEqual(
    found?.columns.map(({ name, attribute }) => [name, attribute]),
    [
      ['order_id', 'OrderId'],
      ['total', 'Total'],
      ['day', 'day'],
    ],
  );
});

void test('a definition that is wrong is refused with the setting and the place', async () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    '[1]': ['tables'],
    'table: x': ['unknown key "table"'],
    'tables: { t: { columns: { a: int }, colums: {} } }': ['table "t"', 'unknown key "colums"'],
    'tables: { t: { columns: { a: { typ: int } } } }': ['column "a"', '"typ"'],
    'tables: { t: { columns: { a: 1 } } }': ['column "a"'],
    'tables: { t: {} }': ['table "t"', 'columns'],
    'tables: { t: { columns: { a: int, A: int } } }': ['differ only in case'],
    'a: [': ['not YAML'],
    'file:/nowhere/at-all.yaml': ['/nowhere/at-all.yaml'],
  };
  for (const [setting, words] of Object.entries(cases))
    await assert.rejects(
      makeDefinitionSource(setting).listTables(context),
      failsWith('CONFIG_INVALID', 'ergane_table_definitions', ...words),
      setting,
    );
});

void test('a defined table is read by its types and listed by its name', async (t) => {
  const db = await openTestDynamodb(t);
  if (db === undefined) return;
  const table = await db.createTable(BY_ID);
  await db.put(table, [
    {
      id: { S: '1' },
      Count: { N: '12' },
      Ratio: { N: '0.1' },
      When: { S: '2024-02-29T12:34:56.789+01:00' },
      Day: { S: '2024-02-29' },
      Tags: { SS: ['x'] },
      Extra: { M: { a: { N: '1' } } },
    },
    { id: { S: '2' }, When: { N: '1700000000000' }, Day: { N: '19782' } },
  ]);
  const defined = `defined_${table.toLowerCase()}`;
  const ergane_table_definitions = JSON.stringify({
    tables: {
      [defined]: {
        table,
        columns: {
          id: 'varchar',
          count: { type: 'integer', attribute: 'Count' },
          ratio: { type: 'double', attribute: 'Ratio' },
          when: { type: 'timestamp', attribute: 'When' },
          day: { type: 'date', attribute: 'Day' },
          tags: { type: 'array<string>', attribute: 'Tags' },
          extra: { type: 'map<string,bigint>', attribute: 'Extra' },
          absent: 'smallint',
        },
      },
    },
  });
  const environment = { ergane_table_definitions };
  const { rows } = await ask(db, { table: defined, environment });
  assert.deepEqual(
    [...rows].sort((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1)),
    [
      {
        id: '1',
        count: 12,
        ratio: 0.1,
        when: BigInt(Date.parse('2024-02-29T11:34:56.789Z')),
        day: 19782,
        tags: ['x'],
        extra: new Map([['a', 1n]]),
        absent: null,
      },
      { id: '2', count: null, ratio: null, when: 1700000000000n, day: 19782, tags: null, extra: null, absent: null },
    ],
  );
  const listed = await makeDynamodbDefinition().listTables(
    makeContext({ ...db.environment, ...environment }),
    'default',
    {},
  );
  const names = listed.tables.map(({ tableName }) => tableName);
  assert.ok(names.includes(defined) && names.includes(table));
  await db.put(table, [{ id: { S: '3' }, When: { S: '2023-02-29' } }]);
  await assert.rejects(ask(db, { table: defined, environment }), failsWith('SOURCE_DATA_INVALID', '"when"', 'id=3'));
});
