import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import type { Capabilities } from '@ergane/protocol';
import { Bool, Date_, DateUnit, Decimal, Int32, Int64, Utf8 } from 'apache-arrow';
import { makeFakeSource, tableOf } from './fake-source.ts';
import { makeTestParts, makeTestPlace, rowsOf } from './test-engine.ts';

/** `node … --test explain.test.ts` with UPDATE=true writes the expected texts anew; read the difference. */
const UPDATE = process.env['UPDATE'] === 'true';
const GOLDEN = new URL('./fixtures/explain/', import.meta.url);

const CAPABLE: Capabilities = {
  supports_filter_pushdown: [{ subType: 'sorted_range_set', properties: [] }],
  supports_limit_pushdown: [{ subType: 'integer_constant', properties: [] }],
  supports_top_n_pushdown: [{ subType: 'SUPPORTS_ORDER_BY', properties: [] }],
  supports_complex_expression_pushdown: [
    {
      subType: 'supported_function_expression_types',
      properties: ['$like_pattern', '$equal', '$add', '$or', '$not', '$is_null'],
    },
  ],
};

const ORDERS = tableOf(
  {
    id: new Int64(),
    customer: new Int32(),
    price: new Decimal(2, 12, 128),
    day: new Date_(DateUnit.DAY),
    open: new Bool(),
  },
  Array.from({ length: 1000 }, (_, n) => [BigInt(n), n % 50, BigInt(n * 10), 18_000 + (n % 365), n % 2 === 0]),
  6,
);
const CUSTOMERS = tableOf(
  { id: new Int32(), name: new Utf8(), country: new Utf8() },
  Array.from({ length: 50 }, (_, n) => [n, `customer ${n}`, n % 2 === 0 ? 'DE' : 'NL']),
);

const STATEMENTS: Readonly<Record<string, string>> = {
  'projection and ranges': `EXPLAIN SELECT id, price FROM orders WHERE price >= 10 AND price < 20.5 AND day IN (DATE '2019-04-20', DATE '2019-05-01') AND open`,
  'what stays with the engine': `EXPLAIN SELECT id FROM orders WHERE id % 7 = 3 AND customer <> 4`,
  'expressions that the connector declared': `EXPLAIN SELECT id FROM customers WHERE name LIKE '%mer 1%' AND (country = 'DE' OR name IS NULL)`,
  'top n': `EXPLAIN SELECT id FROM orders WHERE customer = 5 ORDER BY price DESC, id LIMIT 3`,
  limit: `EXPLAIN SELECT id FROM orders LIMIT 3`,
  'join with dynamic filter': `EXPLAIN SELECT c.name, sum(o.price) FROM orders o JOIN customers c ON o.customer = c.id WHERE c.country = 'NL' GROUP BY c.name`,
  contradiction: `EXPLAIN SELECT id FROM orders WHERE id > 5 AND id < 3`,
  'no table': `EXPLAIN SELECT 1 + 1`,
  analyze: `EXPLAIN ANALYZE SELECT c.name, sum(o.price) FROM orders o JOIN customers c ON o.customer = c.id WHERE c.id IN (3, 4) GROUP BY c.name`,
};

/** Times differ from run to run. */
const steady = (line: string): string => line.replace(/\d+ ms/g, '# ms');

suite('EXPLAIN', () => {
  for (const [name, sql] of Object.entries(STATEMENTS))
    test(name, async () => {
      await using place = await makeTestPlace();
      const source = makeFakeSource({
        store: place.store,
        tables: { orders: ORDERS, customers: CUSTOMERS },
        capabilities: CAPABLE,
        filters: true,
      });
      await using parts = makeTestParts(place, source);
      const rows = await rowsOf(parts, sql);
      const text = `${sql}\n\n${rows.map(([line]) => steady(String(line))).join('\n')}\n`;
      const file = new URL(`${name.replaceAll(' ', '-')}.txt`, GOLDEN);
      if (UPDATE) await writeFile(file, text);
      assert.equal(text, await readFile(file, 'utf8'));
    });
});
