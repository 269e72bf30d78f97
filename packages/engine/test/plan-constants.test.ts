import assert from 'node:assert/strict';
import { DuckDBInstance } from '@duckdb/node-api';
import { test } from 'node:test';
import { allNodes, parsePlan } from '../src/plan/duckdb-plan.ts';

test('constants that JSON has no numbers for do not hide the plan', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run('CREATE TABLE t (i BIGINT, x DOUBLE, s VARCHAR)');
  const planOf = async (sql: string) => {
    const reader = await connection.runAndReadAll(
      `SELECT json_serialize_plan('${sql.replaceAll("'", "''")}', optimize := true)::VARCHAR`,
    );
    return String(reader.getRows()[0]?.[0]);
  };
  for (const constant of ['nan', 'inf', '-inf']) {
    const json = await planOf(`SELECT CASE WHEN i > 1 THEN x ELSE '${constant}'::DOUBLE END, '"value":NaN}' FROM t`);
    assert.throws(() => JSON.parse(json), SyntaxError, `${constant}: DuckDB prints it as JSON now`);
    const plan = parsePlan(json);
    assert.ok('root' in plan && allNodes(plan.root).some(({ type }) => type === 'LOGICAL_GET'), constant);
  }
  connection.closeSync();
  instance.closeSync();
});
