import { ErganeError, makeRanges, makeValues, valueSetContains, type Value, type ValueSet } from '@ergane/protocol';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { arrowType } from '../../src/files/arrow-type.ts';
import { parsePartitionValue } from '../../src/files/partition-value.ts';
import { projectPartitions } from '../../src/files/projection/project-partitions.ts';
import { parseHiveType } from '../../src/metastore/hive-type.ts';
import type { TableDefinition } from '../../src/metastore/metastore.ts';
import { parseDdl } from '../../src/sql/ddl/parse-ddl.ts';
import { makeTable } from '../../src/statements/make-table.ts';
import { openFileEngine } from './file-engine.ts';

const NOW = Date.UTC(2024, 2, 31, 12, 30, 15);

function tableOf(keys: string, properties: Readonly<Record<string, string>>): TableDefinition {
  const list = Object.entries({ 'projection.enabled': 'true', ...properties })
    .map(([key, value]) => `'${key}'='${value.replaceAll("'", "''")}'`)
    .join(', ');
  const statement = parseDdl(
    `CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (${keys}) STORED AS PARQUET LOCATION 's3://b/t/' TBLPROPERTIES (${list})`,
  );
  if (statement?.kind !== 'create table') throw new Error('no CREATE TABLE');
  return makeTable(statement, 0);
}

function project(
  keys: string,
  properties: Readonly<Record<string, string>>,
  summary: Readonly<Record<string, ValueSet>> = {},
): readonly string[] {
  return projectPartitions(tableOf(keys, properties), summary, NOW).map(
    ({ values, location }) => `${values.join('|')} ${location.replace('s3://b/t/', '')}`,
  );
}

function fails(keys: string, properties: Readonly<Record<string, string>>): string {
  try {
    return `no error: ${project(keys, properties).join()}`;
  } catch (error) {
    return error instanceof ErganeError ? `${error.code} ${error.message}` : String(error);
  }
}

describe('partition projection', () => {
  it('enum: blanks belong to the values, and the folders of Hive escape them', () => {
    assert.deepEqual(project('k string', { 'projection.k.type': ' ENUM ', 'projection.k.values': 'A, B,c/d' }), [
      'A k=A/',
      ' B k= B/',
      'c/d k=c%2Fd/',
    ]);
  });

  it('integer: range, interval and digits', () => {
    const type = { 'projection.k.type': 'integer' };
    assert.deepEqual(
      project('k int', {
        ...type,
        'projection.k.range': ' -1 , 3 ',
        'projection.k.interval': '2',
        'projection.k.digits': '2',
      }),
      ['-01 k=-01/', '01 k=01/', '03 k=03/'],
    );
    assert.deepEqual(project('k string', { ...type, 'projection.k.range': '0001,0003' }), [
      '1 k=1/',
      '2 k=2/',
      '3 k=3/',
    ]);
  });

  it('integer: of a range without end only what the query admits is made', () => {
    const properties = {
      'projection.k.type': 'integer',
      'projection.k.range': '0,9223372036854775807',
      'projection.k.interval': '5',
    };
    const type = arrowType({ kind: 'bigint' });
    assert.deepEqual(project('k bigint', properties, { k: makeValues(type, [10n, 11n, 5_000_000_000_000n]) }), [
      '10 k=10/',
      '5000000000000 k=5000000000000/',
    ]);
    const range = makeRanges(type, [
      { low: { value: 999_999_999_999n, bound: 'ABOVE' }, high: { value: 1_000_000_000_010n, bound: 'BELOW' } },
    ]);
    assert.deepEqual(project('k bigint', properties, { k: range }), [
      '1000000000000 k=1000000000000/',
      '1000000000005 k=1000000000005/',
    ]);
    assert.match(fails('k bigint', properties), /^CONSTRAINT_VIOLATION partition key k .*constrain it/);
  });

  it('date: formats, intervals and NOW', () => {
    const date = (range: string, format: string, more: Readonly<Record<string, string>> = {}) => ({
      'projection.k.type': 'date',
      'projection.k.range': range,
      'projection.k.format': format,
      ...more,
    });
    assert.deepEqual(project('k string', date('2024/03/30,NOW', 'yyyy/MM/dd')), [
      '2024/03/30 k=2024%2F03%2F30/',
      '2024/03/31 k=2024%2F03%2F31/',
    ]);
    assert.deepEqual(project('k string', date('NOW-3MONTHS,NOW', 'yyyy-MM')), [
      '2023-12 k=2023-12/',
      '2024-01 k=2024-01/',
      '2024-02 k=2024-02/',
      '2024-03 k=2024-03/',
    ]);
    assert.deepEqual(project('k int', date('2022,NOW + 1 YEAR', 'yyyy')), [
      '2022 k=2022/',
      '2023 k=2023/',
      '2024 k=2024/',
      '2025 k=2025/',
    ]);
    assert.deepEqual(
      project(
        'k date',
        date('20240301,20240331', 'yyyyMMdd', { 'projection.k.interval': '2', 'projection.k.interval.unit': 'WEEKS' }),
      ),
      ['2024-03-01 k=20240301/', '2024-03-15 k=20240315/', '2024-03-29 k=20240329/'],
    );
    assert.deepEqual(
      project('k string', date('NOW-2HOURS,NOW', "yyyy-MM-dd'T'HH", { 'projection.k.interval.unit': 'hours' })),
      ['2024-03-31T10 k=2024-03-31T10/', '2024-03-31T11 k=2024-03-31T11/', '2024-03-31T12 k=2024-03-31T12/'],
    );
    const seconds = date('2020-01-01 00:00:00,NOW', 'yyyy-MM-dd HH:mm:ss', { 'projection.k.interval.unit': 'SECONDS' });
    const one = makeValues(arrowType({ kind: 'varchar' }), ['2024-01-01 00:00:07', 'nonsense', '2030-01-01 00:00:00']);
    assert.deepEqual(project('k string', seconds, { k: one }), ['2024-01-01 00:00:07 k=2024-01-01 00%3A00%3A07/']);
    assert.match(fails('k string', seconds), /^CONSTRAINT_VIOLATION/);
    assert.match(
      fails('k string', date('2024-01-01 00,NOW', 'yyyy-MM-dd HH')),
      /^CONFIG_INVALID .*projection\.k\.interval\.unit/,
    );
    assert.match(
      fails('k string', date('2024-01-01,yesterday', 'yyyy-MM-dd')),
      /^CONFIG_INVALID .*projection\.k\.range.*"yesterday"/,
    );
    assert.match(fails('k string', date('NOW,2024-01-01', 'yyyy-MM-dd')), /^CONFIG_INVALID .*the earlier one first/);
  });

  it('injected: the query must say the values', () => {
    const properties = {
      'projection.d.type': 'injected',
      'storage.location.template': 's3://b/t/devices/${d}/${y}',
      'projection.y.type': 'enum',
      'projection.y.values': '1,2',
    };
    const summary = { d: makeValues(arrowType({ kind: 'varchar' }), ['x y', 'z']) };
    assert.deepEqual(project('d string, y int', properties, summary), [
      'x y|1 devices/x y/1',
      'x y|2 devices/x y/2',
      'z|1 devices/z/1',
      'z|2 devices/z/2',
    ]);
    assert.match(
      fails('d string, y int', properties),
      /^CONSTRAINT_VIOLATION For the injected projected partition column d/,
    );
  });

  it('says which property is wrong', () => {
    assert.match(fails('k string', {}), /^CONFIG_INVALID table property projection\.k\.type of table t is missing/);
    assert.match(
      fails('k string', { 'projection.k.type': 'list' }),
      /is "list": it must be enum, integer, date or injected/,
    );
    assert.match(fails('k string', { 'projection.k.type': 'enum' }), /projection\.k\.values of table t is missing/);
    assert.match(
      fails('k int', { 'projection.k.type': 'integer', 'projection.k.range': '1-5' }),
      /projection\.k\.range.*"1-5"/,
    );
    assert.match(
      fails('k int', {
        'projection.k.type': 'enum',
        'projection.k.values': '1',
        'storage.location.template': 's3://b/x/',
      }),
      /storage\.location\.template of table t lacks \$\{k\}/,
    );
  });

  it('pruned by any constraint gives what filtering all of them gives', () => {
    const tables = [
      tableOf('k int', {
        'projection.k.type': 'integer',
        'projection.k.range': '-20,40',
        'projection.k.interval': '3',
      }),
      tableOf('k date', {
        'projection.k.type': 'date',
        'projection.k.range': '1969-12-25,1970-02-10',
        'projection.k.format': 'yyyy-MM-dd',
        'projection.k.interval': '2',
      }),
      tableOf('k date', {
        'projection.k.type': 'date',
        'projection.k.range': '1969-10,1970-08',
        'projection.k.format': 'yyyy-MM',
      }),
    ] as const;
    const bound = fc.record({
      value: fc.option(fc.integer({ min: -30, max: 50 }), { nil: undefined }),
      open: fc.boolean(),
    });
    const ranges = fc.array(fc.record({ low: bound, high: bound }), { maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...tables), ranges, (table, list) => {
        const type = parseHiveType(table.partitionKeys[0]?.type ?? '');
        const set = makeRanges(
          arrowType(type),
          list
            .filter(({ low, high }) => low.value === undefined || high.value === undefined || low.value <= high.value)
            .map(({ low, high }) => ({ low: marker(low, 'ABOVE'), high: marker(high, 'BELOW') })),
        );
        const all = projectPartitions(table, {}, NOW);
        const expected = all.filter(({ values: [text = ''] }) =>
          valueSetContains(set, parsePartitionValue(text, type, 'k')),
        );
        assert.deepEqual(projectPartitions(table, { k: set }, NOW), expected);
      }),
    );
  });

  it('is what a query reads, and partitions of the metastore are not', async () => {
    await using fixture = await openFileEngine();
    for (const [key, text] of [
      ['logs/eu/2024/01/01/a.csv', '1\n2\n'],
      ['logs/eu/2024/01/02/a.csv', '3\n'],
      ['logs/us/2024/01/01/a.csv', '4\n'],
      ['logs/us/2025/01/01/a.csv', '5\n'],
    ] as const)
      await fixture.put(key, text);
    await fixture.rows(`CREATE EXTERNAL TABLE logs (n int) PARTITIONED BY (region string, dt string) LOCATION 's3://b/logs/'
      TBLPROPERTIES ('projection.enabled'='true', 'projection.region.type'='enum', 'projection.region.values'='eu,us,none',
        'projection.dt.type'='date', 'projection.dt.format'='yyyy/MM/dd', 'projection.dt.range'='2024/01/01,2024/12/31',
        'storage.location.template'='s3://b/logs/\${region}/\${dt}')`);
    await fixture.rows(
      "ALTER TABLE logs ADD PARTITION (region='us', dt='2025/01/01') LOCATION 's3://b/logs/us/2025/01/01/'",
    );
    assert.deepEqual(await fixture.rows('SELECT region, dt, n FROM logs ORDER BY n'), [
      ['eu', '2024/01/01', '1'],
      ['eu', '2024/01/01', '2'],
      ['eu', '2024/01/02', '3'],
      ['us', '2024/01/01', '4'],
    ]);
    const sql = "SELECT sum(n) FROM logs WHERE region IN ('eu', 'mars') AND dt = '2024/01/02'";
    assert.deepEqual(await fixture.rows(sql), [['3']]);
    assert.match((await fixture.rows(`EXPLAIN ${sql}`)).flat().join('\n'), /1 projected partitions, 1 files/);
    await fixture.rows("ALTER TABLE logs SET TBLPROPERTIES ('projection.region.type'='injected')");
    assert.match(await fixture.fails('SELECT sum(n) FROM logs'), /^CONSTRAINT_VIOLATION .*column region/);
    assert.deepEqual(await fixture.rows("SELECT sum(n) FROM logs WHERE region = 'eu'"), [['6']]);
  });
});

function marker(bound: { readonly value: Value | undefined; readonly open: boolean }, open: 'ABOVE' | 'BELOW') {
  if (bound.value === undefined) return { value: undefined, bound: open === 'ABOVE' ? 'ABOVE' : 'BELOW' } as const;
  return { value: bound.value, bound: bound.open ? open : 'EXACTLY' } as const;
}
