import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openStore } from '@ergane/storage';
import { Int32, Utf8 } from 'apache-arrow';
import { openFileMetastore, openWarehouse } from '../../src/index.ts';
import { createView } from '../../src/metastore/view-changes.ts';
import { makeFakeSource, tableOf } from '../fake-source.ts';
import { makeTestParts, makeTestPlace, rowsOf } from '../test-engine.ts';
import { openWriteFixture, type WriteFixture } from './open-fixture.ts';

function failing(fixture: WriteFixture) {
  return (sql: string, code: string, message: RegExp) => assert.rejects(fixture.rows(sql), { code, message }, sql);
}

describe('views', () => {
  it('are tables to those who read them', async () => {
    await using fixture = await openWriteFixture();
    await fixture.write("CREATE TABLE t AS SELECT i, 'k' || CAST(i AS varchar) k FROM UNNEST(sequence(1, 5)) u(i)");
    await fixture.rows(
      "CREATE VIEW v COMMENT 'odd ones' AS\nWITH a AS (SELECT * FROM t WHERE i % 2 = 1) SELECT i AS number, k FROM a",
    );
    await fixture.rows(
      'CREATE VIEW w AS SELECT v.number, count(*) AS c FROM v JOIN v AS other ON other.number >= v.number GROUP BY 1',
    );
    assert.deepEqual(await fixture.rows('SELECT * FROM w ORDER BY number'), [
      ['1', '3'],
      ['3', '2'],
      ['5', '1'],
    ]);
    assert.deepEqual(await fixture.rows('SHOW TABLES'), [['t'], ['v'], ['w']]);
    assert.deepEqual(
      await fixture.rows(
        "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'default' ORDER BY 1",
      ),
      [
        ['t', 'BASE TABLE'],
        ['v', 'VIEW'],
        ['w', 'VIEW'],
      ],
    );
    assert.deepEqual(
      await fixture.rows("SELECT view_definition FROM information_schema.views WHERE table_name = 'v'"),
      [['WITH a AS (SELECT * FROM t WHERE i % 2 = 1) SELECT i AS number, k FROM a']],
    );
    assert.deepEqual(await fixture.rows('SHOW VIEWS'), [['v'], ['w']]);
    assert.deepEqual(await fixture.rows("SHOW VIEWS IN default LIKE 'w|x*'"), [['w']]);
    assert.deepEqual(await fixture.rows('SHOW CREATE VIEW v'), [
      ["CREATE VIEW default.v COMMENT 'odd ones' AS "],
      ['WITH a AS (SELECT * FROM t WHERE i % 2 = 1) SELECT i AS number, k FROM a'],
    ]);
    for (const word of ['DESCRIBE', 'DESCRIBE VIEW', 'DESCRIBE FORMATTED'])
      assert.deepEqual(await fixture.rows(`${word} v`), [
        ['number', 'bigint', ''],
        ['k', 'varchar', ''],
      ]);
    await fixture.rows('DROP VIEW v');
    await fixture.rows('DROP VIEW IF EXISTS v');
    assert.deepEqual(await fixture.rows('SHOW VIEWS'), [['w']]);
  });

  it('mean what names meant where they were made, and filters reach the tables below', async () => {
    await using fixture = await openWriteFixture();
    await fixture.rows('CREATE DATABASE one');
    await fixture.rows('CREATE DATABASE two');
    const inOne = { catalog: 'awsdatacatalog', schema: 'one' };
    await fixture.write(
      "CREATE TABLE one.p WITH (partitioned_by = ARRAY['k']) AS SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v(i, k)",
    );
    await fixture.rows('CREATE VIEW two.v AS SELECT k, i FROM p', inOne);
    assert.deepEqual(await fixture.rows("SELECT i FROM two.v WHERE k = 'b'"), [['2']]);
    const plan = (await fixture.rows("EXPLAIN SELECT i FROM two.v WHERE k = 'b'")).join('\n');
    assert.match(plan, /Scan awsdatacatalog\.one\.p[^]*pushed: k = 'b'[^]*1 of 2 partitions/);
  });

  it('keep every type of a column', async () => {
    await using fixture = await openWriteFixture();
    const columns = [
      'CAST(ROW(1, INTERVAL \'1\' DAY) AS ROW(a integer, "B c" interval day to second)) r',
      "TIMESTAMP '2024-01-01 00:00:00.123456 Europe/Berlin' z",
      "JSON '1' j",
      "MAP(ARRAY[1], ARRAY[X'00']) m",
      "CAST('a' AS char(3)) c",
      "TIME '01:02:03' t",
      "INTERVAL '1' YEAR y",
      "DECIMAL '1.50' d",
      'CAST(NULL AS ipaddress) ip',
    ];
    await fixture.rows(`CREATE VIEW v AS SELECT ${columns.join(', ')}`);
    const types = 'r, z, j, m, c, t, y, d, ip'.split(', ').map((name) => `typeof(${name}) ${name}`);
    const query = (from: string) => `SELECT ${types.join(', ')} FROM ${from}`;
    assert.deepEqual(await fixture.rows(query('v')), await fixture.rows(query(`(SELECT ${columns.join(', ')})`)));
    assert.deepEqual(await fixture.rows('SELECT * FROM v'), await fixture.rows(`SELECT ${columns.join(', ')}`));
  });

  it('are refused as Trino refuses them', async () => {
    await using fixture = await openWriteFixture();
    const fails = failing(fixture);
    await fixture.write("CREATE TABLE t AS SELECT 1 i, BIGINT '2' b");
    await fails(
      'CREATE VIEW v AS SELECT 1',
      'COLUMN_NAME_NOT_SPECIFIED',
      /^line 1:1: Column name not specified at position 1$/,
    );
    await fails(
      'CREATE VIEW v AS SELECT 1 a, 2 a',
      'DUPLICATE_COLUMN_NAME',
      /^line 1:1: Column name 'a' specified more than once$/,
    );
    await fails('CREATE VIEW v AS SELECT NULL n', 'COLUMN_TYPE_UNKNOWN', /^line 1:1: Column type is unknown: n$/);
    await fails(
      'CREATE VIEW v AS SELECT nope FROM t',
      'COLUMN_NOT_FOUND',
      /^line 1:25: Column 'nope' cannot be resolved/,
    );
    await fixture.rows('CREATE VIEW v AS SELECT i, b FROM t');
    await fixture.rows('CREATE VIEW w AS SELECT i FROM v');
    await fails(
      'CREATE VIEW v AS SELECT 1 a',
      'TABLE_ALREADY_EXISTS',
      /^line 1:1: View already exists: 'awsdatacatalog\.default\.v'$/,
    );
    await fails(
      'CREATE OR REPLACE VIEW t AS SELECT 1 a',
      'TABLE_ALREADY_EXISTS',
      /^line 1:1: Table already exists: 'awsdatacatalog\.default\.t'$/,
    );
    await fails(
      'CREATE TABLE v AS SELECT 1 a',
      'TABLE_ALREADY_EXISTS',
      /^line 1:1: Destination table 'awsdatacatalog\.default\.v' already exists$/,
    );
    await fails("CREATE EXTERNAL TABLE v (a int) LOCATION 's3://b/v/'", 'TABLE_ALREADY_EXISTS', /already exists/);
    await fails('INSERT INTO v VALUES (1, 2)', 'NOT_SUPPORTED', /^line 1:1: Inserting into views is not supported$/);
    await fails('DROP TABLE v', 'TABLE_NOT_FOUND', /Did you mean DROP VIEW awsdatacatalog\.default\.v\?$/);
    await fails('DROP TABLE IF EXISTS v', 'TABLE_NOT_FOUND', /Did you mean DROP VIEW/);
    await fails(
      'DROP VIEW t',
      'TABLE_NOT_FOUND',
      /^line 1:1: View '.*t' does not exist, but a table with that name exists\. Did you mean DROP TABLE/,
    );
    await fails('DROP VIEW none', 'TABLE_NOT_FOUND', /^line 1:1: View 'awsdatacatalog\.default\.none' does not exist$/);
    await fails(
      'SHOW CREATE VIEW t',
      'NOT_SUPPORTED',
      /^line 1:1: Relation 'awsdatacatalog\.default\.t' is a table, not a view$/,
    );
    await fails(
      'CREATE OR REPLACE VIEW v AS SELECT * FROM v',
      'VIEW_IS_RECURSIVE',
      /^line 1:43: Statement would create a recursive view$/,
    );
    await fails(
      'CREATE OR REPLACE VIEW v AS SELECT * FROM w',
      'INVALID_VIEW',
      /^line 1:43: Failed analyzing stored view '.*w': line 1:15: Statement would create a recursive view$/,
    );
    await fails('DROP DATABASE default', 'SCHEMA_NOT_EMPTY', /not empty/);
  });

  it('that are out of date say so', async () => {
    await using fixture = await openWriteFixture();
    const fails = failing(fixture);
    await fixture.write("CREATE TABLE t AS SELECT 1 i, BIGINT '2' b");
    await fixture.rows('CREATE VIEW v AS SELECT * FROM t');
    await fixture.rows('DROP TABLE t');
    await fails(
      'SELECT * FROM v',
      'INVALID_VIEW',
      /^line 1:15: Failed analyzing stored view 'awsdatacatalog\.default\.v': .*t' does not exist/,
    );
    await fixture.write("CREATE TABLE t AS SELECT 'x' i, BIGINT '2' b");
    await fails(
      'SELECT * FROM v',
      'VIEW_IS_STALE',
      /^line 1:15: View 'awsdatacatalog\.default\.v' is stale or in invalid state: column \[i\] of type varchar\(1\) projected from query view at position 0 cannot be coerced to column \[i\] of type integer stored in view definition$/,
    );
    await fixture.rows('DROP TABLE t');
    await fixture.write("CREATE TABLE t AS SELECT SMALLINT '1' i");
    await fails(
      'SELECT * FROM v',
      'VIEW_IS_STALE',
      /stored view column count \(2\) does not match column count derived from the view query analysis \(1\)$/,
    );
    await fixture.rows('DROP TABLE t');
    await fixture.write("CREATE TABLE t AS SELECT SMALLINT '1' i, 3 b");
    assert.deepEqual(await fixture.rows('SELECT typeof(i), typeof(b), i, b FROM v'), [['integer', 'bigint', '1', '3']]);
  });

  it('that came to name each other, as two statements at once can make them, are recursive', async () => {
    await using fixture = await openWriteFixture();
    const metastore = openFileMetastore(`${fixture.folder}/metastore.json`);
    for (const [name, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const view = { name, text: `SELECT x FROM ${other}`, columns: [{ name: 'x', type: 'integer' }], createdAt: 1 };
      const session = { catalog: 'awsdatacatalog', schema: 'default' };
      await metastore.update((state) =>
        createView(state, 'default', { view: { ...view, ...session }, replace: false }),
      );
    }
    await assert.rejects(fixture.rows('SELECT * FROM a'), {
      code: 'INVALID_VIEW',
      message: /View is recursive: awsdatacatalog\.default\.a$/,
    });
  });
});

describe('views of other sources', () => {
  it('hold a query over a function, whose pushdown stays, and CREATE TABLE AS copies it', async () => {
    await using place = await makeTestPlace();
    const tables = {
      t: tableOf({ I: new Int32(), s: new Utf8() }, [
        [1, 'a'],
        [2, 'b'],
        [3, null],
      ]),
    };
    const source = makeFakeSource({ store: place.store, tables, filters: true });
    await using parts = makeTestParts(place, source, {
      dataCatalog: {
        metastore: openFileMetastore(`${place.folder}/metastore.json`),
        warehouse: openWarehouse({ store: openStore(`${place.folder}/s3`), cacheFolder: `${place.folder}/cache` }),
      },
    });
    await rowsOf(parts, 'CREATE VIEW awsdatacatalog.default.v AS SELECT i + 1 AS j, s FROM t');
    source.rowsRead = 0;
    const session = { catalog: 'awsdatacatalog', schema: 'default' };
    assert.deepEqual(await rowsOf(parts, "SELECT j FROM v WHERE s = 'b'", session), [[3]]);
    assert.equal(source.rowsRead, 1);
    await rowsOf(parts, 'CREATE TABLE copy AS SELECT * FROM v', session);
    assert.deepEqual(await rowsOf(parts, 'SELECT * FROM copy ORDER BY j', session), [
      [2, 'a'],
      [3, 'b'],
      [4, null],
    ]);
    for (const sql of [
      'CREATE VIEW v AS SELECT 1 a',
      'CREATE TABLE x AS SELECT 1 a',
      'INSERT INTO t VALUES (1, NULL)',
      'DROP VIEW t',
    ])
      await assert.rejects(rowsOf(parts, sql), {
        code: 'NOT_SUPPORTED',
        message: /catalog c: This connector does not support/,
      });
  });
});
