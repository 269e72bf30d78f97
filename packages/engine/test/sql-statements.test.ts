import assert from 'node:assert/strict';
import { ErganeError } from '@ergane/protocol';
import { suite, test } from 'node:test';
import { compileQuery, parseStatement, type TrinoType } from '../src/sql/index.ts';

const TABLE: readonly { readonly name: string; readonly type: TrinoType }[] = [
  { name: 'orderkey', type: { kind: 'bigint' } },
  { name: 'status', type: { kind: 'varchar' } },
];

async function compile(sql: string) {
  const statement = parseStatement(sql);
  assert.equal(statement.kind, 'query');
  const resolver = {
    resolveTable: ({ table }: { readonly table: string }) =>
      table === 'orders'
        ? Promise.resolve({
            catalogName: 'c',
            schemaName: 's',
            tableName: 'orders',
            columns: TABLE,
            relation: 'orders',
          })
        : Promise.reject(new ErganeError('TABLE_NOT_FOUND', `Table '${table}' does not exist`)),
  };
  return compileQuery(statement.query, { resolver, session: {} });
}

suite('statements as plain data', () => {
  const cases: readonly (readonly [sql: string, statement: object])[] = [
    ['SHOW CATALOGS', { kind: 'show catalogs' }],
    ['show databases', { kind: 'show schemas' }],
    [`SHOW SCHEMAS FROM hive LIKE 'a%'`, { kind: 'show schemas', catalog: 'hive', like: 'a%' }],
    ['SHOW TABLES IN shop', { kind: 'show tables', schema: 'shop' }],
    [`SHOW TABLES 'or*'`, { kind: 'show tables', like: 'or*', hive: true }],
    [`SHOW TABLES FROM c.s LIKE 'x%'`, { kind: 'show tables', catalog: 'c', schema: 's', like: 'x%' }],
    ['SHOW COLUMNS IN "s"."T"', { kind: 'show columns', table: { schema: 's', table: 't' } }],
    ['DESCRIBE `s`.`t`;', { kind: 'describe', table: { schema: 's', table: 't' }, style: 'plain' }],
    ['desc t', { kind: 'describe', table: { table: 't' }, style: 'plain' }],
    ['USE c.s', { kind: 'use', catalog: 'c', schema: 's' }],
    ['-- a comment\nDROP TABLE t', { kind: 'ddl', text: '-- a comment\nDROP TABLE t' }],
  ];
  for (const [sql, expected] of cases) test(sql, () => assert.deepEqual(parseStatement(sql), expected));

  test('EXPLAIN holds its statement', () => {
    const statement = parseStatement('EXPLAIN ANALYZE SELECT 1');
    assert.equal(statement.kind, 'explain');
    assert.equal(statement.analyze, true);
    assert.equal(statement.statement.kind, 'query');
    const json = parseStatement('EXPLAIN (FORMAT JSON, TYPE LOGICAL) SELECT 1');
    assert.ok(json.kind === 'explain' && json.format === 'json' && json.type === 'logical');
  });
});

suite('errors say what, where and what to do', () => {
  const cases: readonly (readonly [sql: string, code: string, message: RegExp])[] = [
    ['SELECT x FROM orders', 'COLUMN_NOT_FOUND', /^line 1:8: Column 'x' cannot be resolved/],
    ['SELECT orderkye FROM orders', 'COLUMN_NOT_FOUND', /Did you mean 'orderkey'/],
    ['SELECT nonsense(1)', 'FUNCTION_NOT_FOUND', /^line 1:8: Function 'nonsense' not registered/],
    ['SELECT list_sum(ARRAY[1])', 'FUNCTION_NOT_FOUND', /list_sum/],
    ["SELECT read_csv('/etc/passwd')", 'FUNCTION_NOT_FOUND', /read_csv/],
    [`SELECT 1 = 'a'`, 'TYPE_MISMATCH', /^line 1:10: Cannot apply operator: integer = varchar\(1\)/],
    ['SELECT 1 +', 'SYNTAX_ERROR', /^line 1:11:/],
    ['SELECT status, count(*) FROM orders', 'EXPRESSION_NOT_AGGREGATE', /^line 1:8: 'status' must be an aggregate/],
    ['SELECT 1 FROM missing', 'TABLE_NOT_FOUND', /missing/],
    ['SELECT orderkey FROM orders a, orders b', 'AMBIGUOUS_NAME', /'orderkey' is ambiguous/],
    ['SELECT sum(sum(orderkey)) FROM orders', 'NESTED_AGGREGATION', /Cannot nest/],
    ['SELECT rank() FROM orders', 'MISSING_OVER', /OVER/],
    ['SELECT CAST(1 AS nonsense)', 'TYPE_MISMATCH', /^line 1:8: Unknown type: nonsense/],
    ['SELECT 1; SELECT 2', 'SYNTAX_ERROR', /mismatched input/],
    ["SELECT 'abc", 'SYNTAX_ERROR', /line 1:8/],
  ];
  for (const [sql, code, message] of cases) {
    test(sql, async () => {
      await assert.rejects(
        async () => compile(sql),
        (error) => error instanceof ErganeError && error.code === code && message.test(error.message),
      );
    });
  }

  test('a NUL byte, too long a statement and 10,000 parentheses are refused', () => {
    const isSyntaxError = (error: unknown) => error instanceof ErganeError && error.code === 'SYNTAX_ERROR';
    assert.throws(() => parseStatement('SELECT \0'), isSyntaxError);
    assert.throws(() => parseStatement(`SELECT '${'x'.repeat(262_144)}'`), isSyntaxError);
    assert.throws(() => parseStatement(`SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)}`), isSyntaxError);
  });
});

test('each place that names a table is resolved for itself', async () => {
  const asked: string[] = [];
  const statement = parseStatement('WITH o AS (SELECT * FROM orders) SELECT * FROM o, orders a, S.Orders b');
  assert.equal(statement.kind, 'query');
  const resolver = {
    resolveTable: ({ schema = '', table }: { readonly schema?: string; readonly table: string }) => {
      asked.push(`${schema}.${table}`);
      return Promise.resolve({
        catalogName: 'c',
        schemaName: 's',
        tableName: table,
        columns: TABLE,
        relation: `scan(${asked.length})`,
      });
    },
  };
  const { duckdbSql } = await compileQuery(statement.query, { resolver, session: { schema: 'd' } });
  assert.deepEqual(asked, ['d.orders', 'd.orders', 's.orders']);
  for (const id of [1, 2, 3]) assert.ok(duckdbSql.includes(`scan(${id})`));
});
