import { ErganeError } from '@ergane/protocol';
import { openDirectoryStore } from '@ergane/storage';
import { makeTemporaryFolder } from '@ergane/testing';
import { DuckDBInstance } from '@duckdb/node-api';
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { describe, it } from 'node:test';
import { fileRelation } from '../../src/files/file-relation.ts';
import { listFiles } from '../../src/files/list-files.ts';
import { openWarehouse } from '../../src/files/open-warehouse.ts';
import type { TableDefinition } from '../../src/metastore/metastore.ts';
import { prepareDuckdb } from '../../src/sql/index.ts';
import { makeTable } from '../../src/statements/make-table.ts';
import { parseDdl } from '../../src/sql/ddl/parse-ddl.ts';

function tableOf(ddl: string): TableDefinition {
  const statement = parseDdl(ddl);
  if (statement?.kind !== 'create table') throw new Error('no CREATE TABLE');
  return makeTable(statement, 0);
}

/** A folder of objects, and what DuckDB reads of a table over them. */
async function openFixture() {
  const folder = await makeTemporaryFolder();
  const store = openDirectoryStore(folder.path);
  const warehouse = openWarehouse({ store, cacheFolder: `${folder.path}/.cache` });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await prepareDuckdb(connection);
  return {
    store,
    connection,
    put: (key: string, text: string | Uint8Array) =>
      store.put('b', key, typeof text === 'string' ? Buffer.from(text) : text),
    async read(table: TableDefinition, select = '*') {
      const listing = await listFiles(warehouse, table, {});
      using reading = warehouse.openReading();
      const paths = await Promise.all(listing.files.map(({ bucket, object }) => reading.readablePath(bucket, object)));
      const relation = fileRelation(table, listing.files, paths);
      return (await connection.runAndReadAll(`SELECT ${select} FROM ${relation}`)).getRowsJson();
    },
    async [Symbol.asyncDispose]() {
      connection.closeSync();
      await warehouse[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('tables of files', () => {
  it('Parquet: columns by name in any order and width, absent ones NULL, partition values by folder', async () => {
    await using fixture = await openFixture();
    await fixture.put('t/p=1/.keep', 'x');
    await fixture.put('t/p=2/.keep', 'x');
    const folder = fixture.store.localPath?.('b', 't') ?? '';
    await fixture.connection.run(`COPY (SELECT 1::INTEGER AS id, 'one' AS "Name") TO '${folder}/p=1/a.parquet'`);
    await fixture.connection.run(`COPY (SELECT 2.5 AS extra, 2::BIGINT AS id) TO '${folder}/p=2/b.parquet'`);
    const table = {
      ...tableOf(
        "CREATE EXTERNAL TABLE t (id bigint, name string, gone date) PARTITIONED BY (p int, q string) STORED AS PARQUET LOCATION 's3://b/t/'",
      ),
      partitions: [
        { values: ['1', "it's"], location: 's3://b/t/p=1' },
        { values: ['2', '__HIVE_DEFAULT_PARTITION__'], location: 's3://b/t/p=2/' },
      ],
    };
    assert.deepEqual(await fixture.read(table, '* REPLACE (id::VARCHAR AS id)'), [
      ['1', 'one', null, 1, "it's"],
      ['2', null, null, 2, null],
    ]);
  });

  it('Parquet: nested values, rows by the names of their fields, timestamps and decimals', async () => {
    await using fixture = await openFixture();
    await fixture.put('t/.keep', 'x');
    const file = fixture.store.localPath?.('b', 't/a.parquet') ?? '';
    await fixture.connection
      .run(`COPY (SELECT [{'b': 'x', 'a': 1}, NULL] AS items, MAP {'k': {'n': [1, 2]}} AS m, NULL::STRUCT(a INT) AS r,
      TIMESTAMPTZ '2024-03-31 02:30:00+02' AS t, 1.5::DECIMAL(9,1) AS d, 'ab  ' AS c) TO '${file}'`);
    const table =
      tableOf(`CREATE EXTERNAL TABLE t (items array<struct<a:bigint,b:string>>, m map<string,struct<n:array<int>>>,
      r struct<a:int>, t timestamp, d decimal(12,2), c char(4)) STORED AS PARQUET LOCATION 's3://b/t/'`);
    assert.deepEqual(await fixture.read(table, 'items::VARCHAR, m::VARCHAR, r, t::VARCHAR, d::VARCHAR, c'), [
      ["[{'f0': 1, 'f1': x}, NULL]", "{k={'f0': [1, 2]}}", null, '2024-03-31 00:30:00', '1.50', 'ab'],
    ]);
  });

  it('CSV of LazySimpleSerDe: what is no value is NULL, short and long lines, header, gzip, delimiters', async () => {
    await using fixture = await openFixture();
    await fixture.put('t/a.csv', 'id|name|d\n1|"q"|2024-02-29\nx||2024-02-30\n3|\\N\n4|a|2024-01-01|more\n');
    await fixture.put('t/b.csv.gz', gzipSync('id|name|d\n5|ü 🎈|\n'));
    await fixture.put('t/_SUCCESS', 'not data');
    const table = tableOf(`CREATE EXTERNAL TABLE t (id int, name string, d date)
      ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' STORED AS TEXTFILE LOCATION 's3://b/t'
      TBLPROPERTIES ('skip.header.line.count'='1')`);
    assert.deepEqual(await fixture.read(table, 'id, name, d::VARCHAR'), [
      [1, '"q"', '2024-02-29'],
      [null, '', '2024-03-01'],
      [3, null, null],
      [4, 'a', '2024-01-01'],
      [5, 'ü 🎈', null],
    ]);
  });

  it('CSV of OpenCSVSerde: quotes and escapes; a wrong value names file and column', async () => {
    await using fixture = await openFixture();
    await fixture.put('t/a.csv', '"1","a ""quoted"", b",true\n2,"",false\n');
    const table = tableOf(`CREATE EXTERNAL TABLE t (id int, name string, ok boolean)
      ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' WITH SERDEPROPERTIES ('escapeChar'='"')
      LOCATION 's3://b/t/'`);
    assert.deepEqual(await fixture.read(table), [
      [1, 'a "quoted", b', true],
      [2, '', false],
    ]);
    await fixture.put('t/b.csv', '"seven",x,true\n"",y,\n');
    await assert.rejects(
      fixture.read(table),
      /FILE_INVALID: "seven" is no integer of column id in file s3:\/\/b\/t\/b\.csv/,
    );
    const lenient = { ...table, parameters: { 'use.null.for.invalid.data': 'true' } };
    assert.deepEqual((await fixture.read(lenient)).slice(2), [
      [null, 'x', true],
      [null, 'y', null],
    ]);
  });

  it('JSON: keys without regard to case, nested values, JSON null, wrong values name file and column', async () => {
    await using fixture = await openFixture();
    await fixture.put(
      't/a.json',
      '{"ID":1,"userName":"Ada","tags":["x","y"],"geo":{"lat":1.5}}\n{"id":2,"username":null,"other":{"a":1}}\n',
    );
    const table =
      tableOf(`CREATE EXTERNAL TABLE t (id int, username string, tags array<string>, geo struct<lat:double>, other string)
      ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://b/t/'`);
    assert.deepEqual(await fixture.read(table, 'id, username, tags, geo.f0, other'), [
      [1, 'Ada', ['x', 'y'], 1.5, null],
      [2, null, null, null, '{"a":1}'],
    ]);
    await fixture.put('t/b.json', '{"id":"many"}\n');
    await assert.rejects(
      fixture.read({ ...table, storage: { ...table.storage, serde: 'org.apache.hive.hcatalog.data.JsonSerDe' } }, 'id'),
      /FILE_INVALID: "many" is no integer of column id in file s3:\/\/b\/t\/b\.json/,
    );
  });

  it('a name with the signs of a pattern is that name', async () => {
    await using fixture = await openFixture();
    await fixture.put("t/a[1]*?'.csv", '1\n');
    await fixture.put('u/a1xx.csv', '2\n');
    const table = tableOf("CREATE EXTERNAL TABLE t (id int) LOCATION 's3://b/t/'");
    assert.deepEqual(await fixture.read(table), [[1]]);
  });

  it('a table without files is empty, and a file that is no Parquet names itself', async () => {
    await using fixture = await openFixture();
    const table = tableOf("CREATE EXTERNAL TABLE t (id bigint) STORED AS PARQUET LOCATION 's3://b/t/'");
    assert.deepEqual(await fixture.read(table), []);
    await fixture.put('t/bad.parquet', 'PAR1 but not really');
    await assert.rejects(fixture.read(table), /bad\.parquet/);
  });

  it('a column of a nested type is refused by name where the SerDe knows none', () => {
    const table = tableOf(
      "CREATE EXTERNAL TABLE t (tags array<int>) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' LOCATION 's3://b/t/'",
    );
    const file = { bucket: 'b', object: { key: 't/a', size: 1, etag: '', lastModified: 0 }, partitionValues: [] };
    assert.throws(
      () => fileRelation(table, [file], ['/a']),
      (error) => error instanceof ErganeError && /tags/.test(error.message),
    );
  });
});
