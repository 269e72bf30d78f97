import { openStore, type ObjectInfo, type ObjectStore } from '@ergane/storage';
import { requireServer } from '@ergane/testing';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { ErganeError } from '@ergane/protocol';
import { openFileEngine, writeParquet } from './file-engine.ts';
import { makeBucket } from './make-bucket.ts';

const LINES = Array.from({ length: 200_000 }, (_, index) => `${index}|some text`).join('\n');

describe('faults of files', () => {
  for (const [what, change] of [
    ['removed', (file: string) => rm(file)],
    ['replaced', (file: string) => writeFile(file, '1|other\n')],
  ] as const)
    it(`an object that is ${what} in the middle of the scan ends the query with an error that names it`, async () => {
      await using fixture = await openFileEngine();
      await fixture.put('t/a', LINES);
      await fixture.put('t/b', LINES);
      await fixture.put('t/c', LINES);
      await fixture.rows(
        "CREATE EXTERNAL TABLE t (i int, s string) ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' LOCATION 's3://b/t/'",
      );
      await using result = await fixture.engine.run('SELECT i, s FROM t', {
        catalog: 'awsdatacatalog',
        schema: 'default',
      });
      const read = async () => {
        let isFirst = true;
        for await (const batch of result.batches) {
          if (isFirst) await change(path.join(fixture.folder, 'b/t/c'));
          isFirst = batch.length < 0;
        }
      };
      await assert.rejects(read(), (error) => {
        assert.ok(error instanceof ErganeError, String(error));
        assert.match(`${error.code} ${error.message}`, /^SOURCE_CHANGED s3:\/\/b\/t\/c was replaced or removed/);
        return true;
      });
    });

  it('damaged files are named: Parquet that is none, and text that is no UTF-8 with its line', async () => {
    await using fixture = await openFileEngine();
    await writeParquet(path.join(fixture.folder, 'b/t/a.parquet'), 'SELECT 1 AS i');
    await fixture.put('t/b.parquet', 'PAR1 no Parquet');
    await fixture.rows("CREATE EXTERNAL TABLE t (i int) STORED AS PARQUET LOCATION 's3://b/t/'");
    assert.match(await fixture.fails('SELECT * FROM t'), /^FILE_INVALID s3:\/\/b\/t\/b\.parquet cannot be read: /);
    await fixture.put('u/a', Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a]));
    await fixture.rows("CREATE EXTERNAL TABLE u (s string) LOCATION 's3://b/u/'");
    assert.match(await fixture.fails('SELECT s FROM u'), /^FILE_INVALID s3:\/\/b\/u\/a cannot be read: line 2: /);
  });

  it('empty and hidden files, folder markers and _SUCCESS are no data', async () => {
    await using fixture = await openFileEngine();
    for (const name of ['_SUCCESS', '.hidden', '_temporary', 'sub/_x']) await fixture.put(`t/${name}`, 'no data');
    await fixture.put('t/empty', '');
    await fixture.put('t/sub/a', '1\n');
    await fixture.rows("CREATE EXTERNAL TABLE t (i int) LOCATION 's3://b/t/'");
    assert.deepEqual(await fixture.rows('SELECT i FROM t'), [['1']]);
  });

  it('symlink manifests name the data files', async () => {
    await using fixture = await openFileEngine();
    await fixture.put('data/x.csv', '1\n');
    await fixture.put('data/y.csv', '2\n');
    await fixture.put('t/manifest', 's3://b/data/x.csv\ns3a://b/data/y.csv\n');
    await fixture.rows(`CREATE EXTERNAL TABLE t (i int) ROW FORMAT DELIMITED
      STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat'
      OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat' LOCATION 's3://b/t/'`);
    assert.deepEqual(await fixture.rows('SELECT i FROM t ORDER BY i'), [['1'], ['2']]);
    await fixture.put('t/manifest', 's3://b/data/x.csv\ns3://b/data/gone.csv\n');
    assert.match(
      await fixture.fails('SELECT i FROM t'),
      /^FILE_INVALID line 2 of the manifest s3:\/\/b\/t\/manifest names no object: "s3:\/\/b\/data\/gone\.csv"/,
    );
  });

  it('a million keys are listed page by page, none is kept that is no data', async () => {
    let pages = 0;
    const object = (key: string): ObjectInfo => ({ key, size: 0, etag: 'e', lastModified: 0 });
    const store: ObjectStore = {
      location: 'a million keys',
      get: () => Promise.reject(new Error('nothing is read')),
      head: () => Promise.resolve(undefined),
      put: () => Promise.resolve(),
      delete: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
      async *list() {
        for (let page = 0; page < 1000; page++) {
          pages++;
          for (let index = 0; index < 1000; index++) yield await Promise.resolve(object(`t/${page}/${index}`));
        }
      },
    };
    await using fixture = await openFileEngine({ store });
    await fixture.rows("CREATE EXTERNAL TABLE t (i int) LOCATION 's3://b/t/'");
    assert.deepEqual(await fixture.rows('SELECT count(*) FROM t'), [['0']]);
    assert.equal(pages, 1000);
  });
});

describe('an S3 server', () => {
  it('holds text, Avro, compressed and partitioned tables as a folder does', async (context) => {
    const server = requireServer(context, 's3');
    if (server === undefined) return;
    await using store = openStore(`s3+${server.href}`);
    const bucket = 'ergane-hive-test';
    await makeBucket(server, bucket);
    const folder = `t-${randomUUID()}`;
    await using fixture = await openFileEngine({ store, bucket });
    const bzip2 = await readFile(new URL('../fixtures/foreign/lines.csv.bz2', import.meta.url));
    await fixture.put(`${folder}/csv/dt=2024-01-01/a b+c.csv`, '3|x\n');
    await fixture.put(`${folder}/csv/dt=2024-01-02/a.csv.bz2`, bzip2);
    await fixture.put(`${folder}/csv/dt=2024-01-02/_SUCCESS`, '');
    await fixture.put(
      `${folder}/avro/a.avro`,
      await readFile(new URL('../fixtures/foreign/fastavro-null.avro', import.meta.url)),
    );
    await fixture.rows(`CREATE EXTERNAL TABLE csv (i int, s string) PARTITIONED BY (dt date)
      ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' LOCATION 's3://${bucket}/${folder}/csv/'`);
    await fixture.rows(
      `CREATE EXTERNAL TABLE avro (id bigint, name string) STORED AS AVRO LOCATION 's3://${bucket}/${folder}/avro/'`,
    );
    await fixture.rows('MSCK REPAIR TABLE csv');
    assert.deepEqual(await fixture.rows('SELECT dt, i, s FROM csv ORDER BY i'), [
      ['2024-01-02', '1', 'ü'],
      ['2024-01-02', '2', 'b'],
      ['2024-01-01', '3', 'x'],
    ]);
    assert.deepEqual(await fixture.rows('SELECT name FROM avro WHERE id > 0'), [['Ada "q" ü']]);
  });
});
