/** One column of a type: its Arrow type, and literals with what they are delivered as. NULL is added to each. */
export interface TypeCase {
  readonly type: string;
  readonly arrow: string;
  readonly values: readonly (readonly [literal: string, delivered: unknown])[];
}

export const toMilliseconds = (iso: string): bigint => BigInt(Date.parse(iso));
const packed = (iso: string): bigint => toMilliseconds(iso) << 12n;
export const toDays = (iso: string): number => Date.parse(iso) / 86_400_000;
const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list);

/** Every type of the server, with its extremes. */
export const TYPE_CASES: readonly TypeCase[] = [
  {
    type: 'boolean',
    arrow: 'Bool',
    values: [
      ['true', true],
      ['false', false],
    ],
  },
  {
    type: 'int2',
    arrow: 'Int16',
    values: [
      ['-32768', -32768],
      ['32767', 32767],
      ['0', 0],
    ],
  },
  {
    type: 'int4',
    arrow: 'Int32',
    values: [
      ['-2147483648', -2147483648],
      ['2147483647', 2147483647],
    ],
  },
  {
    type: 'int8',
    arrow: 'Int64',
    values: [
      ['-9223372036854775808', -(2n ** 63n)],
      ['9223372036854775807', 2n ** 63n - 1n],
      ['-1', -1n],
    ],
  },
  {
    type: 'float4',
    arrow: 'Float32',
    values: [
      ['NaN', NaN],
      ['-Infinity', -Infinity],
      ['1.5', 1.5],
      ['-0', -0],
      ['3.4028235e38', Math.fround(3.4028235e38)],
    ],
  },
  {
    type: 'float8',
    arrow: 'Float64',
    values: [
      ['NaN', NaN],
      ['Infinity', Infinity],
      ['5e-324', 5e-324],
      ['1.7976931348623157e308', Number.MAX_VALUE],
      ['0.1', 0.1],
    ],
  },
  {
    type: 'numeric(12,2)',
    arrow: 'Decimal[12e+2]',
    values: [
      ['9999999999.99', 999999999999n],
      ['-9999999999.99', -999999999999n],
      ['0.01', 1n],
      ['-0.01', -1n],
      ['0', 0n],
      ['100', 10000n],
      ['12345678.9', 1234567890n],
      ['10000', 1000000n],
      ['42949672.96', 4294967296n],
      ['-42949672.96', -4294967296n],
      ['-21474836.48', -2147483648n],
    ],
  },
  {
    type: 'numeric(38,10)',
    arrow: 'Decimal[38e+10]',
    values: [
      ['9999999999999999999999999999.9999999999', 10n ** 38n - 1n],
      ['-9999999999999999999999999999.9999999999', 1n - 10n ** 38n],
      ['0.0000000001', 1n],
      ['900719.9254740993', 9007199254740993n],
      ['1', 10n ** 10n],
      ['-170141183460469231731.6873037158', -1701411834604692317316873037158n],
      ['0', 0n],
    ],
  },
  {
    type: 'numeric(38,0)',
    arrow: 'Decimal[38e0]',
    values: [
      ['99999999999999999999999999999999999999', 10n ** 38n - 1n],
      ['10000000000000000', 10n ** 16n],
      ['0', 0n],
    ],
  },
  {
    type: 'numeric(38,38)',
    arrow: 'Decimal[38e+38]',
    values: [
      ['0.00000000000000000000000000000000000001', 1n],
      ['0', 0n],
      ['-0.5', -5n * 10n ** 37n],
    ],
  },
  {
    type: 'numeric(3,-2)',
    arrow: 'Decimal[5e0]',
    values: [
      ['12345', 12300n],
      ['-99900', -99900n],
    ],
  },
  { type: 'numeric(2,5)', arrow: 'Decimal[5e+5]', values: [['0.00099', 99n]] },
  {
    type: 'numeric(50,5)',
    arrow: 'Utf8',
    values: [
      ['123456789012345678901234567890123456789012345.12345', '123456789012345678901234567890123456789012345.12345'],
    ],
  },
  {
    type: 'numeric',
    arrow: 'Utf8',
    values: [
      ['12.5', '12.5'],
      ['1e-50', '0.00000000000000000000000000000000000000000000000001'],
      ['NaN', 'NaN'],
      ['-0', '0'],
      ['1.10', '1.10'],
      ['1e20', '100000000000000000000'],
    ],
  },
  {
    type: 'money',
    arrow: 'Decimal[21e+2]',
    values: [
      ["'-92233720368547758.08'", -9223372036854775808n],
      ["'12.34'", 1234n],
    ],
  },
  {
    type: 'text',
    arrow: 'Utf8',
    values: [
      ["''", ''],
      ["'ünï😀'", 'ünï😀'],
      ["repeat('x', 200000)", 'x'.repeat(200_000)],
      ["E'tab\\tnl\\n'", 'tab\tnl\n'],
    ],
  },
  {
    type: 'varchar(5)',
    arrow: 'Utf8',
    values: [
      ["'ab '", 'ab '],
      ["''", ''],
    ],
  },
  {
    type: 'char(5)',
    arrow: 'Utf8',
    values: [
      ["'ab'", 'ab'],
      ["''", ''],
    ],
  },
  { type: '"char"', arrow: 'Utf8', values: [["'x'", 'x']] },
  { type: 'name', arrow: 'Utf8', values: [["'some_name'", 'some_name']] },
  {
    type: 'bytea',
    arrow: 'Binary',
    values: [
      ["'\\x'", bytes()],
      ["'\\x00ff10'", bytes(0, 255, 16)],
    ],
  },
  {
    type: 'date',
    arrow: 'Date32<DAY>',
    values: [
      ["'1970-01-01'", 0],
      ["'2000-01-01'", toDays('2000-01-01')],
      ["'1969-12-31'", -1],
      ["'0001-01-01'", toDays('0001-01-01')],
      ["'4713-01-01 BC'", -2440550],
      ["'5874897-12-31'", 2145042905],
    ],
  },
  {
    type: 'timestamp',
    arrow: 'Date64<MILLISECOND>',
    values: [
      ["'1970-01-01 00:00:00'", 0n],
      ["'1969-12-31 23:59:59.999'", -1n],
      // microseconds are cut, downwards
      ["'2024-02-29 12:34:56.789999'", toMilliseconds('2024-02-29T12:34:56.789Z')],
      ["'1969-12-31 23:59:59.999999'", -1n],
      ["'294276-12-31 23:59:59.999999'", 9224318015999999n],
      ["'4713-01-01 00:00:00 BC'", -210863520000000n],
      ["'2024-03-31 02:30:00'", toMilliseconds('2024-03-31T02:30:00Z')],
    ],
  },
  {
    type: 'timestamp(0)',
    arrow: 'Date64<MILLISECOND>',
    values: [["'2024-02-29 12:34:56.6'", toMilliseconds('2024-02-29T12:34:57Z')]],
  },
  {
    type: 'timestamptz',
    arrow: 'Timestamp<MILLISECOND, UTC>',
    values: [
      ["'2024-02-29 12:34:56.789+02'", packed('2024-02-29T10:34:56.789Z')],
      // in the gap of Berlin's summer time, and twice in the hour of its end
      ["'2024-03-31 02:30:00 Europe/Berlin'", packed('2024-03-31T01:30:00Z')],
      ["'2024-10-27 00:30:00+00'", packed('2024-10-27T00:30:00Z')],
      ["'1969-12-31 23:59:59.999999+00'", -1n << 12n],
      ["'9999-12-31 23:59:59.999+00'", packed('9999-12-31T23:59:59.999Z')],
      ["'0001-01-01 00:00:00+00'", packed('0001-01-01T00:00:00Z')],
    ],
  },
  {
    type: 'time',
    arrow: 'Utf8',
    values: [
      ["'24:00:00'", '24:00:00'],
      ["'12:34:56.123456'", '12:34:56.123456'],
    ],
  },
  { type: 'timetz', arrow: 'Utf8', values: [["'12:34:56+02'", '12:34:56+02']] },
  {
    type: 'interval',
    arrow: 'Utf8',
    values: [["'1 year 2 mons -3 days 04:05:06.7'", '1 year 2 mons -3 days +04:05:06.7']],
  },
  {
    type: 'uuid',
    arrow: 'Utf8',
    values: [["'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
  },
  { type: 'json', arrow: 'Utf8', values: [['\'{"b":1,  "a":null}\'', '{"b":1,  "a":null}']] },
  {
    type: 'jsonb',
    arrow: 'Utf8',
    values: [
      ['\'{"b":1,  "a":null}\'', '{"a": null, "b": 1}'],
      ["'null'", 'null'],
    ],
  },
  { type: 'xml', arrow: 'Utf8', values: [["'<a>ü</a>'", '<a>ü</a>']] },
  {
    type: 'inet',
    arrow: 'Utf8',
    values: [
      ["'10.0.0.1/8'", '10.0.0.1/8'],
      ["'::1'", '::1/128'],
    ],
  },
  { type: 'cidr', arrow: 'Utf8', values: [["'10.0.0.0/8'", '10.0.0.0/8']] },
  { type: 'macaddr', arrow: 'Utf8', values: [["'08:00:2b:01:02:03'", '08:00:2b:01:02:03']] },
  { type: 'bit(3)', arrow: 'Utf8', values: [["B'101'", '101']] },
  {
    type: 'varbit',
    arrow: 'Utf8',
    values: [
      ["B''", ''],
      ["B'1'", '1'],
    ],
  },
  { type: 'oid', arrow: 'Int64', values: [['4294967295', 4294967295n]] },
  { type: 'point', arrow: 'Utf8', values: [["'(1,2)'", '(1,2)']] },
  { type: 'tsvector', arrow: 'Utf8', values: [["'a:1 b:2'", "'a':1 'b':2"]] },
  {
    type: 'int4range',
    arrow: 'Utf8',
    values: [
      ["'[1,5)'", '[1,5)'],
      ["'empty'", 'empty'],
    ],
  },
  { type: 'tstzrange', arrow: 'Utf8', values: [["'[2024-01-01 00:00+00,)'", '["2024-01-01 00:00:00+00",)']] },
  { type: 'nummultirange', arrow: 'Utf8', values: [["'{[1.5,2),[3,4)}'", '{[1.5,2),[3,4)}']] },
  {
    type: 'mood',
    arrow: 'Utf8',
    values: [
      ["'happy'", 'happy'],
      ["'so-so'", 'so-so'],
    ],
  },
  { type: 'pair', arrow: 'Utf8', values: [["row(1, 'a b')", '(1,"a b")']] },
  { type: 'cents', arrow: 'Decimal[10e+2]', values: [['1.50', 150n]] },
  { type: 'email', arrow: 'Utf8', values: [["'a@b'", 'a@b']] },
  {
    type: 'int4[]',
    arrow: 'List<Int32>',
    values: [
      ["'{}'", []],
      ["'{1,NULL,-3}'", [1, null, -3]],
      ["'[5:6]={7,8}'", [7, 8]],
    ],
  },
  {
    type: 'int8[][]',
    arrow: 'List<List<Int64>>',
    values: [
      [
        "'{{1,2},{3,4}}'",
        [
          [1n, 2n],
          [3n, 4n],
        ],
      ],
      ["'{}'", []],
    ],
  },
  { type: 'text[]', arrow: 'List<Utf8>', values: [[`'{"a b",NULL,"",ü}'`, ['a b', null, '', 'ü']]] },
  { type: 'numeric(6,2)[]', arrow: 'List<Decimal[6e+2]>', values: [["'{1.25,-0.01}'", [125n, -1n]]] },
  { type: 'numeric[]', arrow: 'List<Utf8>', values: [["'{1.25,1e3}'", ['1.25', '1000']]] },
  { type: 'bool[]', arrow: 'List<Bool>', values: [["'{t,f}'", [true, false]]] },
  { type: 'float8[]', arrow: 'List<Float64>', values: [["'{1.5,NaN}'", [1.5, NaN]]] },
  { type: 'float4[]', arrow: 'List<Float32>', values: [["'{1.5}'", [1.5]]] },
  { type: 'int2[]', arrow: 'List<Int16>', values: [["'{-1}'", [-1]]] },
  { type: 'bytea[]', arrow: 'List<Binary>', values: [[`'{"\\\\x00ff"}'`, [bytes(0, 255)]]] },
  {
    type: 'uuid[]',
    arrow: 'List<Utf8>',
    values: [["'{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'", ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']]],
  },
  { type: 'date[]', arrow: 'List<Date32<DAY>>', values: [["'{1970-01-02}'", [1]]] },
  { type: 'timestamp[]', arrow: 'List<Date64<MILLISECOND>>', values: [["'{1970-01-01 00:00:00.001}'", [1n]]] },
  { type: 'timestamptz[]', arrow: 'List<Date64<MILLISECOND>>', values: [["'{1970-01-01 00:00:00.001+00}'", [1n]]] },
  { type: 'mood[]', arrow: 'List<Utf8>', values: [["'{sad,NULL}'", ['sad', null]]] },
];

/** The types that the cases name. */
export const CREATE_TYPES = `
create type mood as enum ('sad', 'so-so', 'happy');
create type pair as (a int4, b text);
create domain cents as numeric(10, 2);
create domain contact as varchar(20); create domain email as contact check (value like '%@%');`;
