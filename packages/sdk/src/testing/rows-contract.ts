import assert from 'node:assert/strict';
import { allValues, compareValues, noValues, readValue } from '@ergane/protocol';
import type { GetTableResponse, Value } from '@ergane/protocol';
import type { RecordBatch } from 'apache-arrow';
import fc from 'fast-check';
import type { ContractOptions, ContractTable } from './contract.ts';
import { failsWith, readRows } from './contract-session.ts';
import type { ContractSession } from './contract-session.ts';

import type { ContractTest } from './metadata-contract.ts';
import { assertRows, plainRows, rowText, sortedRows } from './plain-rows.ts';

async function eachTable(
  session: ContractSession,
  { tables }: ContractOptions,
  check: (table: ContractTable, described: GetTableResponse) => Promise<void>,
): Promise<void> {
  for (const table of tables) await check(table, await session.describe(table));
}

/** What is read: every row once, whatever way it takes (sections 3 to 5). */
export const rowsContract: Readonly<Record<string, ContractTest>> = {
  async 'the union of the splits is the table, no row twice'(session, options) {
    await eachTable(session, options, async (table, described) => {
      const splits = await session.client().splits(described);
      assert.ok(splits.length >= (table.minSplits ?? 0), `${splits.length} splits of ${table.tableName}`);
      const keys = splits.map((split) => split.spillLocation?.key);
      assert.equal(new Set(keys).size, splits.length, 'two splits share a spill location');
      assertRows(await readRows(session.client(), described), await session.rowsOf(table), table.tableName);
    });
  },

  async 'any columns can be left out, also all'(session, options) {
    await eachTable(session, options, async (table, described) => {
      const names = described.schema.fields.map((field) => field.name);
      const whole = (await session.client().readTable(described)).flatMap(plainRows);
      const subsets = fc.sample(fc.shuffledSubarray(names, { maxLength: Math.min(8, names.length) }), {
        numRuns: 4,
        seed: 1,
      });
      for (const columns of [[], ...subsets]) {
        const kept = names.flatMap((name, index) => (columns.includes(name) ? [index] : []));
        const expected = sortedRows(whole.map((row) => kept.map((index) => row[index])));
        const found = await readRows(session.client(), described, { columns });
        assertRows(found, expected, `${table.tableName} (${columns.join(', ')})`);
      }
    });
  },

  async 'a layout that reads ahead gives the same rows, whole and in part'(session, options) {
    const client = session.client({ announce: ['readAhead', 'continuation'] });
    await eachTable(session, options, async (table, described) => {
      assertRows(await readRows(client, described), await session.rowsOf(table), table.tableName);
      for (const maxInlineBlockSize of [0n, 1_000_000n])
        for (const field of described.schema.fields.slice(0, 3)) {
          const read = { columns: [field.name], maxInlineBlockSize };
          const expected = await readRows(session.client(), described, read);
          assertRows(await readRows(client, described, read), expected, `${table.tableName} (${field.name})`);
        }
    });
  },

  async 'inline, spilled, encrypted or not, in large and small blocks, the rows are the same'(session, options) {
    await eachTable(session, options, async (table, described) => {
      const expected = await session.rowsOf(table);
      const clear = { disable_spill_encryption: 'true' };
      for (const environment of [{}, clear])
        for (const announce of [[], ['blockNonces'] as const])
          for (const maxBlockSize of [16_000_000n, 4096n]) {
            const client = session.client({ environment, announce });
            const rows = await readRows(client, described, { maxInlineBlockSize: 0n, maxBlockSize });
            assertRows(rows, expected, `${table.tableName} ${JSON.stringify({ environment, announce })}`);
          }
    });
  },

  async 'a limit gives that many rows, or all'(session, options) {
    await eachTable(session, options, async (table, described) => {
      const whole = await session.rowsOf(table);
      const all = new Set(whole);
      for (const limit of [0, 1, 7, whole.length, whole.length + 10]) {
        const rows = await readRows(session.client(), described, { constraints: { limit } });
        assert.ok(
          rows.length >= Math.min(limit, whole.length),
          `${rows.length} rows of ${table.tableName} limit ${limit}`,
        );
        for (const row of rows) assert.ok(all.has(row), `limit ${limit} gives a row that is not in the table: ${row}`);
      }
    });
  },

  async 'the first rows in an order are among those of a top-N'(session, options) {
    await eachTable(session, options, async (table, described) => {
      const batches = await session.client().readTable(described);
      for (const [index, field] of described.schema.fields.entries()) {
        const values = sortedValues(batches, index);
        if (values.length === 0) continue;
        for (const direction of ['ASC_NULLS_LAST', 'DESC_NULLS_LAST'] as const) {
          const orderByClause = [{ columnName: field.name, direction }];
          const read = { constraints: { orderByClause, limit: 3 }, columns: [field.name] };
          const found = sortedValues(await session.client().readTable(described, read), 0);
          const first = (list: readonly Value[]) =>
            (direction.startsWith('ASC') ? list : [...list].reverse()).slice(0, 3);
          const label = `${table.tableName}.${field.name} ${direction}`;
          assert.equal(rowText(first(found)), rowText(first(values)), label);
        }
      }
    });
  },

  async 'a column that can have no value gives no row, one that can have all gives all'(session, options) {
    await eachTable(session, options, async (table, described) => {
      const field = described.schema.fields[0];
      if (field === undefined) return;
      const none = { summary: { [field.name]: noValues(field.type) } };
      assertRows(await readRows(session.client(), described, { constraints: none }), [], table.tableName);
      const all = { summary: { [field.name]: allValues(field.type) } };
      assertRows(
        await readRows(session.client(), described, { constraints: all }),
        await session.rowsOf(table),
        table.tableName,
      );
    });
  },

  async 'a read that is stopped again and again goes on where it was'(session, options) {
    const environment = { ergane_max_spilled_bytes: '1' };
    await eachTable(session, options, async (table, described) => {
      const expected = await session.rowsOf(table);
      const client = session.client({ environment, announce: ['continuation'] });
      if (typeof options.continuation !== 'object') {
        assertRows(await readRows(client, described), expected, table.tableName);
        const columns = described.schema.fields.slice(-1).map((field) => field.name);
        const narrow = await readRows(session.client(), described, { columns });
        assertRows(await readRows(client, described, { columns }), narrow, `${table.tableName} (${columns.join()})`);
      }
      const unannounced = readRows(session.client({ environment }), described, { maxInlineBlockSize: 0n });
      if (expected.length > 0) await assert.rejects(unannounced, failsWith(['SPLIT_TOO_LARGE']), table.tableName);
    });
  },

  async 'a table that is gone when its split is read is an error, not an empty table'(session, options) {
    await eachTable(session, options, async (_table, described) => {
      const [split] = await session.client().splits(described);
      if (split === undefined) return;
      const gone = { ...described, tableName: { ...described.tableName, tableName: 'no_such_table_x' } };
      const codes = ['TABLE_NOT_FOUND', 'SOURCE_CHANGED', 'SOURCE_FAILED', 'COLUMN_NOT_FOUND'] as const;
      await assert.rejects(session.client().readSplit(gone, split), failsWith(codes));
    });
  },
};

function sortedValues(batches: readonly RecordBatch[], index: number): Value[] {
  const type = batches[0]?.schema.fields[index]?.type;
  if (type === undefined || type.children?.length > 0) return [];
  const values = batches.flatMap((batch) =>
    Array.from({ length: batch.numRows }, (_, row) => {
      const data = batch.data.children[index];
      return data === undefined ? null : readValue(data, row);
    }),
  );
  return values.filter((value) => value !== null).sort((left, right) => compareValues(type, left, right));
}
