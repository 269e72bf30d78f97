import { makeRandom } from './random.ts';
import { POOLS, WORLDS, type Pool } from './pools.ts';

const NUMBERS = ['tinyint', 'smallint', 'integer', 'bigint', 'real', 'double', 'decimal'];
const MOMENTS = ['date', 'time', 'time with time zone', 'timestamp', 'timestamp with time zone'];
const INTERVALS = ['interval day to second', 'interval year to month'];
const OTHERS = ['boolean', 'varchar', 'char', 'varbinary', 'json', 'uuid', 'ipaddress'];
const ALL = [...NUMBERS, ...MOMENTS, ...INTERVALS, ...OTHERS];
const TARGETS = [
  'boolean',
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'real',
  'double',
  'decimal(5,2)',
  'decimal(38,0)',
  'varchar',
  'varchar(3)',
  'char(4)',
  'varbinary',
  'date',
  'time',
  'time(0)',
  'time(9)',
  'time(3) with time zone',
  'timestamp',
  'timestamp(0)',
  'timestamp(6)',
  'timestamp(12)',
  'timestamp with time zone',
  'timestamp(9) with time zone',
  'interval day to second',
  'interval year to month',
  'json',
  'uuid',
  'ipaddress',
  'array(integer)',
  'row(x integer, y varchar)',
  'map(varchar, integer)',
];
/** Texts that some type reads. */
const TEXTS: Pool = [
  "'1'",
  "' 1 '",
  "'1.5'",
  "'1e3'",
  "'-0'",
  "'NaN'",
  "'Infinity'",
  "'true'",
  "'T'",
  "'f'",
  "'no'",
  "'2024-02-29'",
  "'2024-2-9'",
  "'2023-02-29'",
  "' 2024-02-29'",
  "'2024-02-29 10:20:30.123456789'",
  "'2024-02-29 10:20'",
  "'2024-02-29 10:20:30 Europe/Berlin'",
  "'2024-02-29 10:20:30+05:30'",
  "'2024-02-29T10:20:30'",
  "'10:20:30.5'",
  "'10:20'",
  "'25:00:00'",
  "'10:20:30 +02:00'",
  "'12151fd2-7586-11e9-8f9e-2a86e4085a59'",
  "'::1'",
  "'1.2.3.4'",
  "'99999999999'",
  "''",
  '\'{"x":1}\'',
  "'[1]'",
  "'999.995'",
  "'1,5'",
  "'+7'",
  "'0x10'",
  "'-44-03-15'",
  "'😀'",
];
const pool = (type: string): Pool => POOLS[type] ?? ['NULL'];

/** Casts, operators and special forms over all pairs of types. */
export function* operatorCases(rounds: number): Generator<readonly [family: string, expression: string]> {
  const random = makeRandom('operators');
  for (const target of TARGETS) {
    for (const text of TEXTS) if (random.below(3) > 0) yield ['cast', `CAST(${text} AS ${target})`];
    for (const text of TEXTS) if (random.below(4) === 0) yield ['try', `TRY_CAST(${text} AS ${target})`];
    for (const source of ALL)
      for (let n = 0; n < rounds; n++) yield ['cast', `CAST(${random.pick(pool(source))} AS ${target})`];
    for (const world of WORLDS) yield ['cast', `CAST(${random.pick(world)} AS ${target})`];
  }
  for (const left of ALL) {
    for (const right of ALL) {
      const related =
        left === right ||
        (NUMBERS.includes(left) && NUMBERS.includes(right)) ||
        [...MOMENTS, ...INTERVALS].includes(left);
      for (const operator of ['+', '-', '*', '/', '%']) {
        const times = related ? rounds : random.below(10) === 0 ? 1 : 0;
        for (let n = 0; n < times; n++)
          yield ['arithmetic', `${random.pick(pool(left))} ${operator} ${random.pick(pool(right))}`];
      }
      for (const operator of ['=', '<>', '<', '>=', 'IS DISTINCT FROM', '>'])
        if (related || random.below(8) === 0)
          yield ['comparison', `${random.pick(pool(left))} ${operator} ${random.pick(pool(right))}`];
    }
    const [a, b, c] = [1, 2, 3].map(() => random.pick(pool(left)));
    yield* [
      `${a} BETWEEN ${b} AND ${c}`,
      `${a} IN (${b}, ${c})`,
      `${a} NOT IN (${b}, ${c})`,
      `coalesce(${a}, ${b}, ${c})`,
      `nullif(${a}, ${b})`,
      `if(true, ${a}, ${b})`,
      `CASE ${a} WHEN ${b} THEN 1 WHEN ${c} THEN 2 ELSE 3 END`,
      `greatest(${a}, ${b}, ${c})`,
      `least(${a}, ${b}, ${c})`,
      `typeof(${a})`,
      `ARRAY[${a}, ${b}]`,
      `ROW(${a}, ${b}) = ROW(${b}, ${a})`,
      `ROW(${a}, 1) < ROW(${b}, 2)`,
      `MAP(ARRAY[${a}], ARRAY[${b}])`,
      `CAST(ARRAY[${a}, ${b}] AS json)`,
      `CAST(ROW(${a}, ${b}) AS json)`,
      `CAST(MAP(ARRAY['k'], ARRAY[${a}]) AS json)`,
      `${a} || ${b}`,
      `concat(${a}, ${b})`,
      `-${a}`,
      `TRY(${a} / 0)`,
      `CAST(${a} AS varchar)`,
      `array_sort(ARRAY[${a}, ${b}, ${c}])`,
      `array_distinct(ARRAY[${a}, ${b}, ${a}])`,
      `format('%s', ${a})`,
      `${a} = ANY (VALUES ${b}, ${c})`,
      `${a} < ALL (VALUES ${b}, ${c})`,
      `(${a}, ${b}) IN (VALUES (${a}, ${b}))`,
    ].map((text): readonly [string, string] => ['forms', text]);
  }
  for (const left of ALL)
    for (const right of ALL)
      if (left !== right && random.below(3) === 0)
        yield* [
          `coalesce(${random.pick(pool(left))}, ${random.pick(pool(right))})`,
          `ARRAY[${random.pick(pool(left))}, ${random.pick(pool(right))}]`,
        ].map((text): readonly [string, string] => ['types', text]);
  const units = [
    'year',
    'quarter',
    'month',
    'week',
    'day',
    'day_of_month',
    'day_of_week',
    'dow',
    'day_of_year',
    'doy',
    'year_of_week',
    'yow',
    'hour',
    'minute',
    'second',
    'timezone_hour',
    'timezone_minute',
    'millisecond',
  ];
  for (const unit of units)
    for (const type of [...MOMENTS, ...INTERVALS])
      yield ['extract', `extract(${unit} FROM ${random.pick(pool(type))})`];
  for (const zone of [
    "'UTC'",
    "'Europe/Berlin'",
    "'+05:30'",
    "INTERVAL '2' HOUR",
    "INTERVAL '-08:30' HOUR TO MINUTE",
    "'x'",
    'NULL',
  ])
    for (const type of MOMENTS)
      for (let n = 0; n < 2; n++) yield ['zones', `${random.pick(pool(type))} AT TIME ZONE ${zone}`];
}
