import type { ResultColumn, ResultValue, TrinoType } from '@ergane/engine';
import { makeTemporaryFolder } from '@ergane/testing';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { printArrow } from '../src/output/arrow.ts';
import { printCsv } from '../src/output/csv.ts';
import type { Format, FormatOptions } from '../src/output/format.ts';
import { printJson, printNdjson } from '../src/output/json.ts';
import { printParquet } from '../src/output/parquet.ts';
import { fitWidths, printTable } from '../src/output/table.ts';
import { printTsv } from '../src/output/tsv.ts';

type Rows = readonly (readonly ResultValue[])[];

async function print(
  format: Format,
  columns: readonly ResultColumn[],
  batches: readonly Rows[],
  options: FormatOptions = {},
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  async function* list() {
    yield* batches;
  }
  for await (const chunk of format({ columns, batches: list() }, options)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const column = (name: string, kind: 'varchar' | 'integer' | 'bigint' | 'double' | 'varbinary'): ResultColumn => ({
  name,
  type: { kind },
});

const PEOPLE = [column('id', 'integer'), column('name', 'varchar'), column('note "x"', 'varchar')];
const ROWS: Rows = [
  [1, 'Ann', 'says "hi", twice'],
  [2, null, ''],
  [3, 'two\nlines\tand a \\', 'NULL'],
];

test('CSV is as Athena writes it', async () => {
  assert.equal(
    (await print(printCsv, PEOPLE, [ROWS])).toString(),
    '"id","name","note ""x"""\n"1","Ann","says ""hi"", twice"\n"2",,""\n"3","two\nlines\tand a \\","NULL"\n',
  );
});

test('TSV escapes what would break it, and NULL is not the text NULL', async () => {
  assert.equal(
    (await print(printTsv, PEOPLE, [ROWS])).toString(),
    'id\tname\tnote "x"\n1\tAnn\tsays "hi", twice\n2\t\\N\t\n3\ttwo\\nlines\\tand a \\\\\tNULL\n',
  );
});

test('JSON is one array over all batches; NDJSON is a line a row', async () => {
  const json = (await print(printJson, PEOPLE, [ROWS.slice(0, 2), [], ROWS.slice(2)])).toString();
  assert.deepEqual(JSON.parse(json), [
    { id: 1, name: 'Ann', 'note "x"': 'says "hi", twice' },
    { id: 2, name: null, 'note "x"': '' },
    { id: 3, name: 'two\nlines\tand a \\', 'note "x"': 'NULL' },
  ]);
  assert.equal((await print(printJson, PEOPLE, [])).toString(), '[]\n');
  const lines = (await print(printNdjson, PEOPLE, [ROWS])).toString().split('\n');
  assert.equal(lines[1], '{"id":2,"name":null,"note \\"x\\"":""}');
  assert.equal(lines.length, 4);
});

test('JSON of columns of one name loses none', async () => {
  const twice = [column('a', 'integer'), column('A', 'integer'), column('a', 'integer')];
  assert.equal((await print(printNdjson, twice, [[[1, 2, 3]]])).toString(), '{"a":1,"A_2":2,"a_3":3}\n');
});

test('a table', async () => {
  assert.equal(
    (await print(printTable, PEOPLE, [ROWS])).toString(),
    [
      'id | name                | note "x"',
      '---+---------------------+-----------------',
      ' 1 | Ann                 | says "hi", twice',
      ' 2 | NULL                |',
      " 3 | two\\nlines\\tand a \\ | 'NULL'",
      '(3 rows)',
      '',
    ].join('\n'),
  );
});

test('a table has as many columns of the terminal as characters take', async () => {
  const columns = [column('city', 'varchar'), column('n', 'bigint')];
  const rows: Rows = [
    ['東京', 37n],
    ['München', 2n],
    ['👩‍👩‍👧 family', 1n],
  ];
  assert.equal(
    (await print(printTable, columns, [rows])).toString(),
    ['city      | n', '----------+---', '東京      | 37', 'München   |  2', '👩‍👩‍👧 family |  1', '(3 rows)', ''].join(
      '\n',
    ),
  );
});

test('a table fits the terminal: the widest columns are cut, and it shows', async () => {
  const columns = [column('id', 'integer'), column('text', 'varchar'), column('more', 'varchar')];
  const rows: Rows = [[1, 'a text that is rather long', '漢字漢字漢字漢字漢字']];
  const text = (await print(printTable, columns, [rows], { width: 30 })).toString();
  assert.equal(
    text,
    ['id | text        | more', '---+-------------+------------', ' 1 | a text tha… | 漢字漢字漢…', '(1 row)', ''].join(
      '\n',
    ),
  );
});

test('a table of too many columns for the terminal is a list a row', async () => {
  const columns = Array.from({ length: 12 }, (_, index) => column(`column ${index}`, 'varchar'));
  const row = columns.map((_, index) => (index === 3 ? null : `value ${index}`));
  const lines = (await print(printTable, columns, [[row]], { width: 40 })).toString().split('\n');
  assert.match(lines[0] ?? '', /^- row 1 -+$/);
  assert.equal(lines[1], 'column 0  | value 0');
  assert.equal(lines[4], 'column 3  | NULL');
  assert.equal(lines.at(-2), '(1 row)');
});

test('control characters of the data do not reach the terminal', async () => {
  const rows: Rows = [['\u001b[31mred\u0007\u202eabc']];
  const text = (await print(printTable, [column('a', 'varchar')], [rows])).toString();
  assert.match(text, /\\u001b\[31mred\\u0007\\u202eabc/);
});

test('on a terminal with colours NULL is dim', async () => {
  const text = (await print(printTable, [column('a', 'varchar')], [[[null]]], { color: true, width: 80 })).toString();
  assert.match(text, /\u001b\[2mNULL\u001b\[22m/);
});

test('widths: small columns keep theirs, wide ones share what is left', () => {
  assert.deepEqual(fitWidths([2, 100, 10, 50], 80), [2, 29, 10, 29]);
  assert.deepEqual(fitWidths([2, 3], 80), [2, 3]);
  assert.deepEqual(fitWidths([200], 80), [80]);
  assert.equal(
    fitWidths(
      Array.from({ length: 20 }, () => 30),
      80,
    ),
    undefined,
  );
});

test('a statement without columns prints nothing in any format', async () => {
  for (const format of [printCsv, printTsv, printJson, printNdjson, printTable, printArrow, printParquet])
    assert.equal((await print(format, [], [])).length, 0);
});

const TYPES: readonly (readonly [type: TrinoType, value: ResultValue, parquet: unknown])[] = [
  [{ kind: 'boolean' }, true, true],
  [{ kind: 'tinyint' }, -128, -128],
  [{ kind: 'smallint' }, 32767, 32767],
  [{ kind: 'integer' }, -2147483648, -2147483648],
  [{ kind: 'bigint' }, 9223372036854775807n, '9223372036854775807'],
  [{ kind: 'real' }, 1.5, 1.5],
  [{ kind: 'double' }, 0.1, 0.1],
  [
    { kind: 'decimal', precision: 38, scale: 5 },
    '-123456789012345678901234567890123.45678',
    '-123456789012345678901234567890123.45678',
  ],
  [{ kind: 'varchar' }, 'größer', 'größer'],
  [{ kind: 'varbinary' }, Uint8Array.of(0, 255), '\\x00\\xFF'],
  [{ kind: 'date' }, '1582-10-04', '1582-10-04'],
  [{ kind: 'timestamp', precision: 3 }, '2024-02-29 12:34:56.789', '2024-02-29 12:34:56.789'],
  [{ kind: 'timestamp', precision: 9 }, '1969-12-31 23:59:59.123456789', '1969-12-31 23:59:59.123456789'],
  [
    { kind: 'timestamp with time zone', precision: 3 },
    '2024-02-29 12:00:00.000 Europe/Berlin',
    '2024-02-29 12:00:00.000 Europe/Berlin',
  ],
  [{ kind: 'time', precision: 3 }, '12:34:56.789', '12:34:56.789'],
  [{ kind: 'uuid' }, '123e4567-e89b-12d3-a456-426614174000', '123e4567-e89b-12d3-a456-426614174000'],
  [{ kind: 'json' }, '{"a":1}', '{"a":1}'],
  [{ kind: 'array', element: { kind: 'decimal', precision: 4, scale: 2 } }, ['1.50', null], ['1.50', null]],
  [
    { kind: 'map', key: { kind: 'varchar' }, value: { kind: 'date' } },
    [['k', '2024-01-01']],
    [{ key: 'k', value: '2024-01-01' }],
  ],
  [
    { kind: 'row', fields: [{ name: 'a', type: { kind: 'integer' } }, { type: { kind: 'varchar' } }] },
    [7, null],
    { a: 7, field1: null },
  ],
];
const TYPED: readonly ResultColumn[] = TYPES.map(([type], index) => ({ name: `c${index}`, type }));
const TYPED_ROWS: Rows = [TYPES.map(([, value]) => value), TYPES.map(() => null)];

test('Parquet of every type is read by DuckDB', async () => {
  await using folder = await makeTemporaryFolder();
  const file = path.join(folder.path, 'x.parquet');
  await writeFile(file, await print(printParquet, TYPED, [TYPED_ROWS]));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(`select * from read_parquet('${file}')`);
  const [first, second] = reader.getRowsJson();
  assert.deepEqual(
    first,
    TYPES.map(([, , expected]) => expected),
  );
  assert.deepEqual(
    second,
    TYPES.map(() => null),
  );
  const types = reader.columnTypes().map(String);
  assert.equal(types[7], 'DECIMAL(38,5)');
  assert.equal(types[10], 'DATE');
  assert.equal(types[12], 'TIMESTAMP_NS');
  assert.equal(types[15], 'UUID');
  connection.closeSync();
  instance.closeSync();
});

test('an Arrow stream of every type is read by apache-arrow', async () => {
  const bytes = await print(printArrow, TYPED, [TYPED_ROWS, TYPED_ROWS.slice(0, 1)]);
  const table = tableFromIPC(bytes);
  assert.equal(table.numRows, 3);
  assert.deepEqual(
    table.schema.fields.map(({ type }) => String(type)),
    [
      'Bool',
      'Int8',
      'Int16',
      'Int32',
      'Int64',
      'Float32',
      'Float64',
      'Decimal[38e+5]',
      'Utf8',
      'Binary',
      'Date32<DAY>',
      'Timestamp<MILLISECOND>',
      'Timestamp<NANOSECOND>',
      'Utf8',
      'Utf8',
      'Utf8',
      'Utf8',
      'List<Decimal[4e+2]>',
      'Map<{key:Utf8, value:Date32<DAY>}>',
      'Struct<{a:Int32, field1:Utf8}>',
    ],
  );
  const row = table.get(0)?.toJSON() ?? {};
  assert.equal(row['c4'], 9223372036854775807n);
  assert.equal(row['c10'], Date.UTC(1582, 9, 4));
  assert.equal(row['c11'], Date.UTC(2024, 1, 29, 12, 34, 56, 789));
  assert.deepEqual([...(row['c9'] as Uint8Array)], [0, 255]);
  const decimal = new BigUint64Array((row['c7'] as Uint32Array).slice().buffer);
  const unscaled = BigInt.asIntN(128, ((decimal[1] ?? 0n) << 64n) | (decimal[0] ?? 0n));
  assert.equal(unscaled, -12345678901234567890123456789012345678n);
  assert.deepEqual(table.getChildAt(12)?.data[0]?.values[0], -876543211n);
  for (const [, value] of Object.entries(table.get(1)?.toJSON() ?? {})) assert.equal(value, null);
  const map = table.getChildAt(18)?.get(0) as { toJSON(): unknown };
  assert.deepEqual(map.toJSON(), { k: Date.UTC(2024, 0, 1) });
});

test('an Arrow stream and a Parquet file without rows have their columns', async () => {
  assert.deepEqual(tableFromIPC(await print(printArrow, PEOPLE, [])).schema.names, ['id', 'name', 'note "x"']);
  assert.equal((await print(printParquet, PEOPLE, [])).subarray(0, 4).toString(), 'PAR1');
});
