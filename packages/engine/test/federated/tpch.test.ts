import { test } from 'node:test';
import { runSpread } from './spread-tables.ts';
import type { Placement } from './spread-tables.ts';

const TPCH: Placement = {
  mysql: ['lineitem:l_orderkey,l_linenumber', 'orders:o_orderkey'],
  postgresql: ['customer:c_custkey', 'part:p_partkey'],
  s3: ['partsupp', 'supplier'],
  dynamodb: ['nation', 'region'],
};

test('TPC-H over MariaDB, PostgreSQL, S3 and DynamoDB', (context) =>
  runSpread(context, { data: 'tpch', mysql: 'mariadb', placement: TPCH }));
