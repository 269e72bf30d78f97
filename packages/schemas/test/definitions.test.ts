import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { makeTemporaryFolder } from '@ergane/testing';
import { makeDefinitionSource, parseColumnType, printColumnType } from '../src/index.ts';
import { failsSaying, makeCallContext } from '@ergane/sdk/testing';

const context = makeCallContext();

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
    assert.throws(() => parseColumnType(wrong), failsSaying('CONFIG_INVALID', wrong), wrong);
});

void test('definitions are YAML, a file of it, or what Glue prints', async () => {
  await using folder = await makeTemporaryFolder();
  const yaml = `
tables:
  Parts:
    source: PARTS-2024
    columns:
      part_id: bigint
      price: { type: "decimal(12,2)", source: Price }
`;
  const file = path.join(folder.path, 'tables.yaml');
  await writeFile(file, yaml);
  for (const setting of [yaml, `file:${file}`]) {
    const source = makeDefinitionSource(setting);
    assert.deepEqual(await source.listTables(context, 'default'), ['parts']);
    assert.deepEqual(await source.findTable(context, { schemaName: 'default', tableName: 'PARTS' }), {
      schemaName: 'default',
      tableName: 'parts',
      sourceTable: 'PARTS-2024',
      columns: [
        { name: 'part_id', source: 'part_id', type: { kind: 'bigint' } },
        { name: 'price', source: 'Price', type: { kind: 'decimal', precision: 12, scale: 2 } },
      ],
      parameters: {},
    });
    assert.equal(await source.findTable(context, { schemaName: 'default', tableName: 'other' }), undefined);
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
  const found = await makeDefinitionSource(glue).findTable(context, { schemaName: 'default', tableName: 'orders' });
  assert.equal(found?.sourceTable, 'Orders');
  assert.deepEqual(
    found?.columns.map(({ name, source }) => [name, source]),
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
      makeDefinitionSource(setting).listTables(context, 'default'),
      failsSaying('CONFIG_INVALID', 'ergane_table_definitions', ...words),
      setting,
    );
});
