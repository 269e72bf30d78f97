import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { openFileEngine } from './file-engine.ts';

/** A table over one text file, and the rows that Trino 476 read of it by the same SerDe, each value cast to varchar. */
interface SerdeFixture {
  readonly table: string;
  readonly select: readonly string[];
  /** its lines */
  readonly file: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

async function readFixture(name: string): Promise<SerdeFixture> {
  const text = await readFile(new URL(`../fixtures/serdes/${name}.json`, import.meta.url), 'utf8');
  // written by hand and by Trino, in this form
  return JSON.parse(text) as SerdeFixture;
}

describe('text files are read as Trino reads them', () => {
  for (const name of [
    'lazy-simple',
    'lazy-simple-escaped',
    'lazy-simple-nested',
    'open-csv',
    'openx-json',
    'openx-json-nested',
    'hive-json',
    'regex',
  ])
    it(name, async () => {
      const { table, select, file, rows } = await readFixture(name);
      await using fixture = await openFileEngine();
      await fixture.put('t/file', file.join('\n'));
      await fixture.rows(table);
      const columns = select.map((column) => `CAST(${column} AS varchar)`).join(', ');
      assert.deepEqual(await fixture.rows(`SELECT ${columns} FROM t`), rows);
    });
});

describe('SerDes and their properties', () => {
  it('LazySimpleSerDe: null format, header, the last column takes the rest, timestamp formats', async () => {
    await using fixture = await openFileEngine();
    await fixture.put('t/a', 'header\n\n1;nil;05.01.2024 10:00;a;b;c\n2;x;1704445200123;\n');
    await fixture.rows(`CREATE EXTERNAL TABLE t (i int, s string, at timestamp, rest string)
      ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
      WITH SERDEPROPERTIES ('field.delim'=';', 'serialization.null.format'='nil', 'serialization.last.column.takes.rest'='true',
        'timestamp.formats'='dd.MM.yyyy HH:mm,millis')
      LOCATION 's3://b/t/' TBLPROPERTIES ('skip.header.line.count'='2')`);
    assert.deepEqual(await fixture.rows('SELECT * FROM t'), [
      ['1', null, '2024-01-05 10:00:00.000', 'a;b;c'],
      ['2', 'x', '2024-01-05 09:00:00.123', ''],
    ]);
    await fixture.rows("ALTER TABLE t SET TBLPROPERTIES ('skip.footer.line.count'='1')");
    assert.match(await fixture.fails('SELECT * FROM t'), /^NOT_SUPPORTED skip\.footer\.line\.count/);
    await fixture.rows("ALTER TABLE t SET TBLPROPERTIES ('skip.header.line.count'='one')");
    assert.match(await fixture.fails('SELECT * FROM t'), /^CONFIG_INVALID .*"one"/);
  });

  it('OpenCSVSerde: days and milliseconds, other separators, what is no value', async () => {
    await using fixture = await openFileEngine();
    await fixture.put('t/a', "'18276'\t1579059880000\t'tr''ue'\t1.5\n");
    await fixture.rows(`CREATE EXTERNAL TABLE t (d date, at timestamp, s string, n double)
      ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
      WITH SERDEPROPERTIES ('separatorChar'='\\t', 'quoteChar'="'", 'escapeChar'='\\\\') LOCATION 's3://b/t/'`);
    assert.deepEqual(await fixture.rows('SELECT * FROM t'), [
      ['2020-01-15', '2020-01-15 03:44:40.000', "tr'ue", '1.5'],
    ]);
    await fixture.put('t/b', '2020-01-15\t\t\t\n');
    assert.match(
      await fixture.fails('SELECT d FROM t'),
      /^FILE_INVALID "2020-01-15" is no date of column d in file s3:\/\/b\/t\/b, line 1$/,
    );
    assert.match(
      await fixture.fails('SELECT n FROM t'),
      /^FILE_INVALID "" is no double of column n in file s3:\/\/b\/t\/b/,
    );
    assert.deepEqual(await fixture.rows('SELECT s FROM t ORDER BY 1'), [[''], ["tr'ue"]]);
  });

  it('OpenX: mapping, dots in keys, case, malformed lines', async () => {
    await using fixture = await openFileEngine();
    await fixture.put('t/a', '{"TS":1,"a.b":"dot","Mixed":"m","n":{"X.y":2}}\n{"ts":2,\n');
    const table = (
      properties: string,
    ) => `CREATE EXTERNAL TABLE t (time int, a_b string, mixed string, n struct<x_y:int>)
      ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' WITH SERDEPROPERTIES (${properties}) LOCATION 's3://b/t/'`;
    await fixture.rows(table("'mapping.time'='ts', 'dots.in.keys'='true', 'ignore.malformed.json'='true'"));
    assert.deepEqual(await fixture.rows('SELECT time, a_b, mixed, n.x_y FROM t'), [
      ['1', 'dot', 'm', '2'],
      [null, null, null, null],
    ]);
    await fixture.rows('DROP TABLE t');
    await fixture.rows(table("'mapping.time'='TS', 'case.insensitive'='false', 'ignore.malformed.json'='true'"));
    assert.deepEqual(await fixture.rows('SELECT time, a_b, mixed FROM t LIMIT 1'), [['1', null, null]]);
    await fixture.rows('DROP TABLE t');
    await fixture.rows(table("'mapping.time'='TS'"));
    assert.match(await fixture.fails('SELECT * FROM t'), /^FILE_INVALID "\{"ts":2," is no JSON in file s3:\/\/b\/t\/a/);
  });

  it("Hive's JsonSerDe refuses what is no value", async () => {
    await using fixture = await openFileEngine();
    await fixture.rows(`CREATE EXTERNAL TABLE t (i int, r struct<a:array<int>>)
      ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe' LOCATION 's3://b/t/'`);
    for (const [line, problem] of [
      ['{"i":"7"}', /"7" is no integer of column i in file/],
      ['{"i":99999999999}', /99999999999 is no integer of column i/],
      ['{"i":1,"r":{"a":5}}', /5 is no array of column r/],
      ['{"i":1,"r":{"a":[[]]}}', /\[\] is no integer of column r/],
      ['[1]', /"\[1\]" is no JSON in file/],
    ] as const) {
      await fixture.put('t/a', `{"i":1}\n${line}\n`);
      const message = await fixture.fails('SELECT * FROM t');
      assert.match(message, /^FILE_INVALID .*s3:\/\/b\/t\/a, line 2$/);
      assert.match(message, problem);
    }
  });

  it('RegexSerDe without regard to case, and patterns that cannot be used', async () => {
    await using fixture = await openFileEngine();
    await fixture.put('t/a', 'GET /x 200\npost /y many\n');
    await fixture.rows(`CREATE EXTERNAL TABLE t (verb string, path string, code int)
      ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'
      WITH SERDEPROPERTIES ('input.regex'='(get|post) (\\\\S+)(?: (\\\\S+))', 'input.regex.case.insensitive'='true') LOCATION 's3://b/t/'`);
    assert.deepEqual(await fixture.rows('SELECT * FROM t'), [
      ['GET', '/x', '200'],
      ['post', '/y', null],
    ]);
    await fixture.rows(`CREATE EXTERNAL TABLE u (a string) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'
      WITH SERDEPROPERTIES ('input.regex'='(a') LOCATION 's3://b/t/'`);
    assert.match(await fixture.fails('SELECT * FROM u'), /^CONFIG_INVALID SerDe property input\.regex of table u/);
  });

  it('GrokSerDe: named patterns are the columns in their order', async () => {
    await using fixture = await openFileEngine();
    await fixture.put(
      't/a',
      '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a.gif HTTP/1.0" 200 2326 "http://x/" "Mozilla"\nnothing\n',
    );
    await fixture.rows(`CREATE EXTERNAL TABLE t (clientip string, ident string, auth string, ts string, verb string, request string,
        httpversion string, rawrequest string, response int, bytes bigint, referrer string, agent string)
      ROW FORMAT SERDE 'com.amazonaws.glue.serde.GrokSerDe' WITH SERDEPROPERTIES ('input.format'='%{COMBINEDAPACHELOG}')
      LOCATION 's3://b/t/'`);
    assert.deepEqual(await fixture.rows('SELECT clientip, ts, request, response, bytes, agent FROM t'), [
      ['127.0.0.1', '10/Oct/2000:13:55:36 -0700', '/a.gif', '200', '2326', '"Mozilla"'],
      [null, null, null, null, null, null],
    ]);
    await fixture.put('u/a', 'X-42 (hello) 2024-01-05T10:00:00Z');
    await fixture.rows(`CREATE EXTERNAL TABLE u (id int, word string, at string) ROW FORMAT SERDE 'com.amazonaws.glue.serde.GrokSerDe'
      WITH SERDEPROPERTIES ('input.grokCustomPatterns'='TICKET (X|Y)-%{INT:number}', 'input.format'='%{TICKET} \\\\(%{WORD:word}\\\\) %{TIMESTAMP_ISO8601:at}')
      LOCATION 's3://b/u/'`);
    assert.deepEqual(await fixture.rows('SELECT * FROM u'), [['42', 'hello', '2024-01-05T10:00:00Z']]);
    await fixture.rows(`CREATE EXTERNAL TABLE v (id int) ROW FORMAT SERDE 'com.amazonaws.glue.serde.GrokSerDe'
      WITH SERDEPROPERTIES ('input.format'='%{NOSUCH:x}') LOCATION 's3://b/u/'`);
    assert.match(await fixture.fails('SELECT * FROM v'), /^CONFIG_INVALID .*unknown pattern %\{NOSUCH:x\}/);
  });
});
