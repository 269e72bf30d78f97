import assert from 'node:assert/strict';
import test from 'node:test';
import { failsWith, plainRows } from '@ergane/sdk/testing';
import type { FunctionClient } from '@ergane/sdk/testing';
import { DataType, DateUnit } from 'apache-arrow';
import { openFunction } from './open-function.ts';
import { CREATE_TYPES, toDays, toMilliseconds, TYPE_CASES } from './type-cases.ts';

test('every type: minimum, maximum, null, empty', async (context) => {
  const opened = await openFunction(context);
  if (opened === undefined) return;
  await using source = opened;
  await source.database.run(CREATE_TYPES);
  for (const [index, { type, arrow, values }] of TYPE_CASES.entries()) {
    const tableName = `t${index}`;
    await source.database.run(`create table ${tableName} (id int4, value ${type})`);
    for (const [row, [literal]] of values.entries()) {
      const quoted = /^[-\d.]+(e-?\d+)?$|^(NaN|-?Infinity)$/.test(literal) ? `'${literal}'` : literal;
      await source.database.run(
        `insert into ${tableName} values (${row}, ${quoted}${quoted.startsWith('row') ? '' : `::${type}`})`,
      );
    }
    await source.database.run(`insert into ${tableName} values (${values.length}, null)`);
    const table = await source.client.getTable({ schemaName: 'public', tableName });
    assert.equal(String(table.schema.fields[1]?.type), arrow, type);
    const rows = await readOrdered(source.client, tableName);
    assert.deepEqual(
      rows.slice(0, -1),
      values.map(([, delivered]) => delivered),
      type,
    );
    assert.equal(rows.at(-1), null, `${type}: NULL`);
  }
});

async function readOrdered(client: FunctionClient, tableName: string): Promise<unknown[]> {
  const table = await client.getTable({ schemaName: 'public', tableName });
  const rows = (await client.readTable(table)).flatMap(plainRows);
  return rows.sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value);
}

test('infinite dates and NaN of a DECIMAL: an error that names the column, or null', async (context) => {
  const opened = await openFunction(context);
  if (opened === undefined) return;
  await using source = opened;
  await source.database.run(`create table t as select * from (values
    (1, date 'infinity', timestamp '-infinity', timestamptz 'infinity', 'NaN'::numeric(5, 2), array[date 'infinity']),
    (2, date '2024-01-01', timestamp '2024-01-01', timestamptz '2024-01-01+00', 1.5, array[date '1970-01-01'])) v(id, day, moment, instant, amount, days)`);
  await source.database.run('alter table t alter amount type numeric(5, 2)');
  const table = await source.client.getTable({ schemaName: 'public', tableName: 't' });
  for (const column of ['day', 'moment', 'instant', 'amount', 'days'])
    await assert.rejects(
      source.client.readTable(table, { columns: [column] }),
      failsWith(['SOURCE_DATA_INVALID'], { mentions: [`"${column}"`, 'ergane_special_values'] }),
      column,
    );
  const lenient = source.withSettings({ ergane_special_values: 'null' });
  const rows = (await lenient.readTable(table)).flatMap(plainRows);
  assert.deepEqual(rows[0], [1, null, null, null, null, [null]]);
  assert.equal(rows[1]?.[1], toDays('2024-01-01'));
});

test('microseconds: cut, an error, or text; EXPLAIN tells of it', async (context) => {
  const opened = await openFunction(context);
  if (opened === undefined) return;
  await using source = opened;
  await source.database.run(
    `create table t as select timestamp '2024-01-01 00:00:00.000001' as fine, timestamp(3) '2024-01-01 00:00:00.001' as rough`,
  );
  const table = await source.client.getTable({ schemaName: 'public', tableName: 't' });
  const rows = (await source.client.readTable(table)).flatMap(plainRows);
  assert.deepEqual(rows, [[toMilliseconds('2024-01-01T00:00:00Z'), toMilliseconds('2024-01-01T00:00:00.001Z')]]);
  const strict = source.withSettings({ ergane_microseconds: 'error' });
  await assert.rejects(
    strict.readTable(table),
    failsWith(['SOURCE_DATA_INVALID'], { mentions: ['"fine"', 'ergane_microseconds'] }),
  );
  const texts = source.withSettings({ ergane_microseconds: 'text' });
  const asText = await texts.getTable({ schemaName: 'public', tableName: 't' });
  assert.equal(String(asText.schema.fields[0]?.type), 'Utf8');
  const [, rough] = asText.schema.fields;
  assert.ok(DataType.isDate(rough?.type) && rough.type.unit === DateUnit.MILLISECOND);
  const [[text] = []] = (await texts.readTable(asText)).flatMap(plainRows);
  assert.equal(text, '2024-01-01 00:00:00.000001');
});

test('numeric without precision as DECIMAL(38, default_scale), never rounded', async (context) => {
  const opened = await openFunction(context, { default_scale: '3' });
  if (opened === undefined) return;
  await using source = opened;
  await source.database.run(
    `create table t as select 12.5::numeric as fits, 1.0005::numeric as fine, 1e36::numeric as large, 'Infinity'::numeric as endless`,
  );
  const table = await source.client.getTable({ schemaName: 'public', tableName: 't' });
  assert.equal(String(table.schema.fields[0]?.type), 'Decimal[38e+3]');
  assert.deepEqual((await source.client.readTable(table, { columns: ['fits'] })).flatMap(plainRows), [[12500n]]);
  for (const column of ['fine', 'large', 'endless'])
    await assert.rejects(
      source.client.readTable(table, { columns: [column] }),
      failsWith(['SOURCE_DATA_INVALID'], { mentions: [`"${column}"`] }),
    );
});

test('an array of more dimensions than declared is an error that names the column', async (context) => {
  const opened = await openFunction(context);
  if (opened === undefined) return;
  await using source = opened;
  await source.database.run(`create table t as select array[[1,2],[3,4]] as grid`);
  const table = await source.client.getTable({ schemaName: 'public', tableName: 't' });
  await assert.rejects(
    source.client.readTable(table),
    failsWith(['SOURCE_DATA_INVALID'], { mentions: ['"grid"', '2 dimensions'] }),
  );
});

test('a database without encoding: valid UTF-8 is read, other bytes are an error', async (context) => {
  const opened = await openFunction(context, {}, `encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0`);
  if (opened === undefined) return;
  await using source = opened;
  await source.database.run(
    `create table t as select 'ü'::text as good, convert_from('\\xff'::bytea, 'SQL_ASCII') as bad`,
  );
  const table = await source.client.getTable({ schemaName: 'public', tableName: 't' });
  assert.deepEqual((await source.client.readTable(table, { columns: ['good'] })).flatMap(plainRows), [['ü']]);
  await assert.rejects(
    source.client.readTable(table, { columns: ['bad'] }),
    failsWith(['SOURCE_DATA_INVALID'], { mentions: ['UTF8', 'bytea'] }),
  );
});
