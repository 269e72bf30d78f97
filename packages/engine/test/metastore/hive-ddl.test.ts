import { ErganeError } from '@ergane/protocol';
import { openDirectoryStore } from '@ergane/storage';
import { makeTemporaryFolder } from '@ergane/testing';
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { openWarehouse } from '../../src/files/open-warehouse.ts';
import { openFileMetastore } from '../../src/metastore/file-metastore.ts';
import { parseDdl } from '../../src/sql/ddl/parse-ddl.ts';
import { runDdl } from '../../src/statements/run-ddl.ts';

async function openCatalog() {
  const folder = await makeTemporaryFolder();
  const metastore = openFileMetastore(path.join(folder.path, 'metastore.json'));
  const store = openDirectoryStore(path.join(folder.path, 's3'));
  const warehouse = openWarehouse({ store, cacheFolder: path.join(folder.path, 'cache') });
  return {
    metastore,
    async run(sql: string) {
      const statement = parseDdl(sql);
      if (statement === undefined) throw new Error(`no DDL: ${sql}`);
      // what one statement writes the next must read, as another process would
      const again = openFileMetastore(metastore.location);
      return (await runDdl(statement, { metastore: again, warehouse, database: 'default' })).rows.map((row) =>
        row.join('\t'),
      );
    },
    async fails(sql: string): Promise<string> {
      try {
        return `no error: ${JSON.stringify(await this.run(sql))}`;
      } catch (error) {
        return error instanceof ErganeError ? `${error.code} ${error.message}` : String(error);
      }
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const EVENTS = `CREATE EXTERNAL TABLE IF NOT EXISTS events (
    id bigint COMMENT 'it''s the key',
    tags array<string>,
    attributes map<string,struct<a:int,b:decimal(10,2)>>
  )
  COMMENT 'all events'
  PARTITIONED BY (dt string COMMENT 'day', hour int)
  CLUSTERED BY (id) SORTED BY (id DESC) INTO 8 BUCKETS
  ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' ESCAPED BY '\\\\' COLLECTION ITEMS TERMINATED BY ','
    MAP KEYS TERMINATED BY ':' LINES TERMINATED BY '\\n' NULL DEFINED AS 'nil'
  STORED AS TEXTFILE
  LOCATION 's3://b/events/'
  TBLPROPERTIES ('classification'='csv', "skip.header.line.count"="1")`;

describe("Hive's DDL", () => {
  it('keeps every clause of CREATE EXTERNAL TABLE, and SHOW CREATE TABLE gives them back', async () => {
    await using catalog = await openCatalog();
    await catalog.run(EVENTS);
    await catalog.run(EVENTS);
    const text = await catalog.run('SHOW CREATE TABLE events');
    assert.deepEqual(text, [
      'CREATE EXTERNAL TABLE `default.events`(',
      "  `id` bigint COMMENT 'it\\'s the key', ",
      '  `tags` array<string>, ',
      '  `attributes` map<string,struct<a:int,b:decimal(10,2)>>)',
      "COMMENT 'all events'",
      'PARTITIONED BY ( ',
      "  `dt` string COMMENT 'day', ",
      '  `hour` int)',
      'CLUSTERED BY ( ',
      '  id) ',
      'INTO 8 BUCKETS',
      'ROW FORMAT SERDE ',
      "  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe' ",
      'WITH SERDEPROPERTIES ( ',
      "  'serialization.format'='|', ",
      "  'field.delim'='|', ",
      "  'escape.delim'='\\\\', ",
      "  'collection.delim'=',', ",
      "  'mapkey.delim'=':', ",
      "  'line.delim'='\\n', ",
      "  'serialization.null.format'='nil') ",
      'STORED AS INPUTFORMAT ',
      "  'org.apache.hadoop.mapred.TextInputFormat' ",
      'OUTPUTFORMAT ',
      "  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'",
      'LOCATION',
      "  's3://b/events/'",
      'TBLPROPERTIES ( ',
      "  'classification'='csv', ",
      "  'skip.header.line.count'='1') ",
    ]);
    await catalog.run('DROP TABLE events');
    await catalog.run(text.join('\n'));
    assert.deepEqual(await catalog.run('SHOW CREATE TABLE events'), text);
  });

  it('ALTER TABLE adds, replaces, changes and moves columns', async () => {
    await using catalog = await openCatalog();
    const columns = async (): Promise<readonly string[]> => {
      const table = (await catalog.metastore.read()).databases['default']?.tables['events'];
      return table?.columns.map(({ name, type, comment }) => [name, type, comment].join(' ').trim()) ?? [];
    };
    await catalog.run(EVENTS);
    await catalog.run("ALTER TABLE events ADD COLUMNS (extra string COMMENT 'new', `odd name` double)");
    await catalog.run('ALTER TABLE events CHANGE COLUMN extra first_one int FIRST');
    await catalog.run("ALTER TABLE events CHANGE id key bigint COMMENT 'k' AFTER tags");
    assert.deepEqual(await columns(), [
      'first_one int new',
      'tags array<string>',
      'key bigint k',
      'attributes map<string,struct<a:int,b:decimal(10,2)>>',
      'odd name double',
    ]);
    assert.match(await catalog.fails('ALTER TABLE events ADD COLUMNS (dt string)'), /^DUPLICATE_COLUMN_NAME .*'dt'/);
    assert.match(await catalog.fails('ALTER TABLE events ADD COLUMNS (x strange)'), /^TYPE_MISMATCH .*column x/);
    assert.match(await catalog.fails('ALTER TABLE events CHANGE dt day string'), /^NOT_SUPPORTED .*partition key/);
    assert.match(await catalog.fails('ALTER TABLE events CHANGE none x int'), /^COLUMN_NOT_FOUND .*'none'/);
    await catalog.run('ALTER TABLE events REPLACE COLUMNS (only varchar(10))');
    assert.deepEqual(await columns(), ['only varchar(10)']);
  });

  it('ALTER TABLE changes partitions, properties and locations', async () => {
    await using catalog = await openCatalog();
    await catalog.run(EVENTS);
    await catalog.run(
      "ALTER TABLE events ADD IF NOT EXISTS PARTITION (dt='2024-01-01', hour=0) PARTITION (dt='2024-01-01', hour=1) PARTITION (dt='2024-01-02', hour=0) LOCATION 's3://other/x'",
    );
    await catalog.run(
      "ALTER TABLE events PARTITION (dt='2024-01-02', hour=0) RENAME TO PARTITION (dt='2024-01-03', hour=5)",
    );
    await catalog.run("ALTER TABLE events PARTITION (dt='2024-01-01', hour=1) SET LOCATION 's3://other/y'");
    await catalog.run("ALTER TABLE events SET LOCATION 's3://b/moved'");
    await catalog.run("ALTER TABLE events SET TBLPROPERTIES ('classification'='text', 'comment'='other', 'a'='b')");
    const table = (await catalog.metastore.read()).databases['default']?.tables['events'];
    assert.deepEqual(table?.partitions, [
      { values: ['2024-01-01', '0'], location: 's3://b/events/dt=2024-01-01/hour=0/' },
      { values: ['2024-01-01', '1'], location: 's3://other/y/' },
      { values: ['2024-01-03', '5'], location: 's3://other/x/' },
    ]);
    assert.equal(table?.location, 's3://b/moved/');
    assert.equal(table?.comment, 'other');
    assert.deepEqual(await catalog.run('SHOW TBLPROPERTIES events'), [
      'classification\ttext',
      'skip.header.line.count\t1',
      'a\tb',
    ]);
    assert.deepEqual(await catalog.run("SHOW TBLPROPERTIES events('a')"), ['b']);
    assert.match(
      await catalog.fails(
        "ALTER TABLE events PARTITION (dt='2024-01-01', hour=0) RENAME TO PARTITION (dt='2024-01-01', hour=1)",
      ),
      /^TABLE_ALREADY_EXISTS Partition already exists: dt=2024-01-01\/hour=1/,
    );
    assert.match(
      await catalog.fails("ALTER TABLE events PARTITION (dt='x', hour=0) SET LOCATION 's3://b/'"),
      /^INVALID_FUNCTION_ARGUMENT Partition does not exist: dt=x\/hour=0/,
    );
    assert.match(await catalog.fails("ALTER TABLE events DROP PARTITION (dt='none')"), /^INVALID_FUNCTION_ARGUMENT/);
    await catalog.run("ALTER TABLE events DROP IF EXISTS PARTITION (dt='none'), PARTITION (dt='2024-01-01')");
    assert.deepEqual(await catalog.run('SHOW PARTITIONS events'), ['dt=2024-01-03/hour=5']);
  });

  it('databases have a comment, a location and properties that can be changed', async () => {
    await using catalog = await openCatalog();
    await catalog.run("CREATE DATABASE d COMMENT 'c' LOCATION 's3://b/d/' WITH DBPROPERTIES ('a'='1', 'b'='2')");
    await catalog.run("ALTER SCHEMA d SET DBPROPERTIES ('b'='3')");
    await catalog.run("ALTER DATABASE d SET LOCATION 's3://b/e/'");
    assert.deepEqual((await catalog.metastore.read()).databases['d'], {
      name: 'd',
      comment: 'c',
      location: 's3://b/e/',
      parameters: { a: '1', b: '3' },
      tables: {},
    });
    assert.match(await catalog.fails("ALTER DATABASE none SET DBPROPERTIES ('a'='b')"), /^SCHEMA_NOT_FOUND/);
    assert.match(await catalog.fails("CREATE DATABASE e LOCATION 'file:///x'"), /^INVALID_FUNCTION_ARGUMENT/);
    await catalog.run('DROP DATABASE d RESTRICT');
  });

  it('DESCRIBE shows partitions, columns from inside, and the details of FORMATTED and EXTENDED', async () => {
    await using catalog = await openCatalog();
    await catalog.run(EVENTS);
    await catalog.run("ALTER TABLE events ADD PARTITION (dt='2024-01-01', hour=0) LOCATION 's3://other/x'");
    assert.match(await catalog.fails('DESCRIBE none.events id'), /^SCHEMA_NOT_FOUND/);
    assert.deepEqual(await catalog.run("DESCRIBE events attributes.'$value$'.b"), [
      'b\tdecimal(10,2)\tfrom deserializer',
    ]);
    assert.deepEqual(await catalog.run('desc default.events id'), ["id\tbigint\tit's the key"]);
    assert.match(await catalog.fails('DESCRIBE events tags.x'), /^COLUMN_NOT_FOUND/);
    const formatted = await catalog.run("DESCRIBE FORMATTED events PARTITION (dt='2024-01-01', hour=0)");
    assert.deepEqual(formatted.slice(0, 11), [
      "id\tbigint\tit's the key",
      'tags\tarray<string>\t',
      'attributes\tmap<string,struct<a:int,b:decimal(10,2)>>\t',
      'dt\tstring\tday',
      'hour\tint\t',
      '\t\t',
      '# Partition Information\t\t',
      '# col_name\tdata_type\tcomment',
      '\t\t',
      'dt\tstring\tday',
      'hour\tint\t',
    ]);
    for (const row of [
      'Partition Value:\t[2024-01-01, 0]\t',
      'Location:\ts3://other/x/\t',
      'Num Buckets:\t8\t',
      '\tclassification\tcsv',
      '\tcollection.delim\t,',
    ])
      assert.ok(formatted.includes(row), `${row} in ${formatted.join('\n')}`);
    const extended = (await catalog.run('DESCRIBE EXTENDED events')).at(-1) ?? '';
    assert.match(extended, /^Detailed Table Information\tTable\(Database:default, Table:events, /);
    assert.match(await catalog.fails("DESCRIBE events PARTITION (dt='x', hour=0)"), /Partition does not exist/);
  });

  it('says where a statement is wrong', async () => {
    await using catalog = await openCatalog();
    await catalog.run(EVENTS);
    assert.match(await catalog.fails('ALTER TABLE events ADD COLUMNS'), /^SYNTAX_ERROR line 1:31: .*Expecting: \(/);
    assert.match(await catalog.fails('ALTER TABLE events EXPLODE'), /^SYNTAX_ERROR line 1:20: .*'EXPLODE'/);
    assert.match(await catalog.fails('ALTER DATABASE default RENAME'), /^SYNTAX_ERROR line 1:24/);
    assert.match(
      await catalog.fails("CREATE EXTERNAL TABLE x (a int) STORED AS SEQUENCEFILE LOCATION 's3://b/'"),
      /^NOT_SUPPORTED STORED AS SEQUENCEFILE/,
    );
    assert.match(
      await catalog.fails("CREATE EXTERNAL TABLE x (a int) ROW FORMAT SERDE 'com.example.MySerde' LOCATION 's3://b/'"),
      /^NOT_SUPPORTED .*com\.example\.MySerde/,
    );
    assert.match(
      await catalog.fails("CREATE EXTERNAL TABLE x (a int) LOCATION 's3://b/' TBLPROPERTIES ('table_type'='ICEBERG')"),
      /^NOT_SUPPORTED table x: Iceberg/,
    );
  });
});
