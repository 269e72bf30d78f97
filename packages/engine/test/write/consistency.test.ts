import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openDirectoryStore } from '@ergane/storage';
import { openFileMetastore, openWarehouse } from '../../src/index.ts';
import { makeFileTable } from '../../src/files/file-table.ts';
import { listFiles } from '../../src/files/list-files.ts';
import type { WriteStep } from '../../src/write/write-transaction.ts';
import { openWriteFixture } from './open-fixture.ts';

const TABLE = "CREATE EXTERNAL TABLE t (i bigint) PARTITIONED BY (k bigint) STORED AS PARQUET LOCATION 's3://b/t/'";
const INSERT = 'INSERT INTO t SELECT i, i % 4 FROM UNNEST(sequence(1, 40)) u(i)';

describe('while rows are written', () => {
  it('a reader sees none of them before the commit and all of them after', async () => {
    const seen: string[] = [];
    let look: (step: WriteStep) => Promise<void> = () => Promise.resolve();
    await using fixture = await openWriteFixture({ onWriteStep: (step) => look(step) });
    await fixture.rows(TABLE);
    look = async (step) => {
      // what is not committed is no partition to find either
      if (step === 'published') await fixture.rows('MSCK REPAIR TABLE t');
      if (step === 'published') assert.deepEqual(await fixture.rows('SHOW PARTITIONS t'), []);
      const [[count] = []] = await fixture.rows('SELECT count(*) FROM t');
      seen.push(`${step} ${count}`);
    };
    await fixture.write(INSERT);
    // the partitions are published side by side
    assert.deepEqual(
      seen.sort(),
      [
        'begun 0',
        'cleaned 40',
        'committed 40',
        'copied 0',
        ...Array<string>(4).fill('published 0'),
        'widened 0',
      ].sort(),
    );
  });

  it('a query that began before sees the old rows to its end, also when nothing was ever written before', async () => {
    await using fixture = await openWriteFixture();
    await fixture.rows("CREATE EXTERNAL TABLE t (i bigint) STORED AS PARQUET LOCATION 's3://b/t/'");
    const metastore = openFileMetastore(`${fixture.folder}/metastore.json`);
    const warehouse = openWarehouse({
      store: openDirectoryStore(`${fixture.folder}/s3`),
      cacheFolder: `${fixture.folder}/cache`,
    });
    const look = async () =>
      makeFileTable(metastore, { state: await metastore.read(), database: 'default', name: 't' });
    const countFiles = async ({ table, findVisible }: Awaited<ReturnType<typeof look>>) =>
      (await listFiles(warehouse, table, {}, findVisible)).files.length;
    const first = await look();
    await fixture.write('INSERT INTO t VALUES 1');
    const second = await look();
    await fixture.write('INSERT INTO t VALUES 2');
    assert.deepEqual([await countFiles(first), await countFiles(second), await countFiles(await look())], [0, 1, 2]);
  });

  it('the tables of one query are as they stood at the same moment', async () => {
    let wait: Promise<void> | undefined;
    await using fixture = await openWriteFixture({ onWriteStep: () => wait });
    await fixture.rows(TABLE);
    await fixture.write(INSERT);
    const writing = Promise.all(Array.from({ length: 4 }, () => fixture.write(INSERT)));
    let isOver = false;
    void writing.finally(() => (isOver = true));
    do {
      const [[left, right] = []] = await fixture.rows(
        'SELECT (SELECT count(*) FROM t), (SELECT count(*) FROM t AS again)',
      );
      assert.equal(left, right);
      assert.equal(Number(left) % 40, 0);
    } while (!isOver);
    await writing;
    assert.deepEqual(await fixture.rows('SELECT count(*), sum(i) FROM t'), [['200', String(5 * 820)]]);
  });

  it('inserts side by side all survive, and of two tables of one name one', async () => {
    await using fixture = await openWriteFixture();
    await fixture.rows(TABLE);
    await Promise.all(
      Array.from({ length: 6 }, (_, index) => fixture.write(`INSERT INTO t VALUES (${index}, ${index % 2})`)),
    );
    assert.deepEqual(await fixture.rows('SELECT count(*), sum(i) FROM t'), [['6', '15']]);
    const files = await fixture.files();
    const made = await Promise.allSettled(
      ['x', 'y'].map((place) =>
        fixture.write(`CREATE TABLE c WITH (external_location = 's3://b/${place}') AS SELECT 1 a`),
      ),
    );
    assert.deepEqual(made.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.deepEqual(await fixture.rows('SELECT * FROM c'), [['1']]);
    assert.equal((await fixture.files()).length, files.length + 1);
    const unloaded = await Promise.allSettled(
      ['a', 'b'].map(() => fixture.write("UNLOAD (SELECT 1 a) TO 's3://b/same/'")),
    );
    assert.deepEqual(unloaded.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.equal((await fixture.files()).length, files.length + 2);
  });

  it('a table that is dropped and made again meanwhile gets none of the rows', async () => {
    let meanwhile = (): Promise<unknown> => Promise.resolve();
    await using fixture = await openWriteFixture({
      onWriteStep: async (step) => {
        if (step === 'widened') await meanwhile();
      },
    });
    await fixture.rows(TABLE);
    meanwhile = async () => {
      await fixture.rows('DROP TABLE t');
      await fixture.rows(TABLE);
    };
    await assert.rejects(fixture.write(INSERT), {
      code: 'SOURCE_CHANGED',
      message: /awsdatacatalog\.default\.t was dropped or replaced/,
    });
    assert.deepEqual(await fixture.rows('SELECT count(*) FROM t'), [['0']]);
    assert.deepEqual(await fixture.files(), []);
  });

  for (const at of ['begun', 'copied', 'published'] as const)
    it(`a statement that is cancelled at ${at} leaves nothing`, async () => {
      const cancel = new AbortController();
      await using fixture = await openWriteFixture({
        onWriteStep: (step) => {
          if (step === at) cancel.abort();
        },
      });
      await fixture.rows(TABLE);
      await assert.rejects(fixture.write(INSERT, { signal: cancel.signal }), { code: 'QUERY_CANCELLED' });
      assert.deepEqual(await fixture.rows('SELECT count(*) FROM t'), [['0']]);
      assert.deepEqual(await fixture.files(), []);
      assert.deepEqual(await fixture.rows('SHOW PARTITIONS t'), []);
    });

  it('a long one that is cancelled in its middle ends soon and leaves nothing', async () => {
    const cancel = new AbortController();
    await using fixture = await openWriteFixture();
    const long = fixture.write(
      `CREATE TABLE l AS SELECT a.i, b.i j, random() x FROM UNNEST(sequence(1, 10000)) a(i) CROSS JOIN UNNEST(sequence(1, 10000)) b(i)`,
      { signal: cancel.signal, onProgress: () => cancel.abort() },
    );
    await assert.rejects(long, { code: 'QUERY_CANCELLED' });
    assert.deepEqual(await fixture.files(), []);
    assert.deepEqual(await fixture.rows('SHOW TABLES'), []);
  });
});
