import assert from 'node:assert/strict';
import { failsWith, readRows } from './contract-session.ts';
import type { ContractTest } from './metadata-contract.ts';
import { assertRows, plainRows, sortedRows } from './plain-rows.ts';

/** What goes wrong is said, and leaves nothing behind. */
export const faultsContract: Readonly<Record<string, ContractTest>> = {
  async 'a cancelled read ends, and its spill is gone'(session, { tables }) {
    for (const table of tables) {
      const described = await session.describe(table);
      const [split] = await session.client().splits(described);
      if (split === undefined) continue;
      const before = (await session.listSpill()).length;
      const cancelled = AbortSignal.abort();
      const read = session.client().readSplit(described, split, { signal: cancelled, maxInlineBlockSize: 0n });
      await assert.rejects(read, failsWith(['QUERY_CANCELLED']));
      assert.equal((await session.listSpill()).length, before);
      // the function goes on to serve
      assertRows(await readRows(session.client(), described), await session.rowsOf(table), table.tableName);
    }
  },

  async 'a read that is cancelled at any moment ends whole or cancelled, and the next one is right'(
    session,
    { tables },
  ) {
    for (const table of tables) {
      const described = await session.describe(table);
      const [split] = await session.client().splits(described);
      if (split === undefined) continue;
      const before = (await session.listSpill()).length;
      for (let turns = 0; turns < 12; turns += 3) {
        const cancel = new AbortController();
        const read = session.client().readSplit(described, split, { signal: cancel.signal });
        const outcome = read.then(() => undefined, failsWith(['QUERY_CANCELLED']));
        for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
        cancel.abort();
        await outcome;
      }
      assert.equal((await session.listSpill()).length, before);
      assertRows(await readRows(session.client(), described), await session.rowsOf(table), table.tableName);
    }
  },

  async 'a source that cannot be reached is said to be'(session, { tables, unreachable }) {
    if (unreachable === undefined) return;
    const client = session.client({ environment: unreachable.environment });
    await assert.rejects(client.listSchemas(), failsWith(['SOURCE_UNREACHABLE'], unreachable));
    const [table] = tables;
    if (table === undefined) return;
    const described = await session.describe(table);
    const [split] = await session.client().splits(described);
    if (split === undefined) return;
    await assert.rejects(client.readSplit(described, split), failsWith(['SOURCE_UNREACHABLE'], unreachable));
  },

  async 'a wrong password is said to be, and not told'(session, { wrongPassword }) {
    if (wrongPassword === undefined) return;
    const client = session.client({ environment: wrongPassword.environment });
    await assert.rejects(client.listSchemas(), failsWith(['SOURCE_ACCESS_DENIED'], wrongPassword));
  },

  async 'a native query is a table'(session, { passthrough, connector }) {
    if (passthrough === undefined) return;
    const { schema = '', name = '' } = connector.definition.passthrough ?? {};
    const args = { schemaFunctionName: `${schema}.${name}`.toUpperCase(), ...passthrough.arguments };
    const client = session.client();
    const described = await client.getTable({ schemaName: schema, tableName: name }, args);
    const batches = await client.readTable(described, { constraints: { queryPassthroughArguments: args } });
    assertRows(sortedRows(batches.flatMap(plainRows)), sortedRows(passthrough.rows), name);
    const off = session.client({ environment: { enable_query_passthrough: 'false' } });
    await assert.rejects(off.getTable({ schemaName: schema, tableName: name }, args), failsWith(['NOT_SUPPORTED']));
  },
};
