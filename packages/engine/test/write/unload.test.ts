import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { openWriteFixture, type WriteFixture } from './open-fixture.ts';

async function unload(fixture: WriteFixture, sql: string): Promise<readonly string[]> {
  await using result = await fixture.engine.run(sql);
  assert.deepEqual(result.columns, [{ name: 'rows', type: { kind: 'bigint' } }]);
  return result.written?.files ?? [];
}

function read(fixture: WriteFixture, file: string): Promise<Buffer> {
  return readFile(path.join(fixture.folder, 's3', file.replace('s3://', '')));
}

describe('UNLOAD', () => {
  it('writes text as Athena’s clients read it: compressed, Ctrl-A between the fields', async () => {
    await using fixture = await openWriteFixture();
    const [file = '', ...more] = await unload(
      fixture,
      "UNLOAD (SELECT 1 a, 'x' b UNION ALL SELECT 2, NULL ORDER BY 1) TO 's3://b/out' WITH (format = 'TEXTFILE', compression = 'GZIP')",
    );
    assert.deepEqual(more, []);
    assert.match(file, /^s3:\/\/b\/out\/ergane-[^/]*\.txt\.gz$/);
    assert.equal(gunzipSync(await read(fixture, file)).toString(), '1\u0001x\n2\u0001\\N\n');
    const [plain = ''] = await unload(
      fixture,
      "UNLOAD (SELECT 1 a, ')' b) TO 's3://b/plain/' WITH (format = 'TEXTFILE', compression = 'NONE', field_delimiter = ',')",
    );
    assert.equal((await read(fixture, plain)).toString(), '1,)\n');
  });

  it('writes JSON, and Parquet in folders of partitions', async () => {
    await using fixture = await openWriteFixture();
    const [json = ''] = await unload(
      fixture,
      `UNLOAD (SELECT 1 a, 'é"' b, ARRAY[1.50, NULL] c, nan() d) TO 's3://b/json' WITH (format = 'JSON', compression = 'NONE')`,
    );
    assert.equal((await read(fixture, json)).toString(), '{"a":1,"b":"é\\"","c":[1.50,null],"d":NaN}\n');
    const files = await unload(
      fixture,
      "UNLOAD (SELECT i, i % 2 k FROM UNNEST(sequence(1, 4)) u(i)) TO 's3://b/p' WITH (partitioned_by = ARRAY['k'])",
    );
    assert.deepEqual(
      files.map((file) => file.replace(/ergane-.*/, '')),
      ['s3://b/p/k=0/', 's3://b/p/k=1/'],
    );
    await fixture.rows(
      "CREATE EXTERNAL TABLE p (i bigint) PARTITIONED BY (k bigint) STORED AS PARQUET LOCATION 's3://b/p/'",
    );
    await fixture.rows('MSCK REPAIR TABLE p');
    assert.deepEqual(await fixture.rows('SELECT sum(i), k FROM p GROUP BY k ORDER BY k'), [
      ['6', '0'],
      ['4', '1'],
    ]);
  });

  it('says what is wrong, where, and leaves nothing', async () => {
    await using fixture = await openWriteFixture();
    await unload(fixture, "UNLOAD (SELECT 1 a) TO 's3://b/out/'");
    const before = await fixture.files();
    const fails = (sql: string, code: string, message: RegExp) =>
      assert.rejects(fixture.rows(sql), { code, message }, sql);
    await fails("UNLOAD (SELECT 1 a) TO 's3://b/out'", 'HIVE_PATH_ALREADY_EXISTS', /s3:\/\/b\/out\/ /);
    await fails("UNLOAD (SELECT 1 a) TO 'file:///tmp'", 'INVALID_FUNCTION_ARGUMENT', /s3:\/\/bucket\/folder/);
    await fails(
      "UNLOAD (SELECT 1 a) TO 's3://b/o' WITH (format = 'XML')",
      'INVALID_TABLE_PROPERTY',
      /^line 1:41: .*'XML' is none of PARQUET/,
    );
    await fails(
      "UNLOAD (SELECT 1 a) TO 's3://b/o' WITH (external_location = 'x')",
      'INVALID_TABLE_PROPERTY',
      /^line 1:41: UNLOAD property 'external_location' does not exist/,
    );
    await fails("UNLOAD (SELECT 1) TO 's3://b/o'", 'COLUMN_NAME_NOT_SPECIFIED', /position 1/);
    await fails("UNLOAD (SELECT nope FROM) TO 's3://b/o'", 'SYNTAX_ERROR', /^line 1:25: /);
    await fails("UNLOAD SELECT 1 a TO 's3://b/o'", 'SYNTAX_ERROR', /UNLOAD \(SELECT/);
    await fails(
      "UNLOAD (SELECT 1 / (i - 3) a FROM UNNEST(sequence(1, 5)) u(i)) TO 's3://b/o'",
      'DIVISION_BY_ZERO',
      /Division by zero/,
    );
    assert.deepEqual(await fixture.files(), before);
  });
});
