import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ErganeError } from '@ergane/protocol';
import fc from 'fast-check';
import type { EngineParts } from '../src/engine.ts';
import { openSource, REAL_SOURCES } from './real-sources.ts';
import type { RealSource } from './real-sources.ts';
import { rowsOf } from './test-engine.ts';

/** Values at which sources differ: case, trailing spaces, accents, code points above 16 bits, microseconds, the ends of the types. */
const COLUMNS: Readonly<Record<string, readonly (string | null)[]>> = {
  big: ['0', '1', '-7', '9223372036854775807', '-9223372036854775808', null],
  small: ['1', '2', '3', '-1', null],
  text: ['', ' ', 'a', 'A', 'a ', 'ä', 'a\u0308', 'z', '\u{1F600}', '\uFFFD', "it's", '\\', '%a_', null],
  price: ['0.00', '1.50', '-2.25', '9999999999.99', '12.34', null],
  day: ['2024-02-29', '1999-12-31', '0001-01-01', '9999-12-31', null],
  at: [
    '2024-01-01 00:00:00.123456',
    '2024-01-01 00:00:00.123999',
    '1970-01-01 00:00:00',
    '2038-01-19 03:14:08.000001',
    null,
  ],
  ratio: ['0', '1.5', '-2.25', null],
};
const TYPES: Readonly<Record<RealSource, string>> = {
  postgresql:
    'id int primary key, big bigint, small smallint, text varchar(20), price numeric(12,2), day date, at timestamp, ratio float8',
  mysql:
    'id int primary key, big bigint, small smallint, text varchar(20) collate utf8mb4_general_ci, price decimal(12,2), day date, at datetime(6), ratio double',
  mariadb:
    'id int primary key, big bigint, small smallint, text varchar(20) collate utf8mb4_general_ci, price decimal(12,2), day date, at datetime(6), ratio double',
};

function literal(value: string | null, source: RealSource): string {
  if (value === null) return 'null';
  const quoted = value.replaceAll("'", "''");
  return `'${source === 'postgresql' ? quoted : quoted.replaceAll('\\', '\\\\')}'`;
}

const KEYS = ['big', 'small', 'text', 'price', 'day', 'at'];
const FILTERS = [
  'small > 1',
  "text = 'a'",
  "text <> 'A'",
  "text IN ('a ', 'ä', '\\')",
  "text >= 'b'",
  "text LIKE 'a%'",
  "text LIKE '%\\%a_%' ESCAPE '\\'",
  'price BETWEEN -1 AND 12.345',
  "day < DATE '2000-01-01'",
  "at >= TIMESTAMP '2024-01-01 00:00:00.123'",
  "text = 'a' AND text LIKE 'a%' AND text >= 'A'",
  'big IS NOT NULL',
  'ratio IS NULL',
  'NOT (small = 2 OR price IS NULL)',
  'big = small',
];
const AGGREGATES = [
  'count(*)',
  ...KEYS.map((key) => `count(${key})`),
  'count(ratio)',
  ...KEYS.map((key) => `count(DISTINCT ${key})`),
  ...KEYS.flatMap((key) => [`min(${key})`, `max(${key})`]),
  'sum(small)',
  'sum(big)',
  'sum(price)',
  'sum(DISTINCT small)',
  'avg(price)',
  'avg(small)',
  'sum(ratio)',
  'sum(price * (1 - price))',
  ...FILTERS.slice(0, 6).map((filter) => `count(*) FILTER (WHERE ${filter})`),
  ...FILTERS.slice(0, 3).map((filter) => `max(price) FILTER (WHERE ${filter})`),
];

const arbitraryRow = fc.record(
  Object.fromEntries(Object.entries(COLUMNS).map(([name, values]) => [name, fc.constantFrom(...values)])),
);
const some = (items: readonly string[], maxLength: number) => fc.subarray([...items], { maxLength });

/** A query whose answer depends on no order, as text; `t` stands for the table. */
const arbitraryQuery = fc
  .record({
    keys: some(KEYS, 2),
    aggregates: some(AGGREGATES, 3),
    filters: some(FILTERS, 2),
    from: fc.constantFrom('t', 't', '(SELECT * FROM t WHERE small IS NOT NULL) AS s'),
    having: fc.boolean(),
    top: fc.boolean(),
    shape: fc.constantFrom('group', 'group', 'distinct', 'join'),
  })
  .map(({ keys, aggregates, filters, from, having, top, shape }) => {
    const where = filters.length === 0 ? '' : ` WHERE ${filters.join(' AND ')}`;
    const order = top && keys.length > 0 ? ` ORDER BY ${keys.map((_key, index) => index + 1).join(', ')} LIMIT 3` : '';
    if (shape === 'distinct') {
      const list = keys.length === 0 ? ['text'] : keys;
      return `SELECT DISTINCT ${list.join(', ')} FROM ${from}${where}${order}`;
    }
    if (shape === 'join')
      return `SELECT a.text, count(*), sum(b.small) FROM t a ${having ? 'LEFT ' : ''}JOIN t b ON a.${keys[0] ?? 'small'} = b.${keys[0] ?? 'small'} GROUP BY a.text`;
    const list = [...keys, ...(aggregates.length === 0 ? ['count(*)'] : aggregates)];
    const group = keys.length === 0 ? '' : ` GROUP BY ${keys.join(', ')}`;
    return `SELECT ${list.join(', ')} FROM ${from}${where}${group}${having ? ' HAVING count(*) > 1' : ''}${order}`;
  });

async function outcome(parts: EngineParts, sql: string, schema: string): Promise<readonly string[]> {
  try {
    const rows = await rowsOf(parts, sql, { schema });
    const texts = rows.map((row) =>
      JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
    );
    return sql.includes(' ORDER BY ') ? texts : texts.sort();
  } catch (error) {
    if (error instanceof ErganeError && error.kind === 'user') return [error.code];
    throw error;
  }
}

const PUSHED: Readonly<Record<string, RegExp>> = {
  'SELECT count(*) FROM t': /COUNT\(\*\)[^]*rows: 1$/m,
  'SELECT small, avg(small), sum(price) FROM t WHERE text = $a$ GROUP BY small': /SUM\([^]*GROUP BY/,
  'SELECT DISTINCT day FROM t': /GROUP BY/,
  'SELECT count(*) FROM t a JOIN t b ON a.id = b.id LEFT JOIN t c ON c.day = a.day WHERE b.price > 1': /LEFT JOIN/,
  'SELECT count(*) FROM t WHERE id IN (SELECT small FROM t)': /EXISTS/,
  'SELECT small, count(*) FROM t GROUP BY small HAVING count(*) > 2': /pushed: c1 > 2/,
  'SELECT day, sum(small) FROM t GROUP BY day ORDER BY 2 DESC LIMIT 2': /limit: 2[^]*(limit|LIMIT) (\$1|\?)/,
  'WITH w AS (SELECT * FROM t WHERE small > 1) SELECT max(big) FROM w': /MAX\(/,
};
const KEPT: Readonly<Record<string, RegExp>> = {
  'SELECT sum(ratio) FROM t': /Aggregate stays in the engine, not given to c: a column of a type that is not exact/,
  'SELECT bitwise_or_agg(id) FROM t': /not given to c: the aggregate bit_or/,
  'SELECT small, count(*) FROM t GROUP BY ROLLUP (small)': /Aggregate by group/,
  'SELECT count(*) FROM t WHERE sqrt(id) > 2': /not given to c: /,
};

for (const source of REAL_SOURCES) {
  test(`${source}: what is given to the source, and why not`, async (context) => {
    await using opened = await openSource(context, source);
    if (opened === undefined) return;
    const { parts, schema, run } = opened;
    await run(`create table t (${TYPES[source]})`, `insert into t (id, small) values (1, 1), (2, 2), (3, 2)`);
    const explain = async (sql: string) =>
      (await rowsOf(parts, `EXPLAIN ANALYZE ${sql.replaceAll('$', "'")}`, { schema })).map(([line]) => String(line));
    for (const [sql, expected] of Object.entries(PUSHED)) {
      const text = (await explain(sql)).join('\n');
      assert.match(text, expected, sql);
      assert.match(text, /Scan c\.system\.query/);
      assert.doesNotMatch(text, /stays in the engine|- Aggregate/);
    }
    for (const [sql, expected] of Object.entries(KEPT)) {
      const text = (await explain(sql)).join('\n');
      assert.match(text, expected, sql);
      assert.doesNotMatch(text, /system\.query/);
    }
    const off = { ...parts, pushdown: { aggregates: false } };
    const plain = (await rowsOf(off, 'EXPLAIN SELECT count(*) FROM t', { schema })).join('\n');
    assert.doesNotMatch(plain, /system\.query|stays/);
  });

  test(`${source}: what the source computes is what the engine computes`, async (context) => {
    await using opened = await openSource(context, source);
    if (opened === undefined) return;
    const { parts, schema, run } = opened;
    const alone = { ...parts, pushdown: { ...parts.pushdown, aggregates: false } };
    const rows = fc.sample(arbitraryRow, 60).map((row, id) => {
      const values = Object.keys(COLUMNS).map((name) => literal(row[name] ?? null, source));
      return `(${[String(id), ...values].join(', ')})`;
    });
    await run(
      `create table t (${TYPES[source]})`,
      `insert into t (id, ${Object.keys(COLUMNS).join(', ')}) values ${rows.join(', ')}`,
    );
    await fc.assert(
      fc.asyncProperty(arbitraryQuery, async (sql) => {
        assert.deepEqual(await outcome(parts, sql, schema), await outcome(alone, sql, schema), sql);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 25) },
    );
  });
}
