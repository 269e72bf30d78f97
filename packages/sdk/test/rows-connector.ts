import { ErganeError } from '@ergane/protocol';
import type { Schema } from 'apache-arrow';
import { defineConnector, makeBatchWriter } from '../src/index.ts';
import type { Connector, ConnectorDefinition, ReadBatch } from '../src/index.ts';

export interface RowsTable {
  readonly schema: Schema;
  readonly rows: readonly (readonly unknown[])[];
  readonly partitionColumns?: readonly string[];
}

/** A connector over rows in memory: `splitRows` rows a split, `batchRows` a batch, which can be resumed after each batch. */
export function makeRowsConnector(
  tables: Readonly<Record<string, RowsTable>>,
  {
    splitRows = 10,
    batchRows = 3,
    ...more
  }: { readonly splitRows?: number; readonly batchRows?: number } & Partial<ConnectorDefinition> = {},
): Connector {
  const find = (tableName: string): RowsTable | undefined =>
    Object.hasOwn(tables, tableName) ? tables[tableName] : undefined;
  return defineConnector({
    name: 'rows',
    listSchemas: () => Promise.resolve(['Main']),
    listTables: (_context, schemaName) =>
      Promise.resolve({
        tables: schemaName === 'Main' ? Object.keys(tables).map((tableName) => ({ schemaName, tableName })) : [],
      }),
    describeTable(_context, tableName) {
      const table = tableName.schemaName === 'Main' ? find(tableName.tableName) : undefined;
      return Promise.resolve(table && { tableName, ...table, statistics: { rowCount: table.rows.length } });
    },
    *splits(_context, { tableName }) {
      const { length } = find(tableName.tableName)?.rows ?? [];
      for (let from = 0; from < length; from += splitRows)
        yield { from: String(from), to: String(Math.min(length, from + splitRows)) };
    },
    async *read(_context, { tableName, schema, split }): AsyncGenerator<ReadBatch> {
      const table = find(tableName.tableName);
      if (table === undefined)
        throw new ErganeError('SOURCE_CHANGED', `there is no table ${tableName.tableName} any more`);
      const indexes = schema.fields.map((field) => table.schema.fields.findIndex(({ name }) => name === field.name));
      const writer = makeBatchWriter(schema, { rows: batchRows });
      const to = Number(split['to']);
      for (let row = Number(split['from']); row < to; row++) {
        writer.appendRow(indexes.map((index) => table.rows[row]?.[index]));
        if (!writer.isFull && row + 1 < to) continue;
        const batch = writer.finish();
        yield { batch, resume: { from: String(row + 1), to: String(to) }, release: () => writer.recycle(batch) };
      }
    },
    ...more,
  });
}
