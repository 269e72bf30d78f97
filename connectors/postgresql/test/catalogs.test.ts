import assert from 'node:assert/strict';
import test from 'node:test';
import { onlyNull, makeRanges, notNull } from '@ergane/protocol';
import { plainRows } from '@ergane/sdk/testing';
import { DateDay, Decimal } from 'apache-arrow';
import { findIamToken } from '../src/iam-token.ts';
import { parseConnectionString } from '../src/config.ts';
import { openFunction } from './open-function.ts';

test(
  "every table and view of the server's own catalogs is read, whatever its types",
  { timeout: 120_000 },
  async (context) => {
    const opened = await openFunction(context);
    if (opened === undefined) return;
    await using source = opened;
    const names = await source.database
      .run(`select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('pg_catalog', 'information_schema') and c.relkind in ('r', 'v') and c.relname not in ('pg_statistic', 'pg_backend_memory_contexts', 'pg_shmem_allocations_numa')`);
    assert.ok(names.length > 150);
    for (const [schemaName, tableName] of names) {
      const name = { schemaName: String(schemaName), tableName: String(tableName) };
      const table = await source.client.getTable(name);
      const batches = await source.client.readTable(table, { constraints: { limit: 20 } });
      assert.ok(batches.flatMap(plainRows).length >= 0);
    }
  },
);

test('infinite dates that are read as NULL are NULL to conditions, too', async (context) => {
  const opened = await openFunction(context, { ergane_special_values: 'null' });
  if (opened === undefined) return;
  await using source = opened;
  await source.database.run(`create table t (id int4, day date, amount numeric(5, 2));
    insert into t values (1, 'infinity', 'NaN'), (2, '2024-01-01', 1), (3, null, null), (4, '-infinity', 2)`);
  const table = await source.client.getTable({ schemaName: 'public', tableName: 't' });
  const ids = async (column: string, set: ReturnType<typeof notNull>): Promise<unknown[]> => {
    const constraints = { summary: { [column]: set } };
    const [split] = await source.client.splits(table, { constraints });
    if (split === undefined) return [];
    return (await source.client.readTable(table, { constraints, columns: ['id'] })).flatMap(plainRows).flat().sort();
  };
  const [day, amount] = [new DateDay(), new Decimal(2, 5)];
  assert.deepEqual(await ids('day', onlyNull(day)), [1, 3, 4]);
  assert.deepEqual(await ids('day', notNull(day)), [2]);
  assert.deepEqual(await ids('amount', onlyNull(amount)), [1, 3]);
  const above = makeRanges(day, [{ low: { value: 0, bound: 'ABOVE' }, high: { value: undefined, bound: 'BELOW' } }]);
  assert.deepEqual(await ids('day', above), [2]);
  const cheap = makeRanges(
    amount,
    [{ low: { value: 150n, bound: 'ABOVE' }, high: { value: undefined, bound: 'BELOW' } }],
    { nullAllowed: true },
  );
  assert.deepEqual(await ids('amount', cheap), [1, 3, 4]);
});

test('an IAM token names host and user and is signed', async () => {
  const config = parseConnectionString('postgres://app@db.cluster-x.eu-west-1.rds.amazonaws.com/shop?iam_auth=true');
  assert.equal(await findIamToken({ ...config, iamAuth: false }), undefined);
  const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION'] as const;
  const before = names.map((name) => process.env[name]);
  for (const name of names) process.env[name] = name === 'AWS_REGION' ? 'eu-west-1' : 'EXAMPLE';
  try {
    const token = await findIamToken(config);
    assert.match(
      token ?? '',
      /^db\.cluster-x\.eu-west-1\.rds\.amazonaws\.com:5432\/\?Action=connect&DBUser=app&.*X-Amz-Signature=[0-9a-f]{64}/,
    );
  } finally {
    for (const [index, name] of names.entries()) {
      const value = before[index];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});
