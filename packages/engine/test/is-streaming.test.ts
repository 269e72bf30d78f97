import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlanNode } from '../src/plan/duckdb-plan.ts';
import { isStreaming } from '../src/plan/is-streaming.ts';

const scan = { type: 'LOGICAL_GET', name: 'ergane_scan', children: [] };

function plan(operators: readonly string[], ...leaves: readonly object[]): PlanNode {
  const [root = scan] = operators.reduceRight<readonly object[]>((children, type) => [{ type, children }], leaves);
  return new PlanNode({ ...root });
}

void test('a query that only hands the rows of one scan on is streaming', () => {
  assert.equal(isStreaming(plan([], scan)), true);
  assert.equal(isStreaming(plan(['LOGICAL_PROJECTION', 'LOGICAL_LIMIT', 'LOGICAL_FILTER'], scan)), true);
});

void test('one that collects, joins or reads a file is not', () => {
  assert.equal(isStreaming(plan(['LOGICAL_PROJECTION', 'LOGICAL_AGGREGATE_AND_GROUP_BY'], scan)), false);
  assert.equal(isStreaming(plan(['LOGICAL_TOP_N'], scan)), false);
  assert.equal(isStreaming(plan(['LOGICAL_PROJECTION', 'LOGICAL_COMPARISON_JOIN'], scan, scan)), false);
  assert.equal(isStreaming(plan(['LOGICAL_FILTER'], { ...scan, name: 'read_parquet' })), false);
  assert.equal(isStreaming(undefined), false);
});
