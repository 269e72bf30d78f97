import { compress as compressLz4 } from 'lz4js';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { compress as compressSnappy } from 'snappyjs';
import { openFileEngine } from './file-engine.ts';

/** Files that other programs wrote: pyarrow 26, fastavro 1.13 and Python's bz2. */
const foreign = (name: string) => readFile(new URL(`../fixtures/foreign/${name}`, import.meta.url));

describe('files that others wrote', () => {
  for (const codec of ['null', 'deflate', 'bzip2'])
    it(`Avro of fastavro, codec ${codec}: every type, by column names`, async () => {
      await using fixture = await openFileEngine();
      await fixture.put('t/a.avro', await foreign(`fastavro-${codec}.avro`));
      await fixture.rows(`CREATE EXTERNAL TABLE t (name string, id bigint, ok boolean, f float, d double, raw binary, day date, at timestamp,
          ms timestamp, price decimal(10,2), big decimal(38,3), tags array<string>, counts map<string,int>,
          geo struct<lat:double,inner:array<bigint>>, kind string, either string, absent int)
        STORED AS AVRO LOCATION 's3://b/t/' TBLPROPERTIES ('avro.schema.literal'='{}')`);
      assert.deepEqual(
        await fixture.rows('SELECT id, name, ok, f, d, to_hex(raw), day, at, ms, price, big, absent FROM t'),
        [
          [
            '9007199254740993',
            'Ada "q" ü',
            'true',
            '1.5',
            '0.1',
            '00FF',
            '2024-02-29',
            '2024-01-05 10:00:00.123',
            '1969-12-31 23:59:59.999',
            '12.34',
            '12345678901234567890123456789012345.678',
            null,
          ],
          [
            '-1',
            null,
            'false',
            'NaN',
            '-Infinity',
            '',
            '1969-12-31',
            null,
            '2000-01-01 00:00:00.000',
            '-0.05',
            '-0.001',
            null,
          ],
        ],
      );
      assert.deepEqual(await fixture.rows('SELECT tags, counts, geo, kind, either FROM t'), [
        ['[x, null]', '{a=1, B=2}', '{lat=1.5, inner=[1, 9223372036854775807]}', 'B', '7'],
        ['[]', '{}', null, 'A', 'text'],
      ]);
    });

  for (const codec of ['snappy', 'zstd', 'lz4'])
    it(`Parquet of pyarrow, codec ${codec}: names in capitals, wider types, nested values`, async () => {
      await using fixture = await openFileEngine();
      await fixture.put('t/a.parquet', await foreign(`pyarrow-${codec}.parquet`));
      await fixture.rows(`CREATE EXTERNAL TABLE t (id bigint, name string, small int, f double, at timestamp, ns timestamp, price decimal(12,3),
        geo struct<lat:double,tags:array<string>>, m map<string,bigint>, raw binary, dict string, absent date) STORED AS PARQUET LOCATION 's3://b/t/'`);
      assert.deepEqual(
        await fixture.rows('SELECT id, name, small, f, at, price, geo, m, to_hex(raw), dict, absent FROM t'),
        [
          ['1', 'x', '1', '1.5', '2024-01-05 10:00:00.123', '1.500', '{lat=1.5, tags=[a]}', '{k=1}', '00FF', 'p', null],
          ['2', null, '2', '2.5', null, null, null, null, null, 'q', null],
        ],
      );
      assert.deepEqual(
        await fixture.rows(
          "SELECT count(*) FROM t WHERE at = TIMESTAMP '2024-01-05 10:00:00.123' AND ns = TIMESTAMP '2024-01-05 10:00:00.124'",
        ),
        [['1']],
      );
    });

  it('text by every compression that Athena lists, in one table', async () => {
    await using fixture = await openFileEngine();
    const block = (text: string, compress: (bytes: Uint8Array) => Uint8Array) => {
      const chunk = compress(Buffer.from(text));
      const head = Buffer.alloc(8);
      head.writeUInt32BE(Buffer.byteLength(text), 0);
      head.writeUInt32BE(chunk.length, 4);
      return Buffer.concat([head, chunk]);
    };
    await fixture.put('t/a.csv.bz2', await foreign('lines.csv.bz2'));
    await fixture.put('t/b.gz', gzipSync('3|c\n'));
    await fixture.put('t/c.deflate', deflateSync('4|d\n'));
    await fixture.put('t/d.snappy', Buffer.concat([block('5|e\n', compressSnappy), block('6|f\n', compressSnappy)]));
    await fixture.put('t/e.lz4', compressLz4(Buffer.from('7|g\n'.repeat(2))));
    await fixture.put('t/f', '8|h');
    await fixture.rows(
      "CREATE EXTERNAL TABLE t (i int, s string) ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' LOCATION 's3://b/t/'",
    );
    assert.deepEqual(
      (await fixture.rows('SELECT i, s FROM t ORDER BY i')).map((row) => row.join('')),
      ['1ü', '2b', '3c', '4d', '5e', '6f', '7g', '7g', '8h'],
    );
    await fixture.put('t/g.snappy', Buffer.from([0, 0, 0, 9, 0, 0, 0, 3, 1]));
    assert.match(await fixture.fails('SELECT * FROM t'), /^FILE_INVALID s3:\/\/b\/t\/g\.snappy cannot be read/);
    await fixture.put('t/g.snappy', '');
    await fixture.put('t/h.bz2', 'no bzip2');
    assert.match(await fixture.fails('SELECT * FROM t'), /^FILE_INVALID s3:\/\/b\/t\/h\.bz2 cannot be read/);
    await fixture.put('t/h.bz2', '');
    await fixture.put('t/i.lzo', 'x');
    assert.match(await fixture.fails('SELECT * FROM t'), /^NOT_SUPPORTED s3:\/\/b\/t\/i\.lzo: .*LZO/);
  });

  it('a file that is no Avro is named, and one that changed is converted again', async () => {
    await using fixture = await openFileEngine();
    await fixture.put('t/a.avro', 'no Avro at all, not even a little of it');
    await fixture.rows("CREATE EXTERNAL TABLE t (id bigint) STORED AS AVRO LOCATION 's3://b/t/'");
    assert.match(await fixture.fails('SELECT * FROM t'), /^FILE_INVALID s3:\/\/b\/t\/a\.avro cannot be read/);
    await fixture.put('t/a.avro', await foreign('fastavro-null.avro'));
    assert.deepEqual(await fixture.rows('SELECT sum(id) FROM t WHERE id < 0'), [['-1']]);
  });
});
