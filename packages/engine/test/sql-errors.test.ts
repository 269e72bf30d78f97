import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ErganeError } from '@ergane/protocol';
import { Int64, Utf8 } from 'apache-arrow';
import { makeFakeSource, tableOf } from './fake-source.ts';
import { makeTestParts, makeTestPlace, rowsOf } from './test-engine.ts';

const NATION = tableOf({ nationkey: new Int64(), name: new Utf8() }, [[1n, 'Peru']]);

/** Code and text as a Trino 476 gives them, with what Ergane adds after them. */
const ERRORS: readonly (readonly [sql: string, error: string])[] = [
  ['SELECT x FROM nation', "COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved"],
  ['SELECT nam FROM nation', "COLUMN_NOT_FOUND: line 1:8: Column 'nam' cannot be resolved. Did you mean 'name'?"],
  ['SELECT 1 FROM nations', "TABLE_NOT_FOUND: line 1:15: Table 'c.s.nations' does not exist. Did you mean 'nation'?"],
  ['SELECT 1 FROM\n x.nations', "SCHEMA_NOT_FOUND: line 2:2: Schema 'x' does not exist. Did you mean 's'?"],
  ['SELECT 1 FROM cc.s.nation', "CATALOG_NOT_FOUND: line 1:15: Catalog 'cc' not found. Did you mean 'c'?"],
  ['SELECT foo(1)', "FUNCTION_NOT_FOUND: line 1:8: Function 'foo' not registered"],
  ["SELECT lowr('a')", "FUNCTION_NOT_FOUND: line 1:8: Function 'lowr' not registered. Did you mean 'lower'?"],
  [
    'SELECT lower(1)',
    'FUNCTION_NOT_FOUND: line 1:8: Unexpected parameters (integer) for function lower. Expected: lower(char(x)), lower(varchar(x))',
  ],
  ["SELECT 1 + 'a'", 'TYPE_MISMATCH: line 1:10: Cannot apply operator: integer + varchar(1)'],
  ['SELECT name FROM nation, nation b', "AMBIGUOUS_NAME: line 1:8: Column 'name' is ambiguous"],
  [
    'SELECT name FROM nation WHERE nationkey',
    'TYPE_MISMATCH: line 1:31: WHERE clause must evaluate to a boolean: actual type bigint',
  ],
  ['SELECT CAST(1 AS foo)', 'TYPE_MISMATCH: line 1:8: Unknown type: foo'],
  ['VALUES (1, 2), (3)', 'TYPE_MISMATCH: line 1:1: Values rows have mismatched sizes: 2 vs 1'],
  ['SELECT 1 UNION SELECT 1, 2', 'TYPE_MISMATCH: line 1:10: UNION query has different number of fields: 1, 2'],
  [
    "SELECT 1 UNION SELECT 'a'",
    'TYPE_MISMATCH: line 1:10: column 1 in UNION query has incompatible types: integer, varchar(1)',
  ],
  [
    "SELECT CASE WHEN true THEN 1 ELSE 'a' END",
    'TYPE_MISMATCH: line 1:35: All CASE results must be the same type or coercible to a common type. Cannot find common type between integer and varchar(1), all types (without duplicates): [integer, varchar(1)]',
  ],
  [
    'WITH a AS (SELECT 1), a AS (SELECT 2) SELECT * FROM a',
    "DUPLICATE_NAMED_QUERY: line 1:23: WITH query name 'a' specified more than once",
  ],
  ['SELECT a.* FROM nation', 'TABLE_NOT_FOUND: line 1:8: Unable to resolve reference a'],
  ['SELECT row_number()', 'MISSING_OVER: line 1:8: Window function system.builtin.row_number requires an OVER clause'],
  [
    'SELECT 1 FROM nation WHERE name LIKE 5',
    'TYPE_MISMATCH: line 1:38: Pattern for LIKE expression must evaluate to a varchar (actual: integer)',
  ],
  ["SELECT '😀😀', x FROM nation", "COLUMN_NOT_FOUND: line 1:14: Column 'x' cannot be resolved"],
  ['EXPLAIN SELECT x FROM nation', "COLUMN_NOT_FOUND: line 1:16: Column 'x' cannot be resolved"],
];

/** Trino's text goes on with all tokens that could follow. */
const SYNTAX: readonly (readonly [sql: string, start: string])[] = [
  ['SELEC 1', "line 1:1: mismatched input 'SELEC'. Expecting: "],
  ['SELECT', "line 1:7: mismatched input '<EOF>'"],
  ['SELECT 1 FROM', "line 1:14: mismatched input '<EOF>'. Expecting: '(', <identifier>"],
  ['SELECT (1', "line 1:10: mismatched input '<EOF>'"],
  ["SELECT '😀' FROM nation WHER 1", "line 1:29: mismatched input '1'. Expecting: "],
  ['SELECT 1;;', "line 1:10: mismatched input ';'. Expecting: <EOF>"],
  ["SELECT\n '😀', 'it''s", "line 2:7: mismatched input '''. Expecting: the end of the string that begins here"],
  ['SELECT "a""', `line 1:8: mismatched input '"'. Expecting: the end of the quoted name that begins here`],
  ["SELECT '/*' -- '\n /* abc", "line 2:2: mismatched input '/*'. Expecting: the end of the comment that begins here"],
  ["SELECT '😀', \0", 'line 1:13: the statement holds a NUL character'],
];

test('errors have the code, the place and the words of Trino', async () => {
  await using place = await makeTestPlace();
  const source = makeFakeSource({ store: place.store, tables: { nation: NATION } });
  await using parts = makeTestParts(place, source);
  const failure = async (sql: string) => {
    try {
      await rowsOf(parts, sql);
      return 'it ran';
    } catch (error) {
      return error instanceof ErganeError ? `${error.code}: ${error.message}` : String(error);
    }
  };
  for (const [sql, expected] of ERRORS) {
    assert.equal(await failure(sql), expected, sql);
  }
  for (const [sql, start] of SYNTAX) {
    const found = await failure(sql);
    assert.ok(found.startsWith(`SYNTAX_ERROR: ${start}`), `${sql}: ${found}`);
  }
});
