const Z = "TIMESTAMP '2024-03-31 03:00:00 Europe/Berlin'";

/** What every source is asked; `t` is the table of `values.ts`. */
const EVERYWHERE = [
  'SELECT * FROM t',
  'SELECT count(id) FROM t LIMIT 1',
  'SELECT id FROM t WHERE i = 7 AND b > -5',
  'SELECT i FROM t WHERE i IN (0, 1, NULL) OR i IS NULL',
  "SELECT id FROM t WHERE s LIKE 'a%' AND d BETWEEN -0.5 AND 1.5",
  "SELECT id, s FROM t WHERE ts >= TIMESTAMP '2024-01-01 00:00:00.1235' AND day < DATE '2000-01-01' LIMIT 3",
  'SELECT id FROM t WHERE i % 2 = 1 AND i > 0 LIMIT 5',
  'SELECT a.id FROM t a JOIN t b ON a.i = b.b WHERE b.d = 1.5',
] as const;

const SQL = [
  "SELECT id FROM t WHERE s = 'a' LIMIT 2",
  "SELECT id FROM t WHERE s <> 'A' AND si >= 'b'",
  "SELECT id FROM t WHERE s LIKE '%b' OR c = 'ab'",
  "SELECT id FROM t WHERE NOT (s LIKE 'a_b' OR i = 1)",
  'SELECT id FROM t WHERE x > 1.5e0 AND r = 0e0',
  "SELECT id FROM t WHERE v IN (X'00', X'275c22') AND f",
  'SELECT id, b FROM t ORDER BY b DESC, id LIMIT 4',
  'SELECT id FROM t WHERE i > 0 ORDER BY s NULLS FIRST OFFSET 2 LIMIT 4',
  'SELECT id FROM t ORDER BY i + 1 LIMIT 4',
  'SELECT id FROM t WHERE i IN (SELECT * FROM (VALUES 1, 7))',
  'SELECT max(id) FROM t WHERE i = b',
] as const;

/** The statements whose EXPLAIN is kept in `golden/`, by source. */
export const EXPLAINED = {
  postgresql: [
    ...EVERYWHERE,
    ...SQL,
    `SELECT id FROM t WHERE z = ${Z}`,
    `SELECT id FROM t WHERE z <> ${Z} AND z < DATE '2030-01-01' LIMIT 2`,
    "SELECT id FROM t WHERE n = '1.5' OR x IS DISTINCT FROM 0",
  ],
  mysql: [...EVERYWHERE, ...SQL, "SELECT id FROM t WHERE e IN ('a', 'A') AND z >= TIMESTAMP '2024-01-01 00:00:00.123'"],
  dynamodb: [
    ...EVERYWHERE,
    "SELECT id FROM t WHERE g = 'a' AND id BETWEEN 3 AND 5 LIMIT 2",
    "SELECT id FROM t WHERE g IN ('a', 'A') AND id > 7",
    "SELECT id FROM t WHERE s = 'ab' AND d >= 1.5",
    "SELECT id FROM t WHERE v = X'00' AND f = false AND x < 2",
    'SELECT id FROM t WHERE s IS NULL AND day IS NOT NULL',
    "SELECT id FROM t WHERE g = 'a' ORDER BY id DESC LIMIT 2",
  ],
  's3 parquet': [
    ...EVERYWHERE,
    "SELECT id FROM t WHERE p = 'a' AND i = 7",
    "SELECT id FROM t WHERE p > 'a' OR p IS NULL",
    "SELECT id FROM t WHERE p IN (SELECT * FROM (VALUES 'A', 'ä'))",
  ],
} as const;
