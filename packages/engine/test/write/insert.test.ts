import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openWriteFixture } from './open-fixture.ts';

const WIDE = `CREATE EXTERNAL TABLE w (i int, b bigint, v string, v3 varchar(3), c3 char(3), d decimal(5,2), t timestamp, dt date, r float, a array<varchar(3)>)
  STORED AS PARQUET LOCATION 's3://b/w/'`;

describe('INSERT', () => {
  it('casts as Trino does when it assigns', async () => {
    await using fixture = await openWriteFixture();
    await fixture.rows(WIDE);
    const inserted = async (column: string, value: string) => {
      await fixture.write(`INSERT INTO w (${column}) VALUES ${value}`);
      const rows = await fixture.rows(`SELECT ${column} FROM w WHERE ${column} IS NOT NULL`);
      await fixture.rows('DROP TABLE w');
      await fixture.rows(WIDE.replace('/w/', `/w${Math.random()}/`));
      return rows.flat();
    };
    // each of these was tried with Trino 476
    assert.deepEqual(await inserted('i', "BIGINT '9'"), ['9']);
    assert.deepEqual(await inserted('v3', "'abc  '"), ['abc']);
    assert.deepEqual(await inserted('v', "CAST('a' AS char(3))"), ['a  ']);
    assert.deepEqual(await inserted('d', '1.239'), ['1.24']);
    assert.deepEqual(await inserted('d', '1e0'), ['1.00']);
    assert.deepEqual(await inserted('r', '1e300'), ['Infinity']);
    assert.deepEqual(await inserted('t', "TIMESTAMP '2020-01-01 00:00:00.123456'"), ['2020-01-01 00:00:00.123']);
    assert.deepEqual(await inserted('t', "DATE '2020-01-01'"), ['2020-01-01 00:00:00.000']);
    assert.deepEqual(await inserted('dt', "TIMESTAMP '2020-01-01 00:00:00'"), ['2020-01-01']);
    assert.deepEqual(await inserted('t', "TIMESTAMP '2020-01-01 00:00:00 UTC'"), ['2020-01-01 00:00:00.000']);
  });

  it('refuses what Trino refuses', async () => {
    await using fixture = await openWriteFixture();
    await fixture.rows(WIDE);
    const fails = (sql: string, code: string, message: RegExp) =>
      assert.rejects(fixture.rows(sql), { code, message }, sql);
    await fails("INSERT INTO w (i) VALUES BIGINT '99999999999'", 'NUMERIC_VALUE_OUT_OF_RANGE', /99999999999/);
    await fails(
      "INSERT INTO w (b) VALUES 'x'",
      'TYPE_MISMATCH',
      /^line 1:1: Insert query has mismatched column types: Table: \[bigint\], Query: \[varchar\(1\)\]$/,
    );
    await fails('INSERT INTO w (v) VALUES 1', 'TYPE_MISMATCH', /Table: \[varchar\], Query: \[integer\]/);
    await fails(
      "INSERT INTO w (v3) VALUES 'abcd'",
      'INVALID_CAST_ARGUMENT',
      /^Cannot truncate non-space characters when casting from varchar\(4\) to varchar\(3\) on INSERT$/,
    );
    await fails(
      "INSERT INTO w (c3) VALUES 'abcd'",
      'INVALID_CAST_ARGUMENT',
      /from varchar\(4\) to char\(3\) on INSERT/,
    );
    await fails('INSERT INTO w (d) VALUES 123456', 'INVALID_CAST_ARGUMENT', /123456/);
    await fails(
      "INSERT INTO w (a) VALUES ARRAY['abcd']",
      'TYPE_MISMATCH',
      /Table: \[array\(varchar\(3\)\)\], Query: \[array\(varchar\(4\)\)\]/,
    );
    await fails(
      'INSERT INTO w (i, i) VALUES (1, 2)',
      'DUPLICATE_COLUMN_NAME',
      /^line 1:1: Insert column name is specified more than once: i$/,
    );
    await fails(
      'INSERT INTO w (zz) VALUES 1',
      'COLUMN_NOT_FOUND',
      /^line 1:1: Insert column name does not exist in target table: zz$/,
    );
    await fails('INSERT INTO w (i, b) VALUES 1', 'TYPE_MISMATCH', /Table: \[integer, bigint\], Query: \[integer\]/);
    await fails(
      'INSERT INTO nope VALUES 1',
      'TABLE_NOT_FOUND',
      /^line 1:1: Table 'awsdatacatalog\.default\.nope' does not exist$/,
    );
    assert.deepEqual(await fixture.rows('SELECT count(*) FROM w'), [['0']]);
    assert.deepEqual(await fixture.files(), []);
  });

  it('adds to partitions where they are, and registers new ones', async () => {
    await using fixture = await openWriteFixture();
    await fixture.rows(
      "CREATE EXTERNAL TABLE p (i int) PARTITIONED BY (k string) STORED AS PARQUET LOCATION 's3://b/p/'",
    );
    await fixture.rows("ALTER TABLE p ADD PARTITION (k = 'far') LOCATION 's3://far/away'");
    assert.equal(await fixture.write("INSERT INTO p VALUES (1, 'far'), (2, 'new'), (3, NULL)"), 3);
    assert.equal(await fixture.write('INSERT INTO p (k, i) SELECT k, i + 10 FROM p'), 3);
    assert.deepEqual(await fixture.rows('SELECT i, k FROM p ORDER BY i'), [
      ['1', 'far'],
      ['2', 'new'],
      ['3', null],
      ['11', 'far'],
      ['12', 'new'],
      ['13', null],
    ]);
    assert.deepEqual(
      (await fixture.files()).map((file) => file.replace(/ergane-.*/, '')),
      [
        'b/p/k=__HIVE_DEFAULT_PARTITION__/',
        'b/p/k=__HIVE_DEFAULT_PARTITION__/',
        'b/p/k=new/',
        'b/p/k=new/',
        'far/away/',
        'far/away/',
      ],
    );
  });

  it('EXPLAIN explains the query, and writes nothing', async () => {
    await using fixture = await openWriteFixture();
    await fixture.write(
      "CREATE TABLE p WITH (partitioned_by = ARRAY['k']) AS SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v(i, k)",
    );
    const before = await fixture.files();
    for (const sql of [
      "EXPLAIN INSERT INTO p SELECT i, k FROM p WHERE k = 'a'",
      "EXPLAIN CREATE TABLE q AS SELECT * FROM p WHERE k = 'a'",
    ]) {
      const plan = (await fixture.rows(sql)).join('\n');
      assert.match(plan, /pushed: k = 'a'[^]*1 of 2 partitions/);
    }
    await assert.rejects(fixture.rows('EXPLAIN ANALYZE INSERT INTO p SELECT * FROM p'), { code: 'NOT_SUPPORTED' });
    assert.deepEqual(await fixture.files(), before);
  });
});
