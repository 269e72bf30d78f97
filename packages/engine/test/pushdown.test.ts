import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Capabilities, Value } from '@ergane/protocol';
import {
  Binary,
  Bool,
  Date_,
  DateUnit,
  Decimal,
  Float32,
  Float64,
  Int32,
  Int64,
  Timestamp,
  TimeUnit,
  Utf8,
} from 'apache-arrow';
import fc from 'fast-check';
import { makeFakeSource, tableOf } from './fake-source.ts';
import { makeTestParts, makeTestPlace, rowsOf } from './test-engine.ts';

const COLUMNS = {
  i: new Int32(),
  b: new Int64(),
  d: new Decimal(2, 12, 128),
  s: new Utf8(),
  f: new Bool(),
  day: new Date_(DateUnit.DAY),
  ts: new Date_(DateUnit.MILLISECOND),
  x: new Float64(),
  r: new Float32(),
  z: new Timestamp(TimeUnit.MILLISECOND, 'UTC'),
  v: new Binary(),
};
const DOUBLES = [0, -0, 1.5, Number.NaN, Infinity, -Infinity, null, 1e300, 5e-324];
const FLOATS = [0, -0, 1.5, Number.NaN, Infinity, -Infinity, null, Math.fround(0.1)];
/** UTC, -14:00, +05:30, Europe/Berlin */
const ZONE_KEYS = [0n, 1n, 1170n, 1955n];
const BYTES = [[], [0], [39, 92, 34], [255], [128, 1], [97]].map((bytes) => Uint8Array.from(bytes));
const TEXTS = ['', 'a', 'A', 'ab', 'abc', 'b', 'é', 'z', '%', '😀', '\uffee', null];

/** Every combination of few values, NULL among them: small domains make predicates meet. */
const ROWS: readonly (readonly (Value | null)[])[] = Array.from({ length: 400 }, (_, n) => [
  n % 11 === 0 ? null : (n % 7) - 3,
  n % 13 === 0 ? null : BigInt((n % 5) - 2),
  n % 9 === 0 ? null : BigInt((n % 6) * 50),
  TEXTS[n % TEXTS.length] ?? null,
  n % 3 === 0 ? null : n % 2 === 0,
  n % 8 === 0 ? null : 18_000 + (n % 4),
  n % 10 === 0 ? null : 1_600_000_000_000n + BigInt(n % 4) * 500n,
  DOUBLES[n % DOUBLES.length] ?? null,
  FLOATS[(n * 3) % FLOATS.length] ?? null,
  n % 12 === 0 ? null : ((1_600_000_000_000n + BigInt(n % 3)) << 12n) | (ZONE_KEYS[n % 4] ?? 0n),
  n % 14 === 0 ? null : (BYTES[n % BYTES.length] ?? null),
]);

const operator = fc.constantFrom('=', '<>', '<', '<=', '>', '>=', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM');
const literals: Readonly<Record<keyof typeof COLUMNS, fc.Arbitrary<string>>> = {
  i: fc.integer({ min: -4, max: 4 }).map(String),
  b: fc.integer({ min: -3, max: 3 }).map((n) => `BIGINT '${n}'`),
  d: fc.constantFrom('0.50', '1', '2.5', '1.005', "DECIMAL '2.00'"),
  s: fc.constantFrom("''", "'a'", "'ab'", "'b'", "'é'", "'😀'", "'\uffee'"),
  f: fc.constantFrom('true', 'false'),
  day: fc.integer({ min: 14, max: 19 }).map((day) => `DATE '2019-04-${day}'`),
  ts: fc
    .constantFrom('00.000', '00.500', '01.000', '00.0004', '00.0005')
    .map((second) => `TIMESTAMP '2020-09-13 12:26:4${second.slice(1)}'`),
  x: fc.constantFrom('0e0', '-0e0', '1.5', '0', 'infinity()', '-infinity()', 'nan()', '1e300', "REAL '1.5'"),
  r: fc.constantFrom('0e0', "REAL '-0'", '1.5', '0', "REAL '0.1'", '1e-1', '0.1', 'infinity()', 'CAST(nan() AS real)'),
  z: fc.constantFrom(
    "TIMESTAMP '2020-09-13 12:26:40.000 UTC'",
    "TIMESTAMP '2020-09-13 14:26:40.001 Europe/Berlin'",
    "TIMESTAMP '2020-09-12 22:26:40.001 -14:00'",
    "TIMESTAMP '2020-09-13 12:26:40.002 UTC'",
    "TIMESTAMP '2020-09-13 12:26:40.0015 UTC'",
    "TIMESTAMP '2020-09-13 12:26:40.001'",
    "DATE '2020-09-13'",
  ),
  v: fc.constantFrom("X''", "X'00'", "X'275c22'", "X'ff'", "X'8001'", "X'61'"),
};
const column = fc.constantFrom('i', 'b', 'd', 's', 'f', 'day', 'ts', 'x', 'r', 'z', 'v');
const literalOf = (name: keyof typeof COLUMNS): fc.Arbitrary<string> => literals[name];

const simple: fc.Arbitrary<string> = fc.oneof(
  column.chain((name) => fc.tuple(operator, literalOf(name)).map(([sign, literal]) => `${name} ${sign} ${literal}`)),
  column.chain((name) =>
    fc
      .tuple(operator, literalOf(name))
      .map(([sign, literal]) => (sign.startsWith('IS') ? `${name} = ${literal}` : `${literal} ${sign} ${name}`)),
  ),
  column.chain((name) =>
    fc.array(literalOf(name), { minLength: 1, maxLength: 4 }).map((list) => `${name} IN (${list.join(', ')})`),
  ),
  column.chain((name) =>
    fc.array(literalOf(name), { minLength: 1, maxLength: 3 }).map((list) => `${name} NOT IN (${list.join(', ')})`),
  ),
  column.chain((name) =>
    fc.tuple(literalOf(name), literalOf(name)).map(([low, high]) => `${name} BETWEEN ${low} AND ${high}`),
  ),
  column.map((name) => `${name} IS NULL`),
  column.map((name) => `${name} IS NOT NULL`),
  fc.constantFrom(
    "s LIKE 'a%'",
    "s LIKE '%b%'",
    "s LIKE '_'",
    "s LIKE '%c'",
    'f',
    'i = b',
    'i + 1 > b',
    'd * 2 = 2',
    'i IN (1, NULL)',
    'length(s) = 1',
    "s NOT LIKE 'a%'",
    'x = r',
    'is_nan(x)',
    'x > r',
    "CAST(z AS date) = DATE '2020-09-13'",
    "at_timezone(z, 'Asia/Tokyo') > TIMESTAMP '2020-09-13 12:26:40.001 UTC'",
    'z IS DISTINCT FROM CAST(ts AS timestamp with time zone)',
    'year(z) = 2020',
    "from_hex('ff') < v",
  ),
);
const { predicate } = fc.letrec<{ predicate: string }>((tie) => ({
  predicate: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    simple,
    fc.tuple(tie('predicate'), tie('predicate')).map(([a, b]) => `(${a} AND ${b})`),
    fc.tuple(tie('predicate'), tie('predicate')).map(([a, b]) => `(${a} OR ${b})`),
    tie('predicate').map((a) => `NOT (${a})`),
  ),
}));

const ALL: Capabilities = {
  supports_filter_pushdown: [{ subType: 'sorted_range_set', properties: [] }],
  supports_limit_pushdown: [{ subType: 'integer_constant', properties: [] }],
};

test('random predicates give the same rows with and without pushdown', async () => {
  await using place = await makeTestPlace();
  const tables = { t: tableOf(COLUMNS, ROWS, 3) };
  const pushing = makeFakeSource({ store: place.store, tables, filters: true, capabilities: ALL });
  await using withPushdown = makeTestParts(place, pushing);
  await using without = makeTestParts(place, makeFakeSource({ store: place.store, tables }));
  let left = 0;
  await fc.assert(
    fc.asyncProperty(predicate, async (where) => {
      const sql = `SELECT i, b, d, s, f, day, ts, x, r, z, v FROM t WHERE ${where} ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11`;
      pushing.rowsRead = 0;
      const expected = await rowsOf(without, sql);
      assert.deepEqual(await rowsOf(withPushdown, sql), expected);
      left += ROWS.length - pushing.rowsRead;
    }),
    { numRuns: 120 },
  );
  assert.ok(left > 0, 'nothing was ever left out at the source');
});

test('random joins give the same rows with dynamic filters and without', async () => {
  await using place = await makeTestPlace();
  const few = ROWS.filter((_, n) => n % 40 === 3);
  const tables = { t: tableOf(COLUMNS, ROWS, 2), u: tableOf(COLUMNS, few) };
  const pushing = makeFakeSource({ store: place.store, tables, filters: true });
  await using withFilters = makeTestParts(place, pushing);
  await using without = makeTestParts(place, makeFakeSource({ store: place.store, tables }));
  const kind = fc.constantFrom('JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN');
  const key = fc.constantFrom(
    't.i = u.i',
    't.b = u.i',
    't.i = u.b',
    't.s = u.s',
    't.day = u.day',
    't.ts = u.ts',
    't.d = u.d',
    't.d = u.i',
    't.i = u.i AND t.s = u.s',
  );
  const statement = fc.oneof(
    fc
      .tuple(kind, key)
      .map(([join, on]) => `SELECT count(*), sum(t.i), sum(u.b), min(t.s), max(u.day) FROM t ${join} u ON ${on}`),
    fc
      .tuple(kind, key)
      .map(([join, on]) => `SELECT count(*), sum(t.i), sum(u.b), min(t.s), max(u.day) FROM u ${join} t ON ${on}`),
    fc
      .constantFrom('i', 'b', 's', 'day')
      .map((name) => `SELECT count(*), sum(i) FROM t WHERE ${name} IN (SELECT ${name} FROM u)`),
    fc
      .constantFrom('i', 'b', 's', 'day')
      .map((name) => `SELECT count(*), sum(i) FROM t WHERE ${name} NOT IN (SELECT ${name} FROM u)`),
    fc
      .constantFrom('i', 'b', 's', 'day')
      .map((name) => `SELECT count(*), sum(i) FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.${name} = t.${name})`),
    fc
      .constantFrom('i', 'b', 's')
      .map(
        (name) =>
          `SELECT count(*), sum(n) FROM (SELECT ${name} AS k, count(*) AS n FROM t GROUP BY ${name}) g JOIN u ON g.k = u.${name}`,
      ),
    fc
      .constantFrom('i', 'b', 's')
      .map((name) => `SELECT count(*), sum(t.i) FROM t JOIN u ON t.${name} = u.${name} JOIN u v ON u.d = v.d`),
    fc
      .constantFrom('i', 'b')
      .map(
        (name) =>
          `WITH w AS (SELECT * FROM t WHERE i > 0) SELECT count(*) FROM w JOIN u ON w.${name} = u.${name} JOIN w x ON x.${name} = u.${name}`,
      ),
    fc.constantFrom(
      'SELECT count(*) FROM (SELECT i FROM t ORDER BY i LIMIT 50) x JOIN u ON x.i = u.i',
      'SELECT count(*), sum(b) FROM t WHERE i = (SELECT max(i) FROM u)',
      'SELECT count(*), sum(b) FROM t WHERE s IN (SELECT min(s) FROM u GROUP BY day)',
      'SELECT count(*), sum(b) FROM t WHERE i IN (SELECT i FROM u UNION ALL SELECT CAST(b AS integer) FROM u)',
      'SELECT count(*), sum(b) FROM t WHERE i IN (SELECT i FROM u UNION SELECT * FROM (VALUES 1, NULL))',
      'SELECT count(*), sum(b) FROM t WHERE i IN (SELECT i FROM u EXCEPT SELECT * FROM (VALUES 1))',
      'SELECT count(*), sum(b) FROM t WHERE i IN (SELECT i FROM u INTERSECT SELECT i FROM t WHERE b > 0)',
      "SELECT count(*), sum(b) FROM t JOIN (VALUES (1, DECIMAL '1.50'), (2, NULL)) v(k, d) ON t.i = v.k",
      "SELECT count(*), sum(b) FROM t JOIN (VALUES DECIMAL '1.50', NULL) v(k) ON t.d = v.k",
      'SELECT count(*), sum(b) FROM t LEFT JOIN (VALUES 1, 2) v(k) ON t.i = v.k',
      "SELECT count(*), sum(b) FROM t WHERE ts IN (SELECT * FROM (VALUES TIMESTAMP '2020-09-13 12:26:40.500', NULL))",
      'SELECT count(*), sum(b) FROM t JOIN UNNEST(ARRAY[1, NULL, 3]) v(k) ON t.b = v.k',
      'SELECT count(*), sum(t.b) FROM t JOIN UNNEST(ARRAY[1, NULL, 3]) v(k) ON t.b = v.k JOIN u ON u.i = v.k',
      'SELECT count(*), sum(b) FROM t WHERE EXISTS (SELECT 1 FROM u WHERE CAST(u.i AS bigint) = t.b)',
      'SELECT count(*), sum(b) FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.i = t.b AND u.s > t.s)',
      'SELECT count(*), sum(b) FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.i = t.b)',
      'SELECT count(*), sum(b), sum(n) FROM t JOIN (SELECT s, i, row_number() OVER (ORDER BY s, i) AS n FROM u) w ON w.i = t.b',
      'SELECT count(*), sum(n) FROM (SELECT s, i, count(*) OVER (PARTITION BY s) AS n FROM t) w JOIN u ON w.s = u.s',
      'SELECT count(*), sum(n) FROM (SELECT s, count(*) AS n FROM t GROUP BY GROUPING SETS ((s), ())) w JOIN u ON w.s = u.s',
      'SELECT count(*), sum(t.b) FROM t CROSS JOIN u JOIN u v ON v.i = t.i AND v.s = u.s',
    ),
  );
  await fc.assert(
    fc.asyncProperty(statement, async (sql) => {
      assert.deepEqual(await rowsOf(withFilters, sql), await rowsOf(without, sql));
    }),
    { numRuns: 100 },
  );
});

test('ten rows of one source join with their partners in another, and nothing else is read', async () => {
  await using place = await makeTestPlace();
  const large = tableOf(
    { k: new Int64(), v: new Utf8() },
    Array.from({ length: 20_000 }, (_, n) => [BigInt(n), `v${n}`]),
    4,
  );
  const small = tableOf(
    { id: new Int32(), v: new Utf8() },
    Array.from({ length: 10 }, (_, n) => [n * 100, `w${n}`]),
  );
  const source = makeFakeSource({ store: place.store, tables: { large, small }, filters: true });
  await using parts = makeTestParts(place, source);
  for (const from of ['large JOIN small ON large.k = small.id', 'small JOIN large ON large.k = small.id']) {
    source.rowsRead = 0;
    assert.deepEqual(await rowsOf(parts, `SELECT count(*), max(large.v) FROM ${from}`), [[10n, 'v900']]);
    assert.equal(source.rowsRead, 20);
  }
  source.rowsRead = 0;
  assert.deepEqual(await rowsOf(parts, `SELECT count(*) FROM large WHERE k IN (SELECT id FROM small WHERE v = 'w3')`), [
    [1n],
  ]);
  assert.equal(source.rowsRead, 2);
  source.rowsRead = 0;
  source.requests.length = 0;
  assert.deepEqual(
    await rowsOf(parts, `SELECT count(*) FROM large JOIN small ON large.k = small.id WHERE small.v = 'none'`),
    [[0n]],
  );
  assert.equal(source.rowsRead, 0);
  assert.equal(source.requests.filter(({ type }) => type === 'GetTableLayoutRequest').length, 1);
});

test('what a connector did not declare is not asked of it', async () => {
  await using place = await makeTestPlace();
  const tables = { t: tableOf(COLUMNS, ROWS) };
  const limits = async (capabilities: Capabilities, sql: string): Promise<(readonly [number, number, number])[]> => {
    const source = makeFakeSource({ store: place.store, tables, capabilities });
    await using parts = makeTestParts(place, source);
    await rowsOf(parts, sql);
    return source.requests.flatMap((request) =>
      request.type === 'ReadRecordsRequest'
        ? [
            [
              request.constraints.limit,
              request.constraints.orderByClause.length,
              request.constraints.expression.length,
            ] as const,
          ]
        : [],
    );
  };
  const topN = { supports_top_n_pushdown: [{ subType: 'SUPPORTS_ORDER_BY', properties: [] }] };
  const functions = {
    supports_complex_expression_pushdown: [
      { subType: 'supported_function_expression_types', properties: ['$equal', '$add'] },
    ],
  };
  assert.deepEqual(await limits({}, 'SELECT i FROM t LIMIT 5'), [[-1, 0, 0]]);
  assert.deepEqual(await limits(ALL, 'SELECT i FROM t LIMIT 5 '), [[5, 0, 0]]);
  assert.deepEqual(await limits(ALL, 'SELECT i FROM t WHERE b = 1 LIMIT 5'), [[5, 0, 0]]);
  assert.deepEqual(await limits(ALL, 'SELECT i FROM t WHERE i + 1 = b LIMIT 5'), [[-1, 0, 0]]);
  assert.deepEqual(await limits(ALL, 'SELECT i FROM t ORDER BY i LIMIT 5'), [[-1, 0, 0]]);
  assert.deepEqual(await limits(topN, 'SELECT i FROM t ORDER BY i DESC, s OFFSET 2 LIMIT 5'), [[7, 2, 0]]);
  assert.deepEqual(await limits(functions, 'SELECT s FROM t WHERE i + 1 = 2 * b'), [[-1, 0, 0]]);
  assert.deepEqual(await limits(functions, 'SELECT s FROM t WHERE i = i + i'), [[-1, 0, 1]]);
});
