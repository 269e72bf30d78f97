import { ErganeError } from '@ergane/protocol';
import { openDirectoryStore } from '@ergane/storage';
import { makeTemporaryFolder } from '@ergane/testing';
import { DuckDBInstance } from '@duckdb/node-api';
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { createEngine, openFileMetastore, openWarehouse, printValue, type RunOptions } from '../../src/index.ts';

/** An engine over a folder as S3, without any function. */
async function openFixture() {
  const folder = await makeTemporaryFolder();
  const store = openDirectoryStore(path.join(folder.path, 's3'));
  const engine = await createEngine({
    catalogs: {},
    invoker: { invoke: () => Promise.reject(new Error('there are no functions')) },
    spill: { store, bucket: 'spill', prefix: 'p' },
    temporaryDirectory: path.join(folder.path, 'tmp'),
    dataCatalog: {
      metastore: openFileMetastore(path.join(folder.path, 'metastore.json')),
      warehouse: openWarehouse({ store, cacheFolder: path.join(folder.path, 'cache') }),
    },
  });
  return {
    engine,
    folder: path.join(folder.path, 's3'),
    async rows(sql: string, options: RunOptions = {}) {
      await using result = await engine.run(sql, options);
      const rows: (string | null)[][] = [];
      for await (const batch of result.batches)
        for (const row of batch)
          rows.push(
            row.map((value, index) => {
              const column = result.columns[index];
              if (column === undefined) throw new Error('a value without a column');
              return printValue(value, column.type);
            }),
          );
      return rows;
    },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Writes a query's rows as Parquet, as some other program would. */
async function writeParquet(file: string, query: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${query}) TO '${file}' (ROW_GROUP_SIZE 2048)`);
  connection.closeSync();
  instance.closeSync();
}

const CLICKS = `CREATE EXTERNAL TABLE web.clicks (click_id bigint, page string, at timestamp, price decimal(10,2), geo struct<lat:double,tags:array<string>>)
  PARTITIONED BY (dt date) STORED AS PARQUET LOCATION 's3://b/clicks/'`;

async function makeClicks(fixture: Awaited<ReturnType<typeof openFixture>>): Promise<void> {
  for (const [day, from] of [
    ['2024-01-01', 0],
    ['2024-01-02', 10_000],
    ['2024-01-03', 20_000],
  ] as const)
    await writeParquet(
      path.join(fixture.folder, `b/clicks/dt=${day}/part.parquet`),
      `SELECT ${from} + i AS click_id, '/p' || (i % 7) AS page, TIMESTAMP '${day} 00:00:00' + INTERVAL (i) SECOND AS at,
        (i / 100)::DECIMAL(10,2) AS price, {'lat': i / 2, 'tags': ['a', 'ü']} AS geo FROM range(10000) t(i)`,
    );
  await fixture.rows('CREATE DATABASE web');
  await fixture.rows(CLICKS);
  await fixture.rows('MSCK REPAIR TABLE web.clicks');
}

describe('tables on S3 through the engine', () => {
  it('shows, describes and queries them', async () => {
    await using fixture = await openFixture();
    await makeClicks(fixture);
    assert.deepEqual(await fixture.rows('SHOW DATABASES'), [['default'], ['web']]);
    assert.deepEqual(await fixture.rows('SHOW TABLES IN web'), [['clicks']]);
    assert.deepEqual(
      (await fixture.rows('DESCRIBE web.clicks')).map((row) => row[0]),
      ['click_id', 'page', 'at', 'price', 'geo', 'dt'],
    );
    assert.deepEqual(
      await fixture.rows(
        "SELECT dt, count(*), min(click_id), sum(price) FROM web.clicks WHERE dt >= DATE '2024-01-02' AND page = '/p3' GROUP BY dt ORDER BY dt",
      ),
      [
        ['2024-01-02', '1429', '10003', '71464.29'],
        ['2024-01-03', '1429', '20003', '71464.29'],
      ],
    );
    assert.deepEqual(
      await fixture.rows('SELECT at, geo.lat, geo.tags, geo FROM clicks WHERE click_id = 20003', {
        catalog: 'awsdatacatalog',
        schema: 'web',
      }),
      [['2024-01-03 00:00:03.000', '1.5', '[a, ü]', '{lat=1.5, tags=[a, ü]}']],
    );
  });

  it('a literal that looks like a scan stays a literal', async () => {
    await using fixture = await openFixture();
    await makeClicks(fixture);
    assert.deepEqual(
      await fixture.rows(
        "SELECT 'ergane_scan(0)', count(*) FROM web.clicks a JOIN web.clicks b ON a.click_id = b.click_id WHERE a.dt = DATE '2024-01-01'",
      ),
      [['ergane_scan(0)', '10000']],
    );
  });

  it('reads nothing of a partition that the filter leaves out, not even a damaged file', async () => {
    await using fixture = await openFixture();
    await makeClicks(fixture);
    await writeFile(path.join(fixture.folder, 'b/clicks/dt=2024-01-03/part.parquet'), 'damaged');
    assert.deepEqual(await fixture.rows("SELECT count(*) FROM web.clicks WHERE dt < DATE '2024-01-03'"), [['20000']]);
    await assert.rejects(fixture.rows('SELECT sum(price) FROM web.clicks'), (error) => {
      assert.ok(error instanceof ErganeError, String(error));
      assert.match(error.message, /s3:\/\/b\/clicks\/dt=2024-01-03\/part\.parquet/);
      return true;
    });
  });

  it('EXPLAIN ANALYZE tells partitions, files and row groups that were read', async () => {
    await using fixture = await openFixture();
    await makeClicks(fixture);
    const sql = "SELECT sum(price) FROM web.clicks WHERE dt >= DATE '2024-01-02' AND click_id BETWEEN 14200 AND 15000";
    const text = (await fixture.rows(`EXPLAIN ANALYZE ${sql}`)).flat().join('\n');
    assert.match(text, /2 of 3 partitions, 2 files/);
    assert.match(text, /1 of 10 row groups/);
    assert.match((await fixture.rows(`EXPLAIN ${sql}`)).flat().join('\n'), /2 of 3 partitions, 2 files/);
  });

  it('names what does not exist', async () => {
    await using fixture = await openFixture();
    const failsWith = (code: string, pattern: RegExp) => (error: unknown) => {
      assert.ok(error instanceof ErganeError, String(error));
      assert.equal(error.code, code);
      assert.match(error.message, pattern);
      assert.equal(error.where.catalog, 'awsdatacatalog');
      return true;
    };
    await assert.rejects(
      fixture.rows('SELECT * FROM nothing'),
      failsWith('TABLE_NOT_FOUND', /awsdatacatalog\.default\.nothing/),
    );
    await assert.rejects(fixture.rows('SELECT * FROM no.thing'), failsWith('SCHEMA_NOT_FOUND', /'no'/));
  });

  it('DuckDB reads no other file of this machine', async () => {
    await using fixture = await openFixture();
    await assert.rejects(fixture.rows("SELECT * FROM read_text('/etc/hostname')"), ErganeError);
    await assert.rejects(fixture.rows('SELECT * FROM "/etc/hostname"'), ErganeError);
  });
});
