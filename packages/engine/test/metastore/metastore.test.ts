import { ErganeError } from '@ergane/protocol';
import { makeTemporaryFolder } from '@ergane/testing';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openFileMetastore } from '../../src/metastore/file-metastore.ts';
import { parseHiveType } from '../../src/metastore/hive-type.ts';
import { createDatabase, dropDatabase } from '../../src/metastore/metastore-changes.ts';
import { openWarehouse } from '../../src/files/open-warehouse.ts';
import { runDdl } from '../../src/statements/run-ddl.ts';
import { parseDdl } from '../../src/sql/ddl/parse-ddl.ts';
import { openDirectoryStore } from '@ergane/storage';

const WRITER = fileURLToPath(new URL('./writer.ts', import.meta.url));

function hasCode(code: string, pattern?: RegExp) {
  return (error: unknown): boolean =>
    error instanceof ErganeError && error.code === code && (pattern === undefined || pattern.test(error.message));
}

async function openCatalog() {
  const folder = await makeTemporaryFolder();
  const metastore = openFileMetastore(path.join(folder.path, 'metastore.json'));
  const store = openDirectoryStore(path.join(folder.path, 's3'));
  const warehouse = openWarehouse({ store, cacheFolder: path.join(folder.path, 'cache') });
  return {
    metastore,
    put: (key: string) => store.put('b', key, Buffer.from('x')),
    async run(sql: string, database = 'default') {
      const statement = parseDdl(sql);
      if (statement === undefined) throw new Error(`no DDL: ${sql}`);
      return (await runDdl(statement, { metastore, warehouse, database })).rows.map((row) => row.join('\t'));
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe('the metastore file', () => {
  it('starts with an empty default database and keeps what it is told', async () => {
    await using folder = await makeTemporaryFolder();
    const file = path.join(folder.path, 'deep', 'metastore.json');
    assert.deepEqual(Object.keys((await openFileMetastore(file).read()).databases), ['default']);
    const database = { name: '__proto__', comment: 'ü', parameters: { a: 'b' }, tables: {} };
    await openFileMetastore(file).update((state) => createDatabase(state, database, false));
    const { databases } = await openFileMetastore(file).read();
    assert.deepEqual(Object.keys(databases), ['default', '__proto__']);
    await assert.rejects(
      openFileMetastore(file).update((state) => createDatabase(state, database, false)),
      hasCode('SCHEMA_ALREADY_EXISTS'),
    );
    await openFileMetastore(file).update((state) =>
      dropDatabase(state, '__proto__', { ifExists: false, cascade: false }),
    );
    assert.deepEqual(Object.keys((await openFileMetastore(file).read()).databases), ['default']);
  });

  it('loses no change of several processes that write at once', async () => {
    await using folder = await makeTemporaryFolder();
    const file = path.join(folder.path, 'metastore.json');
    const ends = ['a', 'b', 'c'].map((name) => once(startWriter(file, [name, '20']), 'exit'));
    for (const end of await Promise.all(ends)) assert.deepEqual(end, [0, null]);
    assert.equal(Object.keys((await openFileMetastore(file).read()).databases).length, 61);
    assert.deepEqual(await readdir(folder.path), ['metastore.json']);
  });

  it('a writer that is killed leaves the old state or the new one, and its lock is taken over', async () => {
    await using folder = await makeTemporaryFolder();
    const file = path.join(folder.path, 'metastore.json');
    for (let round = 0; round < 3; round++) {
      const writer = startWriter(file, [`k${round}`, '100000']);
      const ended = once(writer, 'exit');
      await once(writer.stdout, 'data');
      writer.kill('SIGKILL');
      await ended;
      const { databases } = await openFileMetastore(file).read();
      assert.ok(Object.keys(databases).length > 1);
      await openFileMetastore(file).update((state) =>
        createDatabase(state, { name: `after${round}`, parameters: {}, tables: {} }, false),
      );
    }
  });

  it('says what is wrong with a damaged file', async () => {
    await using folder = await makeTemporaryFolder();
    const file = path.join(folder.path, 'metastore.json');
    await writeFile(
      file,
      '{"version":1,"databases":{"d":{"name":"d","parameters":{},"tables":{"t":{"kind":"table"}}}}}',
    );
    await assert.rejects(openFileMetastore(file).read(), hasCode('METASTORE_FAILED', /databases\.d\.tables\.t\.kind/));
    await writeFile(file, '{"version":1,');
    await assert.rejects(openFileMetastore(file).read(), hasCode('METASTORE_FAILED', /is not JSON/));
    assert.equal(await readFile(file, 'utf8'), '{"version":1,');
  });
});

describe('DDL on the metastore', () => {
  it('makes, shows and drops databases, tables and partitions', async () => {
    await using catalog = await openCatalog();
    await catalog.run("CREATE DATABASE IF NOT EXISTS Web COMMENT 'clicks'");
    await catalog.run('create schema if not exists web');
    const create = `CREATE EXTERNAL TABLE web.clicks (user_id bigint COMMENT 'who', tags array<string>)
      PARTITIONED BY (dt date, country string) STORED AS PARQUET LOCATION 's3://b/clicks' TBLPROPERTIES ('a'='1')`;
    await catalog.run(create);
    await assert.rejects(catalog.run(create), hasCode('TABLE_ALREADY_EXISTS'));
    await catalog.run(
      "ALTER TABLE web.clicks ADD PARTITION (dt='2024-01-01', country='de') PARTITION (country='at', dt='2024-01-02') LOCATION 's3://other/x'",
    );
    await assert.rejects(
      catalog.run("ALTER TABLE web.clicks ADD PARTITION (dt='2024-01-01', country='de')"),
      hasCode('TABLE_ALREADY_EXISTS', /dt=2024-01-01\/country=de/),
    );
    await assert.rejects(
      catalog.run("ALTER TABLE web.clicks ADD PARTITION (dt='x', country='de')"),
      hasCode('FILE_INVALID'),
    );
    await assert.rejects(
      catalog.run("ALTER TABLE web.clicks ADD PARTITION (dt='2024-01-01')"),
      hasCode('INVALID_FUNCTION_ARGUMENT'),
    );
    assert.deepEqual(await catalog.run('SHOW PARTITIONS clicks', 'web'), [
      'dt=2024-01-01/country=de',
      'dt=2024-01-02/country=at',
    ]);
    const again = (await catalog.run('SHOW CREATE TABLE web.clicks')).join('\n');
    await catalog.run('DROP TABLE `web`.`clicks`');
    await catalog.run(again);
    assert.equal((await catalog.run('SHOW CREATE TABLE web.clicks')).join('\n'), again);
    assert.deepEqual(await catalog.run('SHOW TBLPROPERTIES web.clicks'), ['a\t1']);
    await assert.rejects(catalog.run('DROP DATABASE web'), hasCode('SCHEMA_NOT_EMPTY'));
    await catalog.run('DROP DATABASE web CASCADE');
    await assert.rejects(catalog.run('DROP DATABASE web'), hasCode('SCHEMA_NOT_FOUND'));
    await catalog.run('DROP DATABASE IF EXISTS web');
    await catalog.run('DROP TABLE IF EXISTS nothing');
  });

  it('MSCK REPAIR TABLE finds the folders of partitions', async () => {
    await using catalog = await openCatalog();
    await catalog.run("CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (y int, city string) LOCATION 's3://b/t/'");
    for (const key of [
      't/y=2024/city=A%2FB/f1',
      't/y=2024/city=A%2FB/f2',
      't/y=2025/city=x/f',
      't/odd/f',
      't/_tmp/y=1/city=z/f',
    ])
      await catalog.put(key);
    const rows = await catalog.run('MSCK REPAIR TABLE t');
    assert.deepEqual(rows.slice(1), [
      'Repair: Added partition to metastore t:y=2024/city=A/B',
      'Repair: Added partition to metastore t:y=2025/city=x',
      'Folder is no partition of the table: s3://b/t/odd/',
    ]);
    assert.deepEqual(await catalog.run('SHOW PARTITIONS t'), ['y=2024/city=A/B', 'y=2025/city=x']);
  });

  it('refuses what it does not understand with line and column', () => {
    const message = (sql: string): string => {
      try {
        return `no error: ${JSON.stringify(parseDdl(sql))}`;
      } catch (error) {
        return error instanceof ErganeError ? `${error.code} ${error.message}` : String(error);
      }
    };
    assert.equal(
      message('CREATE EXTERNAL TABLE t (a int,\n b) LOCATION x'),
      "SYNTAX_ERROR line 2:3: mismatched input ')'. Expecting: a type",
    );
    assert.match(message('CREATE EXTERNAL TABLE t (a int)'), /^SYNTAX_ERROR line 1:32: .*LOCATION/);
    assert.match(
      message("CREATE EXTERNAL TABLE t (a int) STORED AS ORC LOCATION 's3://b/'"),
      /^NOT_SUPPORTED STORED AS ORC/,
    );
    assert.match(message("DROP TABLE t 'x'"), /^SYNTAX_ERROR line 1:14/);
    assert.match(message("CREATE DATABASE 'unterminated"), /^SYNTAX_ERROR line 1:17/);
    assert.match(message('SELECT 1'), /^no error: undefined/);
  });

  it('reads the types of Hive', () => {
    assert.deepEqual(parseHiveType('map<string,array<struct<a:int,`b c`:decimal(10,2)>>>'), {
      kind: 'map',
      key: { kind: 'varchar' },
      value: {
        kind: 'array',
        element: {
          kind: 'row',
          fields: [
            { name: 'a', type: { kind: 'integer' } },
            { name: 'b c', type: { kind: 'decimal', precision: 10, scale: 2 } },
          ],
        },
      },
    });
    assert.throws(() => parseHiveType('array<strange>'), hasCode('TYPE_MISMATCH', /character 14/));
    assert.throws(() => parseHiveType('decimal(39,0)'), hasCode('TYPE_MISMATCH'));
    assert.throws(() => parseHiveType('int)'), hasCode('TYPE_MISMATCH', /the end/));
  });
});

function startWriter(file: string, args: readonly string[]) {
  return spawn(process.execPath, [...process.execArgv, WRITER, file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
