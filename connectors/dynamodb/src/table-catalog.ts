import { ErganeError } from '@ergane/protocol';
import type { TableName } from '@ergane/protocol';
import type { CallContext, TableDescription } from '@ergane/sdk';
import { DEFAULT_SCHEMA, describeSample, openSchemaSource, wantsInference } from '@ergane/schemas';
import type { Column, GlueDialect, Sample, SchemaSource } from '@ergane/schemas';
import type { Client } from './client.ts';
import type { Config } from './config.ts';
import { inferItemColumns } from './schema/infer-columns.ts';
import { sampleTable } from './schema/sample.ts';
import { toSchema } from './schema/table-notes.ts';
import type { TableFacts } from './wire.ts';

/** What one environment knows of the tables of one DynamoDB. */
export interface TableCatalog {
  readonly definitions: SchemaSource;
  /** @throws ErganeError TABLE_NOT_FOUND */
  findFacts(context: CallContext, table: string): Promise<TableFacts>;
  describe(context: CallContext, tableName: TableName): Promise<TableDescription | undefined>;
}

/** What marks a database and a table of Glue as DynamoDB's (protocol reference, section 7.4). */
const GLUE: GlueDialect = {
  ownsDatabase: ({ LocationUri }) => LocationUri?.includes('dynamo-db-flag') === true,
  ownsTable: ({ StorageDescriptor, Parameters }) =>
    StorageDescriptor?.Location?.includes('dynamodb') === true || Parameters?.['classification'] === 'dynamodb',
};

const GLUE_PARAMETERS = { classification: 'dynamodb' };

/** Planning must soon see an index that was added or deleted. */
const FACTS_MS = 30_000;

interface Inferred {
  readonly columns: readonly Column[];
  readonly sample: Sample;
}

export function makeTableCatalog(client: Client, config: Config): TableCatalog {
  const definitions = openSchemaSource(config.schemas, GLUE);
  const facts = makeCache<TableFacts>(Math.min(FACTS_MS, config.schemaCacheSeconds * 1000));
  const inferred = makeCache<Inferred>(config.schemaCacheSeconds * 1000);
  const loadFacts = async (context: CallContext, table: string): Promise<TableFacts> =>
    (await client.call(context, 'DescribeTable', { TableName: table })).answer.Table;
  const findFacts: TableCatalog['findFacts'] = (context, table) => facts.find(table, () => loadFacts(context, table));
  // who asks for a description wants to know what is there now: it may have failed with what was known
  const lookAgain: TableCatalog['findFacts'] = (context, table) => facts.load(table, () => loadFacts(context, table));
  const infer = (context: CallContext, table: TableFacts): Promise<Inferred> =>
    inferred.find(`${table.TableName} ${table.TableId ?? ''}`, async () => {
      const sample = await sampleTable(context, client, { table, wanted: config.sampleItems });
      return { columns: inferItemColumns(table, sample), sample };
    });
  return {
    definitions,
    findFacts,
    async describe(context, { schemaName, tableName }) {
      const definition = await definitions.findTable(context, { schemaName, tableName });
      if (definition !== undefined && !wantsInference(context)) {
        const name = { schemaName: definition.schemaName, tableName: definition.tableName };
        return describe(name, await lookAgain(context, definition.sourceTable), definition.columns);
      }
      if (definition === undefined && schemaName !== DEFAULT_SCHEMA) return undefined;
      const sourceTable = definition?.sourceTable ?? tableName;
      const table = await findExisting(() => lookAgain(context, sourceTable), sourceTable);
      if (table === undefined) return undefined;
      const { columns, sample } = await infer(context, table);
      const described = describe({ schemaName, tableName }, table, columns);
      return {
        ...described,
        inference: describeSample(sample, {
          columns,
          sourceTable: table.TableName,
          parameters: GLUE_PARAMETERS,
          definition,
        }),
      };
    },
  };
}

function describe(name: TableName, table: TableFacts, columns: readonly Column[]): TableDescription {
  const keys = table.KeySchema.map((key) => key.AttributeName);
  return {
    tableName: name,
    schema: toSchema({ tableName: name.tableName, sourceTable: table.TableName, columns, keys }),
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

interface Cache<Value> {
  find(key: string, load: () => Promise<Value>): Promise<Value>;
  /** whatever is known */
  load(key: string, load: () => Promise<Value>): Promise<Value>;
}

/** Remembers answers for a time, those under way too; failures are not remembered. */
function makeCache<Value>(milliseconds: number): Cache<Value> {
  const known = new Map<string, { readonly until: number; readonly value: Promise<Value> }>();
  const remember: Cache<Value>['load'] = (key, load) => {
    const value = load();
    known.set(key, { until: Date.now() + milliseconds, value });
    value.catch(() => known.delete(key));
    return value;
  };
  return {
    load: remember,
    find(key, load) {
      const found = known.get(key);
      return found !== undefined && found.until > Date.now() ? found.value : remember(key, load);
    },
  };
}
