import assert from 'node:assert/strict';
import { NO_CONSTRAINTS } from '@ergane/protocol';
import type { ContractOptions } from './contract.ts';
import { failsWith } from './contract-session.ts';
import type { ContractSession } from './contract-session.ts';

export type ContractTest = (session: ContractSession, options: ContractOptions) => Promise<void>;

/** What a caller learns before it reads (sections 1.4 and 3.5). */
export const metadataContract: Readonly<Record<string, ContractTest>> = {
  async 'answers a ping with its name'(session, { connector }) {
    const { sourceType, serDeVersion } = await session.client().ping();
    assert.equal(sourceType, connector.definition.name);
    assert.equal(serDeVersion, 6);
  },

  async 'lists its schemas and tables, and pages without losing or repeating one'(session, { tables }) {
    const client = session.client();
    const schemas = await client.listSchemas();
    for (const schemaName of new Set(tables.map((table) => table.schemaName))) {
      assert.ok(schemas.includes(schemaName), `schema ${schemaName} is not in ${schemas.join(', ')}`);
      const all = (await client.listTables(schemaName)).map((table) => table.tableName);
      assert.equal(new Set(all).size, all.length, 'a table is listed twice');
      for (const { tableName } of tables.filter((table) => table.schemaName === schemaName))
        assert.ok(all.includes(tableName), `table ${tableName} is not in ${all.join(', ')}`);
      for (const pageSize of [1, 2, all.length, all.length + 1]) {
        const paged = (await client.listTables(schemaName, pageSize)).map((table) => table.tableName);
        assert.deepEqual([...paged].sort(), [...all].sort(), `pages of ${pageSize}`);
      }
    }
  },

  async 'describes its tables'(session, { tables }) {
    for (const table of tables) {
      const { tableName, schema, partitionColumns } = await session.describe(table);
      assert.deepEqual({ ...tableName }, { schemaName: table.schemaName, tableName: table.tableName });
      assert.ok(schema.fields.length > 0, `${table.tableName} has no columns`);
      const names = schema.fields.map((field) => field.name);
      for (const column of partitionColumns) assert.ok(names.includes(column), `partition column ${column}`);
      for (const [column, type] of Object.entries(table.types ?? {}))
        assert.equal(
          String(schema.fields.find((field) => field.name === column)?.type),
          type,
          `${table.tableName}.${column}`,
        );
    }
  },

  async 'finds tables whatever the case of their names'(session, { tables, caseInsensitive = true }) {
    if (!caseInsensitive) return;
    for (const { schemaName, tableName } of tables) {
      const lower = { schemaName: schemaName.toLowerCase(), tableName: tableName.toLowerCase() };
      const found = await session.client().getTable(lower);
      assert.equal(found.tableName.tableName.toLowerCase(), lower.tableName);
      assert.ok(found.schema.fields.length > 0);
    }
  },

  async 'says which schema or table is missing'(session, { tables }) {
    const client = session.client();
    const schemaName = tables[0]?.schemaName ?? '';
    const missing = { schemaName, tableName: 'no_such_table_x' };
    await assert.rejects(client.getTable(missing), failsWith(['TABLE_NOT_FOUND'], { mentions: ['no_such_table_x'] }));
    const nowhere = { schemaName: 'no_such_schema_x', tableName: 'no_such_table_x' };
    const mentions = { mentions: ['no_such_schema_x'] };
    await assert.rejects(client.getTable(nowhere), failsWith(['SCHEMA_NOT_FOUND', 'TABLE_NOT_FOUND'], mentions));
    await assert.rejects(client.listTables('no_such_schema_x'), failsWith(['SCHEMA_NOT_FOUND'], mentions));
  },

  async 'explains what its reads would ask of the source, when it can'(session, { tables, connector }) {
    if (connector.definition.explain === undefined) return;
    const client = session.client({ announce: ['explain'] });
    const { identity } = client;
    for (const table of tables) {
      const described = await session.describe(table);
      const { tableName, partitionColumns } = described;
      const partitions = await client.layout(described);
      if (partitions.batch.numRows === 0) continue;
      const place = { identity, queryId: 'q', catalogName: 'c', tableName, partitions, partitionColumns };
      const page = await client.send({
        type: 'GetSplitsRequest',
        ...place,
        constraints: NO_CONSTRAINTS,
        continuationToken: null,
      });
      if (page.type !== 'GetSplitsResponse' || page.splits.length === 0) continue;
      const explained = page.extra?.['explain'];
      assert.ok(typeof explained === 'object' && explained !== null, `${table.tableName}: no explanation`);
      const [nativeQuery, notes]: unknown[] = [Reflect.get(explained, 'nativeQuery'), Reflect.get(explained, 'notes')];
      assert.ok(typeof nativeQuery === 'string' || Array.isArray(notes), `${table.tableName}: nothing is explained`);
    }
  },

  async 'declares capabilities that the protocol knows'(session) {
    const known = /^(supports_(filter|complex_expression|limit|top_n)_pushdown|data_source_hints|[^a-z]+\.[^a-z]+)$/;
    for (const [name, subTypes] of Object.entries(await session.client().capabilities())) {
      assert.match(name, known);
      for (const { subType } of subTypes) assert.notEqual(subType, '');
    }
  },
};
