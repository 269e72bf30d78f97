import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { openDirectoryStore } from '@ergane/storage';
import { Date_, DateUnit, Decimal, Int32, Int64, Utf8 } from 'apache-arrow';
import { openFileMetastore, openWarehouse } from '../../src/index.ts';
import { makeFakeSource, tableOf } from '../fake-source.ts';
import { makeTestParts, makeTestPlace, rowsOf } from '../test-engine.ts';

const LARGE = tableOf(
  {
    k: new Int64(),
    v: new Utf8(),
    day: new Date_(DateUnit.DAY),
    at: new Date_(DateUnit.MILLISECOND),
    price: new Decimal(2, 12, 128),
  },
  Array.from({ length: 20_000 }, (_, n) => [
    BigInt(n),
    `v${n}`,
    18_000 + n,
    1_600_000_000_000n + BigInt(n) * 500n,
    BigInt(n * 10),
  ]),
  4,
);
const SMALL = tableOf({ id: new Int32() }, [[7], [null], [900]]);

/** A query's rows as Parquet or CSV, as some other program would write them. */
async function writeFileOf(file: string, query: string, format = 'PARQUET'): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${query}) TO '${file}' (FORMAT ${format}${format === 'CSV' ? ', HEADER false' : ''})`);
  connection.closeSync();
  instance.closeSync();
}

const DAYS = ['2024-01-01', '2024-01-02', '2024-01-03'];

/** Catalog c has the functions' tables large and small; awsdatacatalog.web has dim, many, dim_csv and clicks by day. */
async function openFixture() {
  const place = await makeTestPlace();
  const source = makeFakeSource({ store: place.store, tables: { large: LARGE, small: SMALL }, filters: true });
  const store = openDirectoryStore(path.join(place.folder, 's3'));
  const parts = makeTestParts(place, source, {
    dataCatalog: {
      metastore: openFileMetastore(path.join(place.folder, 'metastore.json')),
      warehouse: openWarehouse({ store, cacheFolder: path.join(place.folder, 'cache') }),
    },
  });
  const bucket = path.join(place.folder, 's3/b');
  const columns = 'id int, name string, day date, at timestamp, price decimal(10,2)';
  const rows = `SELECT (i * 100)::INTEGER AS id, 'w' || i AS name, DATE '2019-04-14' + (i * 100)::INTEGER AS day,
    make_timestamp(1600000000000000 + i * 50000000 + (i % 2) * 10) AS at, (i * 10)::DECIMAL(10,2) AS price`;
  await writeFileOf(`${bucket}/dim/a.parquet`, `${rows} FROM range(10) t(i)`);
  await writeFileOf(`${bucket}/dim_csv/a.csv`, `${rows} FROM range(10) t(i)`, 'CSV');
  await writeFileOf(`${bucket}/many/a.parquet`, `${rows} FROM (SELECT i % 3 AS i FROM range(300000) t(i))`);
  for (const [index, day] of DAYS.entries())
    await writeFileOf(
      `${bucket}/clicks/dt=${day}/a.parquet`,
      `SELECT ${index * 100} + i AS click FROM range(100) t(i)`,
    );
  const run = (sql: string) => rowsOf(parts, sql);
  const session = { catalog: 'awsdatacatalog', schema: 'web' };
  await rowsOf(parts, 'CREATE DATABASE web', session);
  for (const sql of [
    `CREATE EXTERNAL TABLE dim (${columns}) STORED AS PARQUET LOCATION 's3://b/dim/'`,
    `CREATE EXTERNAL TABLE many (${columns}) STORED AS PARQUET LOCATION 's3://b/many/'`,
    `CREATE EXTERNAL TABLE dim_csv (${columns}) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://b/dim_csv/'`,
    `CREATE EXTERNAL TABLE clicks (click bigint) PARTITIONED BY (dt date) STORED AS PARQUET LOCATION 's3://b/clicks/'`,
    `MSCK REPAIR TABLE clicks`,
  ])
    await rowsOf(parts, sql, session);
  return {
    source,
    run,
    async [Symbol.asyncDispose]() {
      await parts[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

let fixture: Awaited<ReturnType<typeof openFixture>>;
before(async () => {
  fixture = await openFixture();
});
after(() => fixture[Symbol.asyncDispose]());

const W = 'awsdatacatalog.web';
/** Statements, what they answer, and how many rows the function gives for it. */
const STATEMENTS: readonly (readonly [sql: string, rows: number, read: number])[] = [
  [`FROM large JOIN ${W}.dim ON large.k = dim.id`, 10, 10],
  [`FROM ${W}.dim_csv d JOIN large ON large.k = d.id`, 10, 10],
  [`FROM large JOIN ${W}.dim ON large.k = dim.id WHERE dim.name IN ('w3', 'w4')`, 2, 2],
  [
    `FROM large JOIN ${W}.dim ON large.k = dim.id WHERE dim.price > 70 AND dim.id < 900 AND dim.day >= DATE '2019-04-15'`,
    1,
    1,
  ],
  [`FROM large JOIN ${W}.dim ON large.day = dim.day`, 10, 10],
  [`FROM large JOIN ${W}.dim ON large.price = dim.price`, 10, 10],
  // every second time of the file is finer than Athena's milliseconds: it is rounded to them
  [`FROM large JOIN ${W}.dim ON large.at = dim.at`, 10, 10],
  [`FROM large WHERE k IN (SELECT id FROM ${W}.dim WHERE name = 'w5')`, 1, 1],
  [`FROM large WHERE k = (SELECT max(id) FROM ${W}.dim)`, 1, 10],
  [`FROM large WHERE k IN (SELECT min(id) FROM ${W}.dim GROUP BY price)`, 10, 10],
  [`FROM large WHERE EXISTS (SELECT 1 FROM ${W}.dim WHERE dim.id = large.k)`, 10, 10],
  [`FROM large WHERE k IN (SELECT id FROM ${W}.dim UNION ALL SELECT id FROM small)`, 11, 14],
  [`FROM large WHERE k IN (SELECT id FROM ${W}.dim UNION SELECT * FROM (VALUES 5, 6))`, 12, 12],
  [`FROM large JOIN ${W}.many ON large.k = many.id`, 300_000, 20_000],
  [`FROM large JOIN (VALUES (1, 'a'), (2, 'b'), (NULL, 'c')) v(id, t) ON large.k = v.id`, 2, 2],
  [`FROM large WHERE k IN (SELECT * FROM (VALUES 1, 2, 3))`, 3, 3],
  [`FROM large JOIN UNNEST(ARRAY[1, 5, 5]) u(n) ON large.k = u.n`, 3, 2],
  [`FROM large WHERE k = (SELECT max(id) FROM small)`, 1, 5],
];

suite('keys of tables on S3 and of VALUES narrow what functions read', () => {
  for (const [sql, rows, read] of STATEMENTS)
    test(sql, async () => {
      fixture.source.rowsRead = 0;
      assert.deepEqual(await fixture.run(`SELECT count(*) ${sql}`), [[BigInt(rows)]]);
      assert.equal(fixture.source.rowsRead, read);
    });

  test('EXPLAIN names where keys come from, EXPLAIN ANALYZE how many came', async () => {
    const sql = `SELECT count(*) FROM large JOIN ${W}.dim ON large.k = dim.id`;
    assert.match((await fixture.run(`EXPLAIN ${sql}`)).flat().join('\n'), /dynamic filter: k = dim\.id/);
    assert.match((await fixture.run(`EXPLAIN ANALYZE ${sql}`)).flat().join('\n'), /dynamic filter: k: 10 keys/);
  });
});

suite('keys leave out partitions of tables on S3', () => {
  for (const [sql, rows, partitions] of [
    [`FROM ${W}.clicks WHERE dt IN (SELECT * FROM (VALUES DATE '2024-01-02'))`, 100, 1],
    [`FROM ${W}.clicks JOIN ${W}.dim ON clicks.dt = date_add('day', 1723, dim.day)`, 100, 3],
    [`FROM ${W}.clicks JOIN (SELECT dt FROM ${W}.clicks WHERE click = 150) x ON x.dt = clicks.dt`, 100, 1],
  ] as const)
    test(sql, async () => {
      assert.deepEqual(await fixture.run(`SELECT count(*) ${sql}`), [[BigInt(rows)]]);
      const text = (await fixture.run(`EXPLAIN ANALYZE SELECT count(*) ${sql}`)).flat().join('\n');
      assert.match(text, new RegExp(`${partitions} of 3 partitions`));
    });
});
