import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { openWriteFixture } from './open-fixture.ts';

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
const hex = (bytes: Uint8Array) => `X'${Buffer.from(bytes).toString('hex')}'`;
const orNull = (values: fc.Arbitrary<string>) => fc.option(values, { nil: 'NULL', freq: 5 });
const plainText = fc.oneof(
  fc.constantFrom(
    '',
    'NULL',
    'null',
    "it's",
    '"q"',
    '\\',
    'a\\nb',
    '{"a": 1}',
    '😀 ü',
    ' blank ',
    '[1]',
    'a,b',
    'a\tb',
    '\\u0041',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
/** What no text file of Hive's can hold is refused: see the test of it. */
const lineText = plainText.filter((value) => !/[\n\r\u0001]/.test(value) && value !== '\\N');
const jsonText = plainText;

function columnsFor(texts: fc.Arbitrary<string>) {
  return {
    bo: ['boolean', fc.constantFrom('true', 'false')],
    ti: ['tinyint', fc.constantFrom('-128', '127', '0')],
    si: ['smallint', fc.constantFrom('-32768', '32767')],
    it: ['integer', fc.constantFrom('-2147483648', '2147483647', '7')],
    bi: ['bigint', fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }).map(String)],
    re: [
      'real',
      fc.constantFrom(
        "REAL '0.1'",
        'CAST(nan() AS real)',
        'CAST(-infinity() AS real)',
        "REAL '1.4E-45'",
        "REAL '3.4028235E38'",
        "REAL '-0.0'",
      ),
    ],
    dq: [
      'double',
      fc.oneof(
        fc.constantFrom('nan()', 'infinity()', '-infinity()', '4.9E-324', '-0E0'),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toExponential()),
      ),
    ],
    d5: ['decimal(5,2)', fc.integer({ min: -99_999, max: 99_999 }).map((value) => `DECIMAL '${value / 100}'`)],
    d38: [
      'decimal(38,18)',
      fc.constantFrom(
        "DECIMAL '99999999999999999999.999999999999999999'",
        "DECIMAL '-99999999999999999999.999999999999999999'",
        "DECIMAL '0.000000000000000001'",
      ),
    ],
    d0: [
      'decimal(38,0)',
      fc.constantFrom("DECIMAL '99999999999999999999999999999999999999'", "DECIMAL '-12345678901234567890'"),
    ],
    vc: ['varchar', texts.map(text)],
    v9: ['varchar(40)', texts.map(text)],
    ch: ['char(4)', fc.constantFrom("'ab'", "''", "'abcd'", "'ü'")],
    vb: ['varbinary', fc.uint8Array({ maxLength: 6 }).map(hex)],
    da: [
      'date',
      fc
        .constantFrom('0001-01-01', '1582-10-15', '1969-12-31', '2024-02-29', '9999-12-31')
        .map((day) => `DATE '${day}'`),
    ],
    ts: [
      'timestamp(3)',
      fc
        .constantFrom(
          '0001-01-01 00:00:00.000',
          '1969-12-31 23:59:59.999',
          '2024-03-31 02:30:00.001',
          '9999-12-31 23:59:59.999',
        )
        .map((time) => `TIMESTAMP '${time}'`),
    ],
  } as const;
}

function nestedFor(texts: fc.Arbitrary<string>) {
  return {
    ai: [
      'array(integer)',
      fc
        .array(orNull(fc.integer({ min: -9, max: 9 }).map(String)), { maxLength: 3 })
        .map((items) => `ARRAY[${items.join(', ')}]`),
    ],
    ad: ['array(double)', fc.constantFrom('ARRAY[nan(), infinity(), NULL, 0.1]', 'ARRAY[-0E0]')],
    ms: ['map(varchar, decimal(10,3))', texts.map((key) => `MAP(ARRAY[${text(key)}], ARRAY[1.250])`)],
    mi: [
      'map(varchar, array(varchar))',
      texts.map((value) => `MAP(ARRAY['1', 'ü'], ARRAY[ARRAY[${text(value)}, NULL], NULL])`),
    ],
    ro: [
      'row(a integer, "b c" row(d date, e char(3)))',
      fc.constantFrom("ROW(1, ROW(DATE '2024-01-01', 'x'))", 'ROW(NULL, NULL)', "ROW(2, ROW(NULL, ''))"),
    ],
    ar: [
      'array(row(n bigint, s varchar))',
      texts.map((value) => `ARRAY[ROW(1, ${text(value)}), NULL, ROW(NULL, NULL)]`),
    ],
  } as const;
}

type Columns = Readonly<Record<string, readonly [string, fc.Arbitrary<string>]>>;

/** Rows of random values, as a query. */
function queryOf(columns: Columns, seed: number): string {
  const row = fc.tuple(...Object.values(columns).map(([, values]) => orNull(values)));
  const rows = fc.sample(row, { numRuns: 60, seed });
  const names = Object.keys(columns).map((name) => `"${name}"`);
  const casts = Object.entries(columns).map(([name, [type]]) => `CAST("${name}" AS ${type}) "${name}"`);
  return rows
    .map(
      (values, index) =>
        `SELECT ${index} n, ${Object.values(columns)
          .map(([type], at) => `CAST(${values[at] ?? 'NULL'} AS ${type})`)
          .join(', ')}`,
    )
    .join(' UNION ALL ')
    .replace(/^/, `SELECT n, ${casts.join(', ')} FROM (`)
    .concat(`) AS t(n, ${names.join(', ')})`);
}

async function comesBack(columns: Columns, properties: string, inserts: readonly number[]): Promise<void> {
  await using fixture = await openWriteFixture();
  const [first = 1, ...rest] = inserts;
  const query = queryOf(columns, first);
  assert.equal(await fixture.write(`CREATE TABLE t WITH (${properties}) AS ${query}`), 60);
  assert.deepEqual(await fixture.rows('SELECT * FROM t ORDER BY n'), await fixture.rows(`${query} ORDER BY 1`));
  for (const seed of rest) {
    const more = queryOf(columns, seed);
    await fixture.rows('DROP TABLE t');
    await fixture.write(`CREATE TABLE t WITH (${properties}) AS ${query} WITH NO DATA`);
    assert.equal(await fixture.write(`INSERT INTO t ${more}`), 60);
    assert.deepEqual(await fixture.rows('SELECT * FROM t ORDER BY n'), await fixture.rows(`${more} ORDER BY 1`));
  }
}

describe('what is written reads back exactly', () => {
  for (const compression of ['GZIP', 'SNAPPY', 'ZSTD', 'LZ4', 'NONE'])
    it(`as Parquet with ${compression}`, () =>
      comesBack(
        { ...columnsFor(plainText), ...nestedFor(plainText) },
        `format = 'PARQUET', write_compression = '${compression}'`,
        compression === 'NONE' ? [1, 2] : [1],
      ));
  for (const compression of ['GZIP', 'ZSTD', 'NONE'])
    it(`as JSON with ${compression}`, () =>
      comesBack(
        { ...columnsFor(jsonText), ...nestedFor(jsonText) },
        `format = 'JSON', write_compression = '${compression}'`,
        compression === 'NONE' ? [3, 4] : [3],
      ));
  for (const compression of ['GZIP', 'ZSTD', 'NONE'])
    it(`as text with ${compression}`, () =>
      comesBack(
        columnsFor(lineText),
        `format = 'TEXTFILE', write_compression = '${compression}'`,
        compression === 'NONE' ? [5, 6] : [5],
      ));

  it('or is refused where a text file cannot hold it', async () => {
    await using fixture = await openWriteFixture();
    await fixture.rows(
      "CREATE EXTERNAL TABLE t (a string, b string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://b/t/'",
    );
    assert.equal(await fixture.write("INSERT INTO t VALUES ('', NULL), ('x', 'y')"), 2);
    for (const value of ["'a,b'", 'chr(10)', 'chr(13)', "'\\N'"])
      await assert.rejects(
        fixture.rows(`INSERT INTO t VALUES ('ok', ${value})`),
        { code: 'NOT_SUPPORTED', message: /column b: / },
        value,
      );
    assert.deepEqual(await fixture.rows('SELECT * FROM t'), [
      ['', null],
      ['x', 'y'],
    ]);
  });

  it('into tables with a header, of OpenCSVSerde and of JSON SerDes that were there before', async () => {
    await using fixture = await openWriteFixture();
    await fixture.rows(
      `CREATE EXTERNAL TABLE h (a string, n int) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://b/h/' TBLPROPERTIES ('skip.header.line.count' = '1')`,
    );
    await fixture.rows(
      `CREATE EXTERNAL TABLE o (a string, n int) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' LOCATION 's3://b/o/'`,
    );
    await fixture.rows(
      `CREATE EXTERNAL TABLE j (a string, n int) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://b/j/'`,
    );
    for (const table of ['h', 'o', 'j']) {
      await fixture.write(`INSERT INTO ${table} VALUES ('x "q"', 1), ('', 0)`);
      await fixture.write(`INSERT INTO ${table} VALUES ('\\\\', 2)`);
      assert.deepEqual(
        await fixture.rows(`SELECT * FROM ${table} ORDER BY n`),
        [
          ['', '0'],
          ['x "q"', '1'],
          ['\\\\', '2'],
        ],
        table,
      );
    }
    await assert.rejects(fixture.rows("CREATE TABLE m WITH (format = 'JSON') AS SELECT MAP(ARRAY[1], ARRAY[2]) m"), {
      code: 'NOT_SUPPORTED',
      message: /map\(integer, integer\)/,
    });
    await assert.rejects(fixture.rows('INSERT INTO o VALUES (NULL, 1)'), {
      code: 'NOT_SUPPORTED',
      message: /no text for NULL/,
    });
  });
});
