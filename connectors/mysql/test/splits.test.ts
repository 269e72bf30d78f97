import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { makeRanges, makeValues, NO_CONSTRAINTS } from '@ergane/protocol';
import { DateDay, Int32, Int64, Utf8 } from 'apache-arrow';
import { parseSplit } from '../src/split.ts';
import { openConnector, readTable } from './test-reading.ts';
import { openDatabase, SERVERS } from './test-servers.ts';

const DIGITS = `(SELECT 0 n UNION ALL ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `SELECT ${digit}`).join(' UNION ALL ')})`;
const NUMBERS = `(SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n AS n FROM ${['a', 'b', 'c', 'd'].map((name) => `${DIGITS} ${name}`).join(', ')}) numbers`;
/** 64 bytes a row: 1,000 rows a split */
const ENVIRONMENT = { environment: { ergane_split_bytes: '64000' } };

for (const server of SERVERS)
  suite(`splits of ${server}`, () => {
    test('keys with gaps, skew and signs make splits of like size, in key order', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      await database.run(
        'CREATE TABLE skewed (id bigint primary key, n int)',
        // half of the rows in one dense stretch, the others far apart on both sides of zero
        `INSERT INTO skewed SELECT IF(n < 5000, n, (n - 7500) * 4000000000000), n FROM ${NUMBERS} ON DUPLICATE KEY UPDATE n = VALUES(n)`,
        'ANALYZE TABLE skewed',
      );
      using connector = openConnector(database, ENVIRONMENT);
      const { rows, splits } = await readTable(connector, database, { table: 'skewed' });
      assert.ok(splits.length >= 5, `${splits.length} splits`);
      const ids = rows.map(([id]) => BigInt(String(id)));
      assert.deepEqual(
        ids,
        [...ids].sort((a, b) => (a < b ? -1 : 1)),
      );
      assert.equal(new Set(ids).size, ids.length);
      const [counted] = await database.admin.query('SELECT COUNT(*) AS n FROM skewed');
      assert.equal(JSON.stringify(counted), `[{"n":${ids.length}}]`);
      const most = Math.max(...(await countEach(connector, database, 'skewed')));
      assert.ok(most < 4000, `${most} rows in one split`);
    });

    test('what an index finds alone, a small limit, and a small table are one split', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      await database.run(
        'CREATE TABLE plenty (id bigint primary key, word varchar(20), key (word))',
        `INSERT INTO plenty SELECT n, CONCAT('w', n) FROM ${NUMBERS}`,
        'CREATE TABLE few (id int primary key)',
        'INSERT INTO few VALUES (1)',
        'CREATE VIEW seen AS SELECT * FROM plenty',
        'ANALYZE TABLE plenty',
      );
      using connector = openConnector(database, ENVIRONMENT);
      const count = async (table: string, constraints = {}): Promise<number> =>
        (await readTable(connector, database, { table, constraints })).splits.length;
      assert.ok((await count('plenty')) > 5);
      assert.equal(await count('plenty', { summary: { id: makeValues(new Int64(), [77n]) } }), 1);
      assert.equal(await count('plenty', { summary: { word: makeValues(new Utf8(), ['w77', 'w78']) } }), 1);
      assert.equal(await count('plenty', { limit: 10 }), 1);
      assert.equal(await count('few'), 1);
      assert.equal(await count('seen'), 1);
    });

    test('ranges are made only where the key may lie', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      await database.run(
        'CREATE TABLE plenty (id bigint primary key, n int)',
        `INSERT INTO plenty SELECT n, n FROM ${NUMBERS}`,
        'ANALYZE TABLE plenty',
      );
      using connector = openConnector(database, ENVIRONMENT);
      const low = { value: 2000n, bound: 'EXACTLY' as const };
      const high = { value: 6000n, bound: 'BELOW' as const };
      const constraints = { summary: { id: makeRanges(new Int64(), [{ low, high }]) } };
      const { rows, splits } = await readTable(connector, database, { table: 'plenty', constraints });
      assert.equal(rows.length, 4000);
      assert.ok(splits.length > 1);
      for (const split of splits) {
        const { range } = parseSplit(split);
        for (const bound of [range.low, range.high])
          if (bound !== undefined) assert.ok(Number(bound.values[0]) >= 2000 && Number(bound.values[0]) <= 6000);
      }
    });

    test('partitions that the constraints rule out are not read, small ones are read together', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      const months = Array.from(
        { length: 12 },
        (_, index) => `PARTITION m${index + 1} VALUES LESS THAN (${index + 2})`,
      );
      await database.run(
        `CREATE TABLE by_month (day date not null, n int) PARTITION BY RANGE (MONTH(day)) (${months.join(', ')})`,
        `INSERT INTO by_month SELECT '2024-01-01' + INTERVAL n % 366 DAY, n FROM ${NUMBERS}`,
        `CREATE TABLE by_hash (id int primary key, n int) PARTITION BY RANGE (id) SUBPARTITION BY HASH (id) SUBPARTITIONS 2
          (PARTITION a VALUES LESS THAN (5000), PARTITION b VALUES LESS THAN MAXVALUE)`,
        `INSERT INTO by_hash SELECT n, n FROM ${NUMBERS}`,
        'ANALYZE TABLE by_month, by_hash',
      );
      using connector = openConnector(database, ENVIRONMENT);
      const all = await readTable(connector, database, { table: 'by_month' });
      assert.equal(all.rows.length, 10_000);
      assert.ok(all.splits.length >= 6, `${all.splits.length} splits`);
      const hashed = await readTable(connector, database, { table: 'by_hash' });
      assert.equal(new Set(hashed.rows.map(([id]) => id)).size, 10_000);
      assert.equal(hashed.rows.length, 10_000);
      const one = await readTable(connector, database, {
        table: 'by_hash',
        constraints: { summary: { id: makeValues(new Int32(), [7]) } },
      });
      assert.deepEqual(
        one.splits.map((split) => parseSplit(split).partitions.length),
        [1],
      );
      assert.equal(one.rows.length, 1);
      const day = Date.parse('2024-03-05T00:00:00Z') / 86_400_000;
      const march = await readTable(connector, database, {
        table: 'by_month',
        constraints: { summary: { day: makeValues(new DateDay(), [day]) } },
      });
      assert.deepEqual(
        march.splits.map((split) => parseSplit(split).partitions),
        [['m3']],
      );
      assert.equal(march.rows.length, 28);
    });

    test('keys of every kind are divided', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      const keys: Readonly<Record<string, readonly [type: string, value: string]>> = {
        unsigned_key: ['bigint unsigned', '18446744073709551615 - n * 1000'],
        decimal_key: ['decimal(20,4)', '(n - 5000) / 8'],
        dated: ['date', "'2000-01-01' + INTERVAL n DAY"],
        timed: ['datetime(3)', "'1999-12-31 23:59:59' + INTERVAL n * 1001000 MICROSECOND"],
        hashed: ['char(32)', 'MD5(n)'],
        binary_hash: ['binary(16)', 'UNHEX(MD5(n))'],
        upper: ['varchar(40) collate utf8mb4_bin', 'UPPER(MD5(n))'],
        prefixed: ['varchar(40)', "CONCAT('customer-', LPAD(n, 6, '0'))"],
      };
      for (const [table, [type, value]] of Object.entries(keys)) {
        await database.run(
          `CREATE TABLE ${table} (k ${type} primary key, n int)`,
          `INSERT INTO ${table} SELECT ${value}, n FROM ${NUMBERS}`,
          `ANALYZE TABLE ${table}`,
        );
        using connector = openConnector(database, ENVIRONMENT);
        const { rows, splits } = await readTable(connector, database, { table, columns: ['n'] });
        assert.ok(splits.length >= 5, `${table}: ${splits.length} splits`);
        assert.deepEqual(
          rows.map(([n]) => Number(n)).sort((a, b) => a - b),
          Array.from({ length: 10_000 }, (_, n) => n),
          table,
        );
      }
    });
  });

async function countEach(
  connector: Parameters<typeof readTable>[0],
  database: Parameters<typeof readTable>[1],
  table: string,
): Promise<readonly number[]> {
  const { splits } = await readTable(connector, database, { table });
  const counts: number[] = [];
  const described = await connector.definition.describeTable(connector.context, {
    schemaName: database.name,
    tableName: table,
  });
  if (described === undefined) return counts;
  for (const split of splits) {
    let count = 0;
    const request = { ...described, split, constraints: NO_CONSTRAINTS };
    for await (const { batch } of connector.definition.read(connector.context, request)) count += batch.numRows;
    counts.push(count);
  }
  return counts;
}
