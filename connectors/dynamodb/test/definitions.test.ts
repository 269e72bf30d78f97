import assert from 'node:assert/strict';
import test from 'node:test';
import { failsSaying, makeCallContext } from '@ergane/sdk/testing';
import { makeDynamodbDefinition } from '../src/definition.ts';
import { ask, BY_ID, openTestDynamodb } from './dynamodb-for-tests.ts';

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
        source: table,
        columns: {
          id: 'varchar',
          count: { type: 'integer', source: 'Count' },
          ratio: { type: 'double', source: 'Ratio' },
          when: { type: 'timestamp', source: 'When' },
          day: { type: 'date', source: 'Day' },
          tags: { type: 'array<string>', source: 'Tags' },
          extra: { type: 'map<string,bigint>', source: 'Extra' },
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
    makeCallContext({ ...db.environment, ...environment }),
    'default',
    {},
  );
  const names = listed.tables.map(({ tableName }) => tableName);
  assert.ok(names.includes(defined) && names.includes(table));
  await db.put(table, [{ id: { S: '3' }, When: { S: '2023-02-29' } }]);
  await assert.rejects(ask(db, { table: defined, environment }), failsSaying('SOURCE_DATA_INVALID', '"when"', 'id=3'));
});
