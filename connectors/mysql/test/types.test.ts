import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { openConnector, readTable } from './test-reading.ts';
import { openDatabase, SERVERS } from './test-servers.ts';
import type { Server } from './test-servers.ts';

/** `[type, SQL literal, Arrow type, value that is read]`; NULL is tested for every type by itself. */
type Case = readonly [type: string, literal: string, arrow: string, value: unknown];

const DAY = 86_400_000;
const days = (text: string): number => Date.parse(`${text}T00:00:00Z`) / DAY;
const millis = (text: string): bigint => BigInt(Date.parse(text));
const YEAR_0 = -719_528;

const CASES: readonly Case[] = [
  ['tinyint', '-128', 'Int8', -128],
  ['tinyint', '127', 'Int8', 127],
  ['tinyint(1)', '2', 'Int8', 2],
  ['tinyint unsigned', '255', 'Int16', 255],
  ['tinyint unsigned', '0', 'Int16', 0],
  ['smallint', '-32768', 'Int16', -32768],
  ['smallint unsigned', '65535', 'Int32', 65535],
  ['mediumint', '-8388608', 'Int32', -8388608],
  ['mediumint unsigned', '16777215', 'Int32', 16777215],
  ['int', '-2147483648', 'Int32', -2147483648],
  ['int', '2147483647', 'Int32', 2147483647],
  ['int unsigned', '4294967295', 'Int64', 4294967295n],
  ['int zerofill', '7', 'Int64', 7n],
  ['bigint', '-9223372036854775808', 'Int64', -(2n ** 63n)],
  ['bigint', '9223372036854775807', 'Int64', 2n ** 63n - 1n],
  ['bigint unsigned', '18446744073709551615', 'Decimal[20e0]', 2n ** 64n - 1n],
  ['bigint unsigned', '0', 'Decimal[20e0]', 0n],
  ['decimal(1,0)', '-9', 'Decimal[1e0]', -9n],
  ['decimal(12,2)', '-0.01', 'Decimal[12e+2]', -1n],
  ['decimal(12,2)', '9999999999.99', 'Decimal[12e+2]', 999_999_999_999n],
  ['decimal(5,5)', '0.00001', 'Decimal[5e+5]', 1n],
  ['decimal(18,0)', '-999999999999999999', 'Decimal[18e0]', -999_999_999_999_999_999n],
  ['decimal(38,0)', '99999999999999999999999999999999999999', 'Decimal[38e0]', 10n ** 38n - 1n],
  ['decimal(38,10)', '-9999999999999999999999999999.9999999999', 'Decimal[38e+10]', -(10n ** 38n - 1n)],
  ['decimal(38,30)', '12345678.000000000000000000000000000001', 'Decimal[38e+30]', 12345678n * 10n ** 30n + 1n],
  [
    'decimal(65,30)',
    '-99999999999999999999999999999999999.999999999999999999999999999999',
    'Utf8',
    '-99999999999999999999999999999999999.999999999999999999999999999999',
  ],
  ['float', '-3.40282e38', 'Float32', Math.fround(-3.40282e38)],
  ['float', '1.17549e-38', 'Float32', Math.fround(1.17549e-38)],
  ['double', '1.7976931348623157e308', 'Float64', 1.7976931348623157e308],
  ['double', '-2.2250738585072014e-308', 'Float64', -2.2250738585072014e-308],
  ['double', '0.1', 'Float64', 0.1],
  ['bit(1)', "b'1'", 'Bool', true],
  ['bit(1)', "b'0'", 'Bool', false],
  ['bit(7)', "b'1010101'", 'Int64', 85n],
  ['bit(63)', "x'7fffffffffffffff'", 'Int64', 2n ** 63n - 1n],
  ['bit(64)', "x'ffffffffffffffff'", 'Decimal[20e0]', 2n ** 64n - 1n],
  ['year', '1901', 'Int32', 1901],
  ['year', '2155', 'Int32', 2155],
  ['year', '0', 'Int32', 0],
  ['date', "'0001-01-01'", 'Date32<DAY>', days('0001-01-01')],
  ['date', "'0000-01-01'", 'Date32<DAY>', YEAR_0],
  ['date', "'1582-10-10'", 'Date32<DAY>', days('1582-10-10')],
  ['date', "'2000-02-29'", 'Date32<DAY>', days('2000-02-29')],
  ['date', "'9999-12-31'", 'Date32<DAY>', days('9999-12-31')],
  ['datetime', "'1000-01-01 00:00:00'", 'Date64<MILLISECOND>', millis('1000-01-01T00:00:00Z')],
  ['datetime', "'2024-03-31 02:30:00'", 'Date64<MILLISECOND>', millis('2024-03-31T02:30:00Z')],
  ['datetime(3)', "'1969-12-31 23:59:59.999'", 'Date64<MILLISECOND>', -1n],
  ['datetime(3)', "'9999-12-31 23:59:59.999'", 'Date64<MILLISECOND>', millis('9999-12-31T23:59:59.999Z')],
  ['datetime(6)', "'1969-12-31 23:59:59.999999'", 'Date64<MILLISECOND>', -1n],
  ['datetime(6)', "'2024-01-02 03:04:05.678901'", 'Date64<MILLISECOND>', millis('2024-01-02T03:04:05.678Z')],
  ['timestamp', "'1970-01-01 00:00:01'", 'Date64<MILLISECOND>', 1000n],
  ['timestamp(6)', "'2038-01-19 03:14:07.999999'", 'Date64<MILLISECOND>', millis('2038-01-19T03:14:07.999Z')],
  ['time', "'838:59:59'", 'Utf8', '838:59:59'],
  ['time', "'-838:59:59'", 'Utf8', '-838:59:59'],
  ['time(6)', "'00:00:00.000001'", 'Utf8', '00:00:00.000001'],
  ['char(5)', "'ab '", 'Utf8', 'ab'],
  ['varchar(5)', "'ab '", 'Utf8', 'ab '],
  ['varchar(5)', "''", 'Utf8', ''],
  ['varchar(10)', "'😀é日'", 'Utf8', '😀é日'],
  ['varchar(10) character set latin1', "'é€'", 'Utf8', 'é€'],
  ['varchar(10) character set utf16', "'😀'", 'Utf8', '😀'],
  ['tinytext', "'t'", 'Utf8', 't'],
  ['text', "repeat('x', 65535)", 'Utf8', 'x'.repeat(65_535)],
  ['mediumtext', "repeat('é', 70000)", 'Utf8', 'é'.repeat(70_000)],
  ['longtext', "'long'", 'Utf8', 'long'],
  ['enum("a","ü x")', "'ü x'", 'Utf8', 'ü x'],
  ['set("a","b","c")', "'c,a'", 'Utf8', 'a,c'],
  ['set("a","b","c")', "''", 'Utf8', ''],
  ['binary(3)', "x'01'", 'Binary', Uint8Array.of(1, 0, 0)],
  ['varbinary(3)', "x'ff00'", 'Binary', Uint8Array.of(255, 0)],
  ['tinyblob', "''", 'Binary', new Uint8Array(0)],
  ['blob', "x'00ff'", 'Binary', Uint8Array.of(0, 255)],
  ['mediumblob', "repeat(x'fe', 70000)", 'Binary', new Uint8Array(70_000).fill(0xfe)],
  ['longblob', "x'27'", 'Binary', Uint8Array.of(0x27)],
  ['point', "ST_GeomFromText('POINT(1 -2.5)')", 'Utf8', 'POINT(1 -2.5)'],
  ['geometry', "ST_GeomFromText('LINESTRING(0 0,1 1)')", 'Utf8', 'LINESTRING(0 0,1 1)'],
];

const OWN_CASES: Readonly<Record<Server, readonly Case[]>> = {
  mysql: [
    ['json', `'{"b": [1, null, "é"], "a": 1.50}'`, 'Utf8', '{"a": 1.5, "b": [1, null, "é"]}'],
    ['json', `'null'`, 'Utf8', 'null'],
  ],
  mariadb: [
    ['json', `'{"b": [1, null, "é"], "a": 1.50}'`, 'Utf8', '{"b": [1, null, "é"], "a": 1.50}'],
    ['uuid', "'123E4567-e89b-12d3-a456-426655440000'", 'Utf8', '123e4567-e89b-12d3-a456-426655440000'],
    ['inet6', "'2001:db8::ff00:42:8329'", 'Utf8', '2001:db8::ff00:42:8329'],
    ['inet4', "'192.168.0.1'", 'Utf8', '192.168.0.1'],
  ],
};

for (const server of SERVERS)
  suite(`types of ${server}`, () => {
    test('every type, at its limits, and NULL', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      using connector = openConnector(database);
      const cases = [...CASES, ...OWN_CASES[server]];
      const columns = cases.map(([type], index) => `c${index} ${type} null`);
      await database.run(
        "SET SESSION sql_mode = 'STRICT_TRANS_TABLES'",
        `CREATE TABLE every_type (id int primary key, ${columns.join(', ')})`,
        `INSERT INTO every_type VALUES (1, ${cases.map(([, literal]) => literal).join(', ')})`,
        'INSERT INTO every_type (id) VALUES (2)',
      );
      const { rows, types } = await readTable(connector, database, { table: 'every_type' });
      assert.equal(rows.length, 2);
      for (const [index, [type, literal, arrow, value]] of cases.entries()) {
        const expected = value instanceof Uint8Array ? Buffer.from(value) : value;
        const found = rows[0]?.[index + 1];
        assert.equal(types[index + 1], arrow, type);
        assert.deepEqual(
          found instanceof Uint8Array ? Buffer.from(found) : found,
          expected,
          `${type} ${literal.slice(0, 80)}`,
        );
        assert.equal(rows[1]?.[index + 1], null, `${type} NULL`);
      }
    });

    test('dates that are not in the calendar: an error that names the setting, or NULL', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      await database.run(
        "SET SESSION sql_mode = 'ALLOW_INVALID_DATES'",
        'CREATE TABLE zero (id int primary key, d date, t datetime, s timestamp null)',
        "INSERT INTO zero VALUES (1, '0000-00-00', '0000-00-00', '0000-00-00'), (2, '2024-00-15', '2024-02-31 10:00:00', null)",
        "INSERT INTO zero VALUES (3, '2024-01-15', '2024-02-28 10:00:00', '2024-02-28 10:00:00')",
      );
      using strict = openConnector(database);
      await assert.rejects(readTable(strict, database, { table: 'zero', columns: ['d'] }), {
        code: 'SOURCE_DATA_INVALID',
        message: /column "d" of .*\.zero .*zeroDateTimeBehavior=CONVERT_TO_NULL/,
      });
      using lenient = openConnector(database, { parameters: 'zeroDateTimeBehavior=convertToNull' });
      const { rows } = await readTable(lenient, database, { table: 'zero' });
      const at = millis('2024-02-28T10:00:00Z');
      assert.deepEqual(rows, [
        [1, null, null, null],
        [2, null, null, null],
        [3, days('2024-01-15'), at, at],
      ]);
    });
  });
