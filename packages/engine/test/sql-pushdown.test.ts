import assert from 'node:assert/strict';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { after, before, suite, test } from 'node:test';
import { compileQuery, duckdbType, parseStatement, prepareDuckdb, type TrinoType } from '../src/sql/index.ts';

const COLUMNS: readonly { readonly name: string; readonly type: TrinoType }[] = [
  { name: 'a', type: { kind: 'bigint' } },
  { name: 'i', type: { kind: 'integer' } },
  { name: 'd', type: { kind: 'date' } },
  { name: 's', type: { kind: 'varchar' } },
  { name: 'p', type: { kind: 'decimal', precision: 12, scale: 2 } },
  { name: 'x', type: { kind: 'double' } },
  { name: 'ts', type: { kind: 'timestamp', precision: 3 } },
  { name: 'z', type: { kind: 'timestamp with time zone', precision: 3 } },
  { name: 'c', type: { kind: 'char', length: 5 } },
];
const MICROS = 1_577_836_800_000_000;
const PACKED = 1_577_836_800_000 * 4096;

/** Predicates, and the comparisons with constants that must stand on the scan of the plan. */
const PREDICATES: readonly (readonly [predicate: string, ...filters: readonly string[]])[] = [
  ['a = 5', 'EQUAL 5'],
  ['i = 5', 'EQUAL 5'],
  ["i = BIGINT '5'", 'EQUAL 5'],
  ['a BETWEEN 1 AND 10', 'GREATERTHANOREQUALTO 1', 'LESSTHANOREQUALTO 10'],
  ['a <> 5', 'NOTEQUAL 5'],
  ['NOT (a = 5)', 'NOTEQUAL 5'],
  ['a + 1 = 5', 'EQUAL 4'],
  [`s = 'abc'`, 'EQUAL "abc"'],
  [`s LIKE 'x%'`, 'GREATERTHANOREQUALTO "x"', 'LESSTHAN "y"'],
  [`c = 'x'`, 'EQUAL "x"'],
  [
    `d >= DATE '2020-01-01' AND d < DATE '2020-01-01' + INTERVAL '1' MONTH`,
    'GREATERTHANOREQUALTO 18262',
    'LESSTHAN 18293',
  ],
  [`d < DATE '1998-12-01' - INTERVAL '90' DAY`, 'LESSTHAN 10471'],
  [`d = date('2020-01-01')`, 'EQUAL 18262'],
  ['p < 24', 'LESSTHAN 2400'],
  ['p = 24.5', 'EQUAL 2450'],
  ['p BETWEEN 0.06 - 0.01 AND 0.06 + 0.01', 'GREATERTHANOREQUALTO 5', 'LESSTHANOREQUALTO 7'],
  ['x = 5.0', 'EQUAL 5'],
  ['x < 1.5e0', 'LESSTHAN 1.5'],
  ['x > 5', 'GREATERTHAN 5'],
  [`ts > TIMESTAMP '2020-01-01 00:00:00'`, `GREATERTHAN ${MICROS}`],
  [`ts >= DATE '2020-01-01'`, `GREATERTHANOREQUALTO ${MICROS}`],
  [`z = TIMESTAMP '2020-01-01 00:00:00 UTC'`, `GREATERTHANOREQUALTO ${PACKED}`, `LESSTHAN ${PACKED + 4096}`],
  [`z < TIMESTAMP '2020-01-01 01:00:00 Europe/Berlin'`, `LESSTHAN ${PACKED}`],
];

suite('plain predicates reach the plan as comparisons of the bare column', () => {
  let connection: DuckDBConnection;
  before(async () => {
    connection = await (await DuckDBInstance.create(':memory:')).connect();
    await prepareDuckdb(connection);
    await connection.run(
      `CREATE TABLE base (${COLUMNS.map(({ name, type }) => `${name} ${duckdbType(type)}`).join(', ')})`,
    );
    await connection.run(`SET disabled_optimizers = 'statistics_propagation,compressed_materialization'`);
  });
  after(() => connection.closeSync());

  for (const [predicate, ...expected] of PREDICATES) {
    test(predicate, async () => {
      const filters = await scanFilters(connection, predicate);
      for (const filter of expected)
        assert.ok(filters.includes(filter), `${filter} is not among ${filters.join(', ')}`);
    });
  }
});

async function scanFilters(connection: DuckDBConnection, predicate: string): Promise<string[]> {
  const statement = parseStatement(`SELECT a FROM t WHERE ${predicate}`);
  assert.equal(statement.kind, 'query');
  const resolver = {
    resolveTable: () =>
      Promise.resolve({ catalogName: 'c', schemaName: 's', tableName: 't', columns: COLUMNS, relation: 'base' }),
  };
  const { duckdbSql } = await compileQuery(statement.query, { resolver, session: {} });
  const quoted = duckdbSql.replaceAll("'", "''");
  const reader = await connection.runAndReadAll(`SELECT json_serialize_plan('${quoted}', optimize := true)`);
  const plan: unknown = JSON.parse(String(reader.getRows()[0]?.[0]));
  const found: string[] = [];
  collect(plan, found);
  return found;
}

function collect(node: unknown, found: string[]): void {
  if (typeof node !== 'object' || node === null) return;
  if (
    'filter_type' in node &&
    node.filter_type === 'CONSTANT_COMPARISON' &&
    'comparison_type' in node &&
    'constant' in node
  ) {
    const { constant } = node;
    const value: unknown =
      typeof constant === 'object' && constant !== null && 'value' in constant ? constant.value : undefined;
    found.push(`${String(node.comparison_type).replace('COMPARE_', '')} ${JSON.stringify(value)}`);
  }
  for (const each of Object.values(node)) collect(each, found);
}
