import { ErganeError } from '@ergane/protocol';
import type { CallContext, TableDescription } from '@ergane/sdk';
import type { Client } from './client.ts';
import type { Config } from './config.ts';
import { makeDefinitionSource } from './schema/definitions.ts';
import { inferColumns } from './schema/infer-columns.ts';
import { sampleTable } from './schema/sample.ts';
import { toSchema } from './schema/table-definition.ts';
import type { Column, SchemaSource, TableDefinition } from './schema/table-definition.ts';
import type { TableFacts } from './wire.ts';

export const SCHEMA_NAME = 'default';

/** What one environment knows of the tables of one DynamoDB. */
export interface TableCatalog {
  readonly definitions: SchemaSource | undefined;
  /** @throws ErganeError TABLE_NOT_FOUND */
  findFacts(context: CallContext, table: string): Promise<TableFacts>;
  describe(context: CallContext, tableName: string): Promise<TableDescription | undefined>;
}

/** Planning must soon see an index that was added or deleted. */
const FACTS_MS = 30_000;

export function makeTableCatalog(client: Client, config: Config): TableCatalog {
  const definitions = config.tableDefinitions === undefined ? undefined : makeDefinitionSource(config.tableDefinitions);
  const facts = makeCache<TableFacts>(Math.min(FACTS_MS, config.schemaCacheSeconds * 1000));
  const columns = makeCache<readonly Column[]>(config.schemaCacheSeconds * 1000);
  const findFacts = (context: CallContext, table: string): Promise<TableFacts> =>
    facts(table, async () => (await client.call(context, 'DescribeTable', { TableName: table })).answer.Table);
  const infer = (context: CallContext, table: TableFacts): Promise<readonly Column[]> =>
    columns(`${table.TableName} ${table.TableId ?? ''}`, async () =>
      inferColumns(table, await sampleTable(context, client, { table, wanted: config.sampleItems })),
    );
  return {
    definitions,
    findFacts,
    async describe(context, tableName) {
      const definition = await definitions?.findTable(context, tableName);
      if (definition !== undefined)
        return describeDefined(definition, await findFacts(context, definition.sourceTable));
      const table = await findExisting(() => findFacts(context, tableName), tableName);
      if (table === undefined) return undefined;
      return describe(tableName, table, await infer(context, table));
    },
  };
}

function describeDefined(definition: TableDefinition, table: TableFacts): TableDescription {
  return describe(definition.tableName, table, definition.columns);
}

function describe(tableName: string, table: TableFacts, columns: readonly Column[]): TableDescription {
  const keys = table.KeySchema.map((key) => key.AttributeName);
  return {
    tableName: { schemaName: SCHEMA_NAME, tableName },
    schema: toSchema({ tableName, sourceTable: table.TableName, columns, keys }),
    statistics: {
      ...(table.ItemCount !== undefined && { rowCount: table.ItemCount }),
      ...(table.TableSizeBytes !== undefined && { totalBytes: table.TableSizeBytes }),
    },
  };
}

/** AWS: names of tables have 3 to 255 of these characters; others are refused, not said to be absent. */
const TABLE_NAME = /^[A-Za-z0-9_.-]{3,255}$/;

async function findExisting(find: () => Promise<TableFacts>, tableName: string): Promise<TableFacts | undefined> {
  if (!TABLE_NAME.test(tableName)) return undefined;
  try {
    return await find();
  } catch (error) {
    if (error instanceof ErganeError && error.code === 'TABLE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Remembers answers for a time, those under way too; failures are not remembered. */
function makeCache<Value>(milliseconds: number): (key: string, load: () => Promise<Value>) => Promise<Value> {
  const known = new Map<string, { readonly until: number; readonly value: Promise<Value> }>();
  return (key, load) => {
    const found = known.get(key);
    if (found !== undefined && found.until > Date.now()) return found.value;
    const value = load();
    known.set(key, { until: Date.now() + milliseconds, value });
    value.catch(() => known.delete(key));
    return value;
  };
}
