const ROWS = `(VALUES (1, 'a', 10, DATE '2024-01-01'), (2, 'a', 20, DATE '2024-01-02'), (3, 'a', 20, DATE '2024-01-05'), (4, 'b', NULL, DATE '2024-01-01'), (5, 'b', 5, DATE '2024-02-01'), (6, 'c', NULL, NULL)) t(id, g, v, d)`;
const WINDOWS = [
  'ORDER BY id',
  'PARTITION BY g ORDER BY id',
  'PARTITION BY g ORDER BY v DESC NULLS FIRST, id',
  'ORDER BY v, id',
];
const FRAMES = [
  'ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING',
  'ORDER BY v GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW',
  'ORDER BY v RANGE BETWEEN 5 PRECEDING AND 10 FOLLOWING',
  "ORDER BY d RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND CURRENT ROW",
  "PARTITION BY g ORDER BY d RANGE BETWEEN CURRENT ROW AND INTERVAL '1' MONTH FOLLOWING",
  'ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
  'ORDER BY id DESC ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING',
  'ORDER BY v NULLS FIRST RANGE UNBOUNDED PRECEDING',
];

/** Calls of window functions by their signature. */
const CALLS: readonly (readonly [signature: string, ...calls: readonly string[]])[] = [
  ['row_number()', 'row_number()'],
  ['rank()', 'rank()'],
  ['dense_rank()', 'dense_rank()'],
  ['percent_rank()', 'percent_rank()'],
  ['cume_dist()', 'cume_dist()'],
  ['ntile(bigint)', 'ntile(2)', 'ntile(4)', 'ntile(100)'],
  ['lag(t)', 'lag(v)', 'lag(g)', 'lag(v) IGNORE NULLS'],
  ['lag(t, bigint)', 'lag(v, 2)', 'lag(v, 0)', 'lag(v, 2) IGNORE NULLS', 'lag(v, -1)'],
  ['lag(t, bigint, t)', 'lag(v, 2, -1)', "lag(g, 1, 'none')", 'lag(v, 1, NULL)', 'lag(v, 1, 0.5)'],
  ['lead(t)', 'lead(v)', 'lead(g)', 'lead(v) IGNORE NULLS'],
  ['lead(t, bigint)', 'lead(v, 2)', 'lead(v, 0)', 'lead(v, 2) IGNORE NULLS'],
  ['lead(t, bigint, t)', 'lead(v, 2, -1)', "lead(g, 1, 'none')", 'lead(v, 3, NULL)'],
];
const FRAMED: readonly (readonly [signature: string, ...calls: readonly string[]])[] = [
  ['first_value(t)', 'first_value(v)', 'first_value(v) IGNORE NULLS', 'first_value(g)'],
  ['last_value(t)', 'last_value(v)', 'last_value(v) IGNORE NULLS'],
  ['nth_value(t, bigint)', 'nth_value(v, 2)', 'nth_value(v, 1) IGNORE NULLS', 'nth_value(g, 3)', 'nth_value(v, 0)'],
  ['sum(bigint)', 'sum(v)'],
  ['count(t)', 'count(v)'],
  ['array_agg(t)', 'array_agg(id)'],
  ['avg(double)', 'avg(CAST(v AS double))'],
  ['max(t)', 'max(v)'],
];

/** Window functions and framed aggregates over a few rows. */
export function* windowCases(): Generator<readonly [signature: string, sql: string]> {
  for (const [signature, ...calls] of CALLS)
    for (const call of calls)
      for (const window of WINDOWS) yield [signature, `SELECT id, ${call} OVER (${window}) FROM ${ROWS}`];
  for (const [signature, ...calls] of FRAMED)
    for (const call of calls)
      for (const window of [...WINDOWS, ...FRAMES])
        yield [signature, `SELECT id, ${call} OVER (${window}) FROM ${ROWS}`];
}

/** Aggregates that take lambdas or a clause of their own, and what is never the same twice. */
export const OTHER_CASES: readonly (readonly [signature: string, sql: string])[] = [
  ...['VALUES 1, 2, 3', 'VALUES 1, NULL, 5', 'SELECT 1 WHERE false'].flatMap((rows): [string, string][] => [
    [
      'reduce_agg(T, S, function(S,T,S), function(S,S,S))',
      `SELECT reduce_agg(x, 0, (a, b) -> a + b, (a, b) -> a + b) FROM (${rows}) t(x)`,
    ],
    [
      'reduce_agg(T, S, function(S,T,S), function(S,S,S))',
      `SELECT reduce_agg(x, 1, (a, b) -> a * b, (a, b) -> a * b) FROM (${rows}) t(x)`,
    ],
  ]),
  ...["VALUES 'a', 'b', NULL", "SELECT 'x' WHERE false", "VALUES 'b', 'a', 'b'"].flatMap((rows): [string, string][] =>
    [
      "listagg(x, ',') WITHIN GROUP (ORDER BY x)",
      'listagg(x) WITHIN GROUP (ORDER BY x DESC)',
      "listagg(DISTINCT x, '-') WITHIN GROUP (ORDER BY x)",
    ].map((call) => ['listagg(varchar, varchar, boolean, varchar, boolean)', `SELECT ${call} FROM (${rows}) t(x)`]),
  ),
  ...['random', 'rand'].flatMap((name): [string, string][] => [
    [`${name}()`, `SELECT typeof(${name}()), ${name}() BETWEEN 0 AND 1`],
    ...['tinyint', 'smallint', 'integer', 'bigint'].flatMap((type): [string, string][] => [
      [`${name}(${type})`, `SELECT typeof(${name}(CAST(5 AS ${type}))), ${name}(CAST(5 AS ${type})) BETWEEN 0 AND 4`],
      [`${name}(${type})`, `SELECT ${name}(CAST(0 AS ${type}))`],
      [
        `${name}(${type}, ${type})`,
        `SELECT typeof(${name}(CAST(5 AS ${type}), CAST(7 AS ${type}))), ${name}(CAST(5 AS ${type}), CAST(7 AS ${type})) BETWEEN 5 AND 6`,
      ],
      [`${name}(${type}, ${type})`, `SELECT ${name}(CAST(7 AS ${type}), CAST(5 AS ${type}))`],
    ]),
  ]),
  ['uuid()', 'SELECT typeof(uuid()), length(CAST(uuid() AS varchar)), uuid() = uuid()'],
  [
    'shuffle(array(e))',
    'SELECT array_sort(shuffle(ARRAY[3, 1, 2])), shuffle(ARRAY[]), shuffle(CAST(NULL AS array(integer)))',
  ],
  ['now()', 'SELECT typeof(now()), now() = current_timestamp'],
  ['current_date()', 'SELECT typeof(current_date), current_date = CAST(now() AS date)'],
  ['current_timezone()', 'SELECT current_timezone()'],
  ['current_groups()', 'SELECT current_groups()'],
  [
    'typeof(t)',
    "SELECT typeof(1), typeof(ARRAY['a']), typeof(ROW(1, 2.5)), typeof(NULL), typeof(CAST(NULL AS timestamp(9) with time zone))",
  ],
  ['concat(varchar)', "SELECT concat('a', 'b', 'c'), concat('a', NULL)"],
  ['concat(varbinary)', "SELECT concat(X'00', X'01', X'02')"],
  ['concat(array(E))', 'SELECT concat(ARRAY[1], ARRAY[2], ARRAY[3])'],
  ['concat_ws(varchar, varchar)', "SELECT concat_ws(',', 'a', NULL, 'b'), concat_ws(',')"],
  ['map_concat(map(K,V))', "SELECT map_concat(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['a', 'b'], ARRAY[2, 3]))"],
  ['greatest(E)', "SELECT greatest(1, 3, 2), greatest('a', 'b'), greatest(1.5, 2e0), greatest(nan(), 1e0)"],
  ['least(E)', "SELECT least(1, 3, 2), least('a', 'b'), least(1.5, 2e0), least(nan(), 1e0)"],
  [
    'contains(array(t), t)',
    'SELECT contains(ARRAY[1, 2], 2), contains(ARRAY[1, NULL], 2), contains(ARRAY[nan()], nan()), contains(ARRAY[], 1)',
  ],
  [
    'normalize(varchar(x), varchar(y))',
    "SELECT normalize('e\u0301', NFC), normalize('ﬁ', NFKC), normalize('Å', NFD), normalize(NULL)",
  ],
  [
    'regexp_extract_all(varchar(x), joniregexp, bigint)',
    "SELECT regexp_extract_all('1a 2b 14m', '(\\d+)([a-z]+)', 2), regexp_extract_all('x', '(a)', 1)",
  ],
  ['rgb(bigint, bigint, bigint)', "SELECT render('x', rgb(1, 2, 3)), render('x', rgb(255, 0, 128))"],
  [
    'color(double, color, color)',
    "SELECT render('x', color(0.5, rgb(0, 0, 0), rgb(255, 255, 255))), render('x', color(2, rgb(0, 10, 200), rgb(9, 255, 255)))",
  ],
  [
    'color(double, double, double, color, color)',
    "SELECT render('x', color(5, 0, 10, rgb(0, 0, 0), rgb(255, 0, 255))), render('x', color(1, 0, 3, rgb(250, 1, 9), rgb(0, 200, 7)))",
  ],
  ['split_to_map(varchar, varchar, varchar)', "SELECT split_to_map('a=1,b=2', ',', '='), split_to_map('', ',', '=')"],
  [
    'wilson_interval_upper(bigint, bigint, double)',
    'SELECT wilson_interval_upper(1250, 1310, 1.96e0), wilson_interval_upper(0, 10, 0e0)',
  ],
  [
    'merge(qdigest(v))',
    'SELECT value_at_quantile(merge(d), 0.5) FROM (SELECT qdigest_agg(x) d FROM (VALUES (1, 1), (1, 2), (2, 7), (2, 9)) t(g, x) GROUP BY g)',
  ],
  [
    'merge(tdigest)',
    'SELECT value_at_quantile(merge(d), 0.5) FROM (SELECT tdigest_agg(x) d FROM (VALUES (1, 1e0), (1, 2e0), (2, 7e0), (2, 9e0)) t(g, x) GROUP BY g)',
  ],
  [
    'merge(hyperloglog)',
    'SELECT cardinality(merge(d)) FROM (SELECT approx_set(x) d FROM (VALUES (1, 1), (1, 2), (2, 1), (2, 9)) t(g, x) GROUP BY g)',
  ],
  [
    'merge_set_digest(setdigest)',
    'SELECT cardinality(merge_set_digest(d)) FROM (SELECT make_set_digest(x) d FROM (VALUES (1, 1), (1, 2), (2, 1), (2, 9)) t(g, x) GROUP BY g)',
  ],
  [
    'bing_tiles_around(double, double, integer)',
    'SELECT transform(bing_tiles_around(30.12e0, 60e0, 1), t -> bing_tile_quadkey(t)), transform(bing_tiles_around(1e0, -180e0, 3), t -> bing_tile_quadkey(t))',
  ],
  ['map()', 'SELECT map(), cardinality(map())'],
  [
    'regexp_replace(varchar, joniregexp, function(array(varchar),varchar(x)))',
    "SELECT regexp_replace('new york', '(\\w)(\\w*)', x -> upper(x[1]) || lower(x[2]))",
  ],
  ['sequence(bigint, bigint, bigint)', 'SELECT * FROM TABLE(sequence(start => 1, stop => 9, step => 4))'],
  [
    'exclude_columns(unknown, unknown)',
    'SELECT * FROM TABLE(exclude_columns(input => TABLE(tpch.tiny.region), columns => DESCRIPTOR(comment)))',
  ],
];
