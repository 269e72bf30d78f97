import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { NO_CONSTRAINTS } from '@ergane/protocol';
import { Schema } from 'apache-arrow';
import { openConnector, rowsOf } from './test-reading.ts';
import { openDatabase, SERVERS } from './test-servers.ts';

for (const server of SERVERS)
  suite(`${server}: a native query gives the columns that are asked for`, () => {
    for (const [query, column, value] of [
      ['select 1 as a, 2 as b', 'b', 2n],
      ["show variables like 'lower_case_table_names'", 'Value', '0'],
    ] as const)
      test(`${column} of ${query}`, async (context) => {
        await using database = await openDatabase(context, server);
        if (database === undefined) return;
        using connector = openConnector(database);
        const { definition, context: call } = connector;
        const queryPassthroughArguments = { QUERY: query };
        const all = await definition.passthrough?.describe(call, queryPassthroughArguments);
        assert.ok(all);
        const schema = new Schema(all.fields.filter(({ name }) => name === column));
        const constraints = { ...NO_CONSTRAINTS, queryPassthroughArguments };
        const tableName = { schemaName: 'system', tableName: 'query' };
        const rows: (readonly unknown[])[] = [];
        for await (const { batch } of definition.read(call, { tableName, schema, split: {}, constraints })) {
          assert.deepEqual(
            batch.schema.fields.map(({ name }) => name),
            [column],
          );
          rows.push(...rowsOf(batch));
        }
        assert.deepEqual(
          rows.map(([only]) => String(only)),
          [String(value)],
        );
      });
  });
