/** Values at which sources differ, as text that every one of them reads; null is NULL. */
export interface LogicalColumn {
  readonly kind:
    | 'integer'
    | 'bigint'
    | 'decimal'
    | 'text'
    | 'char'
    | 'double'
    | 'real'
    | 'date'
    | 'time'
    | 'zoned'
    | 'bytes'
    | 'boolean';
  readonly values: readonly (string | null)[];
  /** what only sources with every IEEE number have */
  readonly special?: readonly string[];
}

const WIDE = '99999999999999999999999999999999.999999';
const TEXTS = [
  '',
  ' ',
  'a',
  'A',
  'a ',
  'aa',
  'ab',
  'abc',
  'ä',
  'a\u0308',
  'Ä',
  'ß',
  'ss',
  'SS',
  'z',
  'Z',
  'é',
  'e',
  'ﬁ',
  'fi',
  '\u{1F600}',
  '\uFFFD',
  '%',
  '_',
  'a_b',
  'a%b',
  '\\',
  "it's",
  '10',
  '9',
];
const SPECIAL = ['NaN', 'Infinity', '-Infinity'];

/** Few values each, so that random predicates meet them. */
export const VALUES: Readonly<Record<string, LogicalColumn>> = {
  i: { kind: 'integer', values: ['0', '1', '-1', '7', '2147483647', '-2147483648', null] },
  b: {
    kind: 'bigint',
    values: ['0', '1', '-5', '9007199254740993', '9223372036854775807', '-9223372036854775808', null],
  },
  d: {
    kind: 'decimal',
    values: ['0', '0.000001', '-0.5', '1.5', '10', WIDE, `-${WIDE}`, '12345678901234567890.123456', null],
  },
  s: { kind: 'text', values: [...TEXTS, null] },
  c: { kind: 'char', values: ['a', 'A', 'ab', 'abcde', '', 'ä', null] },
  x: { kind: 'double', values: ['0', '-0', '1', '1.5', '-2.25', '1e300', '5e-300', '0.1', null], special: SPECIAL },
  r: { kind: 'real', values: ['0', '-0', '1.5', '-2.25', '0.1', '16777216', null], special: SPECIAL },
  day: {
    kind: 'date',
    values: ['2024-02-29', '1970-01-01', '1969-12-31', '1582-10-10', '0001-01-01', '9999-12-31', null],
  },
  ts: {
    kind: 'time',
    values: [
      '2024-01-01 00:00:00',
      '2024-01-01 00:00:00.123456',
      '2024-01-01 00:00:00.123',
      '2024-01-01 00:00:00.123999',
      '2024-01-01 00:00:00.124',
      '1970-01-01 00:00:01',
      '2037-12-31 23:59:59.9995',
      null,
    ],
  },
  z: {
    kind: 'zoned',
    values: [
      '2024-03-31 00:59:59.999+00',
      '2024-03-31 03:00:00+02',
      '2024-03-31 01:00:00.0005+00',
      '2024-03-30 11:00:00.001-14',
      '1970-01-01 00:00:01+00',
      '1970-01-01 00:00:01.001+00',
      null,
    ],
  },
  v: { kind: 'bytes', values: ['', '00', '275c22', 'ff', '8001', '61', '6161', null] },
  f: { kind: 'boolean', values: ['true', 'false', null] },
};

/** SQL literals (Trino's) to compare with a column, by the kind of its type in the engine. */
export const LITERALS: Readonly<Record<string, readonly string[]>> = {
  tinyint: ['0', '1', '-1', '1.5', '7'],
  smallint: ['0', '1', '-1', '1.5', '7'],
  integer: ['0', '1', '-1', '1.5', '7', '2147483647', '2147483648', '-2147483648', '1e0', 'NULL'],
  bigint: ['0', '1', '-5', '1.5', '9007199254740993', '9223372036854775807', '-9223372036854775807', '1e0', 'NULL'],
  decimal: [
    '0',
    '1.5',
    '-0.5',
    '0.000001',
    '0.0000005',
    '10',
    `DECIMAL '${WIDE}'`,
    "DECIMAL '12345678901234567890.123456'",
    'NULL',
  ],
  varchar: [
    ...TEXTS.map((text) => `'${text.replaceAll("'", "''")}'`),
    "'zz'",
    "'\u{1F600}a'",
    "CAST('a' AS char(3))",
    'NULL',
  ],
  double: [
    '0e0',
    '-0e0',
    '1',
    '1.5',
    '-2.25',
    '1e300',
    '0.1',
    "REAL '0.1'",
    'infinity()',
    '-infinity()',
    'nan()',
    'NULL',
  ],
  real: [
    '0e0',
    "REAL '-0'",
    '1.5',
    '0.1',
    "REAL '0.1'",
    '1e-1',
    '16777217',
    'CAST(infinity() AS real)',
    'CAST(nan() AS real)',
    'NULL',
  ],
  date: [
    "DATE '2024-02-29'",
    "DATE '1970-01-01'",
    "DATE '1582-10-10'",
    "DATE '0001-01-01'",
    "DATE '9999-12-31'",
    "TIMESTAMP '1970-01-01 00:00:00.001'",
    'NULL',
  ],
  timestamp: [
    "TIMESTAMP '2024-01-01 00:00:00'",
    "TIMESTAMP '2024-01-01 00:00:00.123'",
    "TIMESTAMP '2024-01-01 00:00:00.1235'",
    "TIMESTAMP '2024-01-01 00:00:00.124'",
    "DATE '2024-01-01'",
    "TIMESTAMP '2037-12-31 23:59:59.999'",
    "TIMESTAMP '2024-01-01 00:00:00.123 UTC'",
    'NULL',
  ],
  'timestamp with time zone': [
    "TIMESTAMP '2024-03-31 00:59:59.999 UTC'",
    "TIMESTAMP '2024-03-31 03:00:00 Europe/Berlin'",
    "TIMESTAMP '2024-03-30 11:00:00.001 -14:00'",
    "TIMESTAMP '2024-03-31 01:00:00.0005 UTC'",
    "TIMESTAMP '1970-01-01 00:00:01'",
    "DATE '1970-01-01'",
    'NULL',
  ],
  varbinary: ["X''", "X'00'", "X'275c22'", "X'ff'", "X'8001'", "X'61'", 'NULL'],
  boolean: ['true', 'false', 'NULL'],
};

/** Rows as texts by column: every value of every column at least once, otherwise at random. */
export function makeRows(
  names: readonly string[],
  pick: (count: number) => number,
  options: { readonly special: boolean },
): Record<string, string | null>[] {
  const longest = TEXTS.length + 1;
  return Array.from({ length: longest + 25 }, (_, row) =>
    Object.fromEntries(
      names.map((name) => {
        const column = VALUES[name];
        const values = [...(column?.values ?? []), ...((options.special && column?.special) || [])];
        return [name, values[row < values.length ? row : pick(values.length)] ?? null];
      }),
    ),
  );
}
