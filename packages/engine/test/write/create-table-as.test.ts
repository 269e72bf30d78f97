import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openWriteFixture } from './open-fixture.ts';

describe('CREATE TABLE AS', () => {
  it('makes a table of Parquet in a folder of its own, and DROP TABLE leaves the files, as Athena does', async () => {
    await using fixture = await openWriteFixture();
    assert.equal(await fixture.write("CREATE TABLE t AS SELECT 1 a, 'x' b UNION ALL SELECT 2, NULL"), 2);
    assert.deepEqual(await fixture.rows('SELECT * FROM t ORDER BY a'), [
      ['1', 'x'],
      ['2', null],
    ]);
    const [file = '', ...more] = await fixture.files();
    assert.match(file, /^warehouse\/tables\/[0-9a-f-]{36}\/ergane-[0-9a-f]{16}-1-0\.parquet$/);
    assert.deepEqual(more, []);
    await fixture.rows('DROP TABLE t');
    assert.deepEqual(await fixture.files(), [file]);
    assert.equal(await fixture.write('CREATE TABLE t AS SELECT 3 a'), 1);
    assert.deepEqual(await fixture.rows('SELECT * FROM t'), [['3']]);
  });

  it('partitions by the last columns, whatever they hold', async () => {
    await using fixture = await openWriteFixture();
    const values = ['plain', '', 'a/b=c', 'ü 😀', "it's %41", '__x', 'v', null];
    const list = values.map(
      (value, index) => `(${index}, ${value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`})`,
    );
    await fixture.write(
      `CREATE TABLE p WITH (format = 'PARQUET', external_location = 's3://b/p', partitioned_by = ARRAY['k', 'day'], write_compression = 'SNAPPY')
       AS SELECT i, k, DATE '2024-01-01' + i * INTERVAL '1' DAY AS day FROM (VALUES ${list.join(', ')}) v(i, k)`,
    );
    assert.deepEqual(
      await fixture.rows('SELECT i, k, day FROM p ORDER BY i'),
      values.map((value, index) => [String(index), value, `2024-01-0${index + 1}`]),
    );
    assert.equal((await fixture.rows('SHOW PARTITIONS p')).length, values.length);
    assert.deepEqual(await fixture.rows("SELECT i FROM p WHERE k = 'a/b=c' AND day = DATE '2024-01-03'"), [['2']]);
    assert.deepEqual(await fixture.rows('SELECT i FROM p WHERE k IS NULL'), [['7']]);
    // what another reader of Hive's folders finds there
    await fixture.rows(
      "CREATE EXTERNAL TABLE q (i int) PARTITIONED BY (k string, day date) STORED AS PARQUET LOCATION 's3://b/p/'",
    );
    await fixture.rows('MSCK REPAIR TABLE q');
    assert.deepEqual(await fixture.rows('SELECT count(*), count(k) FROM q'), [['8', '7']]);
  });

  it('takes columns, no data, no rows and IF NOT EXISTS', async () => {
    await using fixture = await openWriteFixture();
    assert.equal(await fixture.write("CREATE TABLE a (x, y) COMMENT 'c' AS SELECT 1, 'b' WITH NO DATA"), 0);
    assert.deepEqual(await fixture.rows('SELECT * FROM a'), []);
    assert.deepEqual(
      (await fixture.rows('DESCRIBE a')).map(([name, type]) => [name, type]),
      [
        ['x', 'integer'],
        ['y', 'varchar(1)'],
      ],
    );
    assert.equal(await fixture.write('CREATE TABLE e AS SELECT 1 z WHERE false'), 0);
    assert.deepEqual(await fixture.rows('SELECT count(*) FROM e'), [['0']]);
    assert.equal(await fixture.write('CREATE TABLE IF NOT EXISTS a AS SELECT 1 z'), 0);
    assert.deepEqual(await fixture.files(), []);
  });

  it('tells Trino’s error for what cannot be a table, and leaves nothing', async () => {
    await using fixture = await openWriteFixture();
    await fixture.write("CREATE TABLE t WITH (external_location = 's3://b/t/') AS SELECT 1 a");
    const before = await fixture.files();
    const fails = (sql: string, code: string, message: RegExp) =>
      assert.rejects(fixture.rows(sql), { code, message }, sql);
    await fails('CREATE TABLE x AS SELECT NULL x', 'COLUMN_TYPE_UNKNOWN', /^line 1:1: Column type is unknown: x$/);
    await fails(
      'CREATE TABLE x AS SELECT 1',
      'COLUMN_NAME_NOT_SPECIFIED',
      /^line 1:1: Column name not specified at position 1$/,
    );
    await fails(
      'CREATE TABLE x AS SELECT 1 a, 2 A',
      'DUPLICATE_COLUMN_NAME',
      /^line 1:1: Column name 'a' specified more than once$/,
    );
    await fails(
      'CREATE TABLE x (p) AS SELECT 1 a, 2 b',
      'MISMATCHED_COLUMN_ALIASES',
      /^line 1:17: Column alias list has 1 entries but relation has 2/,
    );
    await fails(
      'CREATE TABLE t AS SELECT 1 a',
      'TABLE_ALREADY_EXISTS',
      /^line 1:1: Destination table 'awsdatacatalog\.default\.t' already exists$/,
    );
    await fails(
      "CREATE TABLE x WITH (foo = 'a') AS SELECT 1 a",
      'INVALID_TABLE_PROPERTY',
      /^line 1:22: Catalog 'awsdatacatalog' table property 'foo' does not exist$/,
    );
    await fails("CREATE TABLE x WITH (format = 'ORC') AS SELECT 1 a", 'NOT_SUPPORTED', /ORC cannot be written/);
    await fails(
      "CREATE TABLE x WITH (write_compression = 'LZO') AS SELECT 1 a",
      'NOT_SUPPORTED',
      /PARQUET is written with GZIP, SNAPPY/,
    );
    await fails("CREATE TABLE x WITH (table_type = 'ICEBERG') AS SELECT 1 a", 'NOT_SUPPORTED', /Iceberg/);
    await fails(
      "CREATE TABLE x WITH (bucketed_by = ARRAY['a']) AS SELECT 1 a",
      'INVALID_TABLE_PROPERTY',
      /bucket_count/,
    );
    await fails(
      "CREATE TABLE x WITH (partitioned_by = ARRAY['a']) AS SELECT 1 a, 2 b",
      'HIVE_COLUMN_ORDER_MISMATCH',
      /must be the last columns/,
    );
    await fails(
      "CREATE TABLE x WITH (partitioned_by = ARRAY['c']) AS SELECT 1 a, 2 b",
      'INVALID_TABLE_PROPERTY',
      /\[c\] not present/,
    );
    await fails(
      "CREATE TABLE x WITH (partitioned_by = ARRAY['a']) AS SELECT 1 a",
      'INVALID_TABLE_PROPERTY',
      /only partition columns/,
    );
    await fails(
      "CREATE TABLE x WITH (external_location = 's3://b/t') AS SELECT 1 a",
      'HIVE_PATH_ALREADY_EXISTS',
      /s3:\/\/b\/t\/ /,
    );
    await fails('CREATE TABLE x AS SELECT now() a', 'NOT_SUPPORTED', /timestamp\(3\) with time zone/);
    await fails('CREATE TABLE x AS SELECT ROW(1) a', 'NOT_SUPPORTED', /Anonymous row type/);
    await fails(
      "CREATE TABLE x AS SELECT TIMESTAMP '2024-01-01 00:00:00.123456' a",
      'NOT_SUPPORTED',
      /Incorrect timestamp precision for timestamp\(6\)/,
    );
    await fails('CREATE TABLE nowhere.x AS SELECT 1 a', 'SCHEMA_NOT_FOUND', /nowhere/);
    await fails('CREATE TABLE x AS SELECT 1/i a FROM UNNEST(ARRAY[1, 0]) u(i)', 'DIVISION_BY_ZERO', /Division by zero/);
    assert.deepEqual(await fixture.files(), before);
    assert.deepEqual(await fixture.rows('SHOW TABLES'), [['t']]);
  });
});
