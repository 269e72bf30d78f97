import { makeRandom } from './random.ts';
import { POOLS, type Pool } from './pools.ts';

const SPECIFIERS = [
  '%s',
  '%10s',
  '%-10s|',
  '%.2s',
  '%S',
  '%d',
  '%5d',
  '%-5d|',
  '%05d',
  '%+d',
  '%,d',
  '%(d',
  '% d',
  '%x',
  '%X',
  '%o',
  '%#x',
  '%f',
  '%.2f',
  '%10.3f',
  '%,.2f',
  '%+.1f',
  '%e',
  '%.3e',
  '%E',
  '%g',
  '%.3g',
  '%a',
  '%b',
  '%B',
  '%c',
  '%h',
  '%n%%',
  '%1$s %1$s',
  '%2$s',
  '%q',
  '%',
  '%-d',
  '%tY-%<tm-%<td',
  '%tH:%<tM:%<tS',
  '%tB %<tA',
  '%tj',
  '%tF',
  '%tT',
  '%tL',
  '%tN',
  '%tZ',
  '%tz',
  '%ts',
];
const VALUES = [
  'integer',
  'bigint',
  'double',
  'real',
  'decimal',
  'varchar',
  'char',
  'boolean',
  'date',
  'time',
  'timestamp',
  'timestamp with time zone',
  'varbinary',
  'json',
  'uuid',
  'ipaddress',
  'interval day to second',
  'tinyint',
];

/** format() with every specifier and type. */
export function* formatCases(rounds: number): Generator<readonly [family: string, expression: string]> {
  const random = makeRandom('format');
  for (const specifier of SPECIFIERS)
    for (let n = 0; n < rounds; n++) {
      const type = VALUES[random.below(VALUES.length)] ?? 'integer';
      const pool: Pool = POOLS[type] ?? ['1'];
      yield ['format', `format('${specifier}', ${random.pick(pool)})`];
    }
  for (const specifier of SPECIFIERS.slice(5, 32))
    for (const value of ['12345', '-7', '1.5e0', '-1234.5678e0', "DECIMAL '1234567.891'", "REAL '0.1'"])
      yield ['format', `format('${specifier}', ${value})`];
}

const PATHS = [
  'lax $',
  'lax $.a',
  'strict $.a',
  'lax $.a.b[0]',
  'lax $.a.b[*]',
  'strict $.x',
  'lax $[0]',
  'strict $[0]',
  'lax $.*',
  'lax $.a.b[last]',
  'lax $.a.b[0 to 1]',
  'lax $.n + 1',
  'lax -$.n',
  'lax $.n.abs()',
  'lax $.n.ceiling()',
  'lax $.s.size()',
  'lax $.a.b.size()',
  'lax $.a.type()',
  'lax $.a.b[*] ? (@ > 1)',
  'lax $.s ? (@ starts with "te")',
  'lax $.s ? (@ like_regex "t.*")',
  'lax $.* ? (exists(@.b))',
  'lax $.n ? (@ == 1.50)',
  'lax $.a.keyvalue()',
  'lax $.n.double()',
  'lax $.s.double()',
  'lax $.n / 0',
  'lax $.n % 2',
  'lax $..b',
  'strict $.a.b[10]',
  'lax $.n.floor() * 2',
  'lax ($.n > 1)',
  'lax $.a.b[*] ? (@ != null)',
  'lax $.a ? (@.b[0] == 1 && !(@.c == 2))',
  'lax $."a"',
  'bad path',
  'lax $.d.datetime()',
  'lax $.u is unknown',
];
const DOCUMENTS = [
  `'{"a":{"b":[1,2,{"c":null}]},"n":1.5,"s":"text","d":"2024-02-29","u":true}'`,
  `'[1,{"a":2},[3]]'`,
  `'null'`,
  `'{"a":"x","n":-7}'`,
  `'{'`,
  'CAST(NULL AS varchar)',
  `'"just text"'`,
];
const CLAUSES: Readonly<Record<string, readonly string[]>> = {
  json_exists: ['', ' TRUE ON ERROR', ' ERROR ON ERROR', ' UNKNOWN ON ERROR'],
  json_value: [
    '',
    ' RETURNING integer',
    ' RETURNING double',
    ' RETURNING boolean',
    ' RETURNING varchar(2)',
    ' RETURNING decimal(4,1)',
    ' RETURNING date',
    ` DEFAULT 'e' ON EMPTY DEFAULT 'r' ON ERROR`,
    ' ERROR ON EMPTY ERROR ON ERROR',
    ' NULL ON EMPTY ERROR ON ERROR',
    ' RETURNING bigint DEFAULT 5 ON EMPTY',
  ],
  json_query: [
    '',
    ' WITH ARRAY WRAPPER',
    ' WITH CONDITIONAL WRAPPER',
    ' WITHOUT WRAPPER',
    ' OMIT QUOTES',
    ' KEEP QUOTES',
    ' EMPTY ARRAY ON EMPTY',
    ' EMPTY OBJECT ON ERROR',
    ' ERROR ON ERROR',
    ' WITH WRAPPER NULL ON EMPTY',
    ' RETURNING varchar(5)',
    ' ERROR ON EMPTY',
  ],
};

/** JSON_EXISTS, JSON_VALUE, JSON_QUERY with every clause; JSON_OBJECT and JSON_ARRAY. */
export function* jsonPathCases(rounds: number): Generator<readonly [family: string, expression: string]> {
  const random = makeRandom('json');
  for (const path of PATHS)
    for (const [name, clauses] of Object.entries(CLAUSES))
      for (let n = 0; n < rounds; n++)
        yield [
          'json-path',
          `${name}(${DOCUMENTS[random.below(3) === 0 ? random.below(DOCUMENTS.length) : 0]}, '${path}'${clauses[random.below(clauses.length)]})`,
        ];
  for (const clause of [
    '',
    ' NULL ON NULL',
    ' ABSENT ON NULL',
    ' WITH UNIQUE KEYS',
    ' RETURNING varchar(10)',
    ' ABSENT ON NULL WITH UNIQUE KEYS',
  ])
    for (const values of [
      `KEY 'a' VALUE 1`,
      `'a' : NULL`,
      `'a' : 1, 'a' : 2`,
      `'x' : 'y' FORMAT JSON`,
      `'x' : '[1]' FORMAT JSON`,
      `'t' VALUE 1.50`,
      `'d' : DATE '2024-01-01'`,
      `'b' : true, 'n' : 1e0`,
      '',
    ])
      yield ['json-path', `json_object(${values}${clause})`];
  for (const clause of ['', ' NULL ON NULL', ' ABSENT ON NULL', ' RETURNING varchar(100)'])
    for (const values of [
      '1, NULL, true',
      `'a', '[1]' FORMAT JSON`,
      `1.50, 2e0, REAL '1.5'`,
      `JSON '{"a":1}'`,
      `TIMESTAMP '2024-01-01 00:00'`,
      'ARRAY[1]',
      `json_array(1)`,
      '',
    ])
      yield ['json-path', `json_array(${values}${clause})`];
}
