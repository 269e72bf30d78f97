import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeSmallDisk, makeTemporaryFolder } from '@ergane/testing';
import { listFiles, openWriteFixture } from './open-fixture.ts';

const WRITER = fileURLToPath(new URL('writer.ts', import.meta.url));
const PROGRAM: readonly [string, ...string[]] = [process.execPath, '--conditions=source', '--import', 'tsx', WRITER];

function startWriter(folder: string, statements: readonly string[], options: readonly string[] = []) {
  const child = spawn(PROGRAM[0], [...PROGRAM.slice(1), folder, JSON.stringify(statements), ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const exited = once(child, 'exit');
  return { child, lines, exited };
}

/** Runs the writer until it kills itself. */
async function dieAt(folder: string, step: string, statement: string): Promise<void> {
  const { lines, exited } = startWriter(folder, [statement], ['--die-at', step]);
  const said: string[] = [];
  for await (const line of lines) said.push(line);
  const [, signal]: unknown[] = await exited;
  assert.equal(signal, 'SIGKILL', `at ${step} it said ${said.join()}`);
}

const STEPS = ['begun:1', 'copied:1', 'widened:1', 'published:1', 'published:3', 'committed:1', 'cleaned:1'] as const;
const isDone = (step: string) => step.startsWith('committed') || step.startsWith('cleaned');

describe('a process that is killed while it writes', () => {
  it('leaves the old rows of a table or the new ones, at every step, and the next start tidies up', async () => {
    await using folder = await makeTemporaryFolder();
    await using fixture = await openWriteFixture({ folder: folder.path });
    const insertInto = (table: string) =>
      `INSERT INTO ${table} SELECT i, IF(i % 2 = 0, 'old', 'new ' || CAST(i AS varchar)) FROM UNNEST(sequence(1, 8)) u(i)`;
    const cases = STEPS.map((step, index) => ({ step, table: `t${index}` }));
    for (const { table } of cases) {
      await fixture.write(
        `CREATE TABLE ${table} WITH (external_location = 's3://b/${table}', partitioned_by = ARRAY['k']) AS SELECT BIGINT '0' i, CAST('old' AS varchar) k`,
      );
      await fixture.rows(`ALTER TABLE ${table} ADD PARTITION (k = 'new 1') LOCATION 's3://far/${table}'`);
    }
    const create = `CREATE TABLE c WITH (external_location = 's3://b/c', partitioned_by = ARRAY['i']) AS SELECT 1 a, i FROM UNNEST(sequence(1, 8)) u(i)`;
    const before = await fixture.files();
    await Promise.all([
      dieAt(folder.path, 'published:3', create),
      ...cases.map(({ step, table }) => dieAt(folder.path, step, insertInto(table))),
    ]);
    assert.ok((await fixture.files()).length > before.length + 5 * 2, 'orphans are there');
    const check = async (): Promise<void> => {
      for (const { step, table } of cases)
        assert.deepEqual(
          await fixture.rows(`SELECT count(*), count_if(k = 'old') FROM ${table}`),
          [isDone(step) ? ['9', '5'] : ['1', '1']],
          step,
        );
      assert.deepEqual(await fixture.rows("SHOW TABLES LIKE 'c'"), []);
    };
    await check();
    await (await openWriteFixture({ folder: folder.path }))[Symbol.asyncDispose]();
    await check();
    const newFiles = (await fixture.files()).filter((file) => !before.includes(file));
    assert.equal(newFiles.length, 2 * 5, newFiles.join('\n'));
    assert.ok(newFiles.every((file) => /^(?:b|far)\/t[56]\//.test(file)));
    // nothing is in the way of doing it again
    assert.equal(await fixture.write(insertInto('t3')), 8);
    assert.equal(await fixture.write(create), 8);
    assert.deepEqual(await fixture.rows('SELECT count(*), sum(i) FROM c'), [['8', '36']]);
  });

  it('at any moment: every statement that was answered is there, and none by half', async () => {
    await using folder = await makeTemporaryFolder();
    await using fixture = await openWriteFixture({ folder: folder.path });
    await fixture.rows(
      "CREATE EXTERNAL TABLE r (n bigint, i bigint) PARTITIONED BY (k string) STORED AS PARQUET LOCATION 's3://b/r/'",
    );
    let answered = 0;
    let batch = 0;
    for (let round = 0; round < 2; round++) {
      const statements = Array.from(
        { length: 20 },
        () => `INSERT INTO r SELECT ${batch++}, i, 'k' || CAST(i % 3 AS varchar) FROM UNNEST(sequence(1, 30)) u(i)`,
      );
      const { child, lines, exited } = startWriter(folder.path, statements);
      let done = 0;
      lines.on('line', (line) => {
        if (line === 'done') done++;
      });
      await once(lines, 'line');
      await sleep(Math.random() * 400);
      child.kill('SIGKILL');
      await exited;
      answered += done;
    }
    const [[batches, broken] = []] = await fixture.rows(
      'SELECT count(*), count_if(rows <> 30 OR different <> 30) FROM (SELECT n, count(*) rows, count(DISTINCT i) different FROM r GROUP BY n)',
    );
    assert.equal(broken, '0');
    // a statement may be done when its process dies before it can say so: one a round
    assert.ok(Number(batches) >= answered && Number(batches) <= answered + 2, `${batches} of ${answered} answered`);
    await (await openWriteFixture({ folder: folder.path }))[Symbol.asyncDispose]();
    assert.equal((await listFiles(folder.path)).length, Number(batches) * 3);
  });
});

describe('a disk that is full in the middle of an INSERT', () => {
  it('leaves the old rows and no files, and says so', async () => {
    await using disk = await makeSmallDisk(4 * 2 ** 20);
    {
      await using fixture = await openWriteFixture({ folder: disk.path });
      await fixture.write(
        "CREATE TABLE t WITH (external_location = 's3://b/t', write_compression = 'NONE') AS SELECT 1 i, random() x",
      );
    }
    const before = await listFiles(disk.path);
    const [command, ...rest] = disk.command([...PROGRAM]);
    const insert =
      'INSERT INTO t SELECT 1, random() FROM UNNEST(sequence(1, 1000)) a(i), UNNEST(sequence(1, 1000)) b(j)';
    const child = spawn(command, [...rest, disk.path, JSON.stringify([insert, 'INSERT INTO t VALUES (2, 0.5)'])], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) said.push(line);
    assert.deepEqual(said, ['ready', 'failed STORE_FAILED', 'done']);
    await using fixture = await openWriteFixture({ folder: disk.path });
    assert.deepEqual(await fixture.rows('SELECT i FROM t ORDER BY i'), [['1'], ['2']]);
    assert.equal((await listFiles(disk.path)).length, before.length + 1);
  });
});
