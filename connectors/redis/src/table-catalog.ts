import { ErganeError } from '@ergane/protocol';
import type { TableName } from '@ergane/protocol';
import type { CallContext, TableDescription } from '@ergane/sdk';
import { DEFAULT_SCHEMA, describeSample, openSchemaSource, wantsInference } from '@ergane/schemas';
import type { GlueDialect, SchemaSource, TableDefinition } from '@ergane/schemas';
import type { Client } from './client.ts';
import type { Config, Place } from './config.ts';
import { parsePlace } from './config.ts';
import { inferTables } from './infer/infer-tables.ts';
import type { InferredTable } from './infer/infer-tables.ts';
import { inferFields } from './infer/infer-fields.ts';
import { readKeySpace } from './key-space.ts';
import { toSchema } from './table-notes.ts';

/** What one environment knows of the tables of one Redis. */
export interface TableCatalog {
  listSchemas(context: CallContext): Promise<readonly string[]>;
  listTables(context: CallContext, schemaName: string): Promise<readonly string[]>;
  describe(context: CallContext, table: TableName): Promise<TableDescription | undefined>;
  /** where a table's keys are. @throws ErganeError TABLE_NOT_FOUND, CONFIG_INVALID */
  open(context: CallContext, table: TableName): Promise<Client>;
}

/** What marks a database and a table of Glue as Redis's (protocol reference, section 7.4). */
const GLUE: GlueDialect = {
  ownsDatabase: ({ LocationUri }) => LocationUri?.includes('redis-db-flag') === true,
  ownsTable: ({ Parameters }) => Parameters?.['redis-endpoint'] !== undefined,
};

export function makeTableCatalog(clients: (place: Place) => Client, config: Config): TableCatalog {
  const definitions = cached(openSchemaSource(config.schemas, GLUE), config.schemaCacheSeconds * 1000);
  let inferred: { readonly until: number; readonly tables: Promise<readonly InferredTable[]> } | undefined;
  const infer = (context: CallContext): Promise<readonly InferredTable[]> => {
    if (config.place === undefined) return Promise.resolve([]);
    if (inferred !== undefined && inferred.until > Date.now()) return inferred.tables;
    const tables = inferTables(context, clients(config.place), config.sampleKeys);
    inferred = { until: Date.now() + config.schemaCacheSeconds * 1000, tables };
    tables.catch(() => (inferred = undefined));
    return tables;
  };
  const open = async (context: CallContext, definition: TableDefinition | undefined): Promise<Client> =>
    clients(await findPlace(context, config, definition));
  return {
    async listSchemas(context) {
      if (config.place !== undefined) await checkPlace(context, clients(config.place));
      return [...new Set([DEFAULT_SCHEMA, ...(await definitions.listSchemas(context))])];
    },
    async listTables(context, schemaName) {
      const defined = await definitions.listTables(context, schemaName);
      const found = schemaName === DEFAULT_SCHEMA ? (await infer(context)).map(({ name }) => name) : [];
      return [...new Set([...defined, ...found])];
    },
    async describe(context, { schemaName, tableName }) {
      const definition = await definitions.findTable(context, { schemaName, tableName });
      if (definition !== undefined && !wantsInference(context)) return describe(definition);
      if (definition === undefined && schemaName !== DEFAULT_SCHEMA) return undefined;
      const table =
        definition === undefined
          ? (await infer(context)).find(({ name }) => name === tableName)
          : { name: definition.tableName, space: readKeySpace(definition) };
      if (table === undefined) return undefined;
      const { columns, sample } = await inferFields(context, await open(context, definition), {
        space: table.space,
        wanted: config.sampleKeys,
      });
      const parameters = definition?.parameters ?? printKeySpace(table, config.place);
      const named = { schemaName, tableName: table.name, sourceTable: table.name, columns, parameters };
      return { ...describe(named), inference: describeSample(sample, { ...named, definition }) };
    },
    async open(context, table) {
      const definition = await definitions.findTable(context, table);
      return open(context, definition);
    },
  };
}

/** There is a schema only where there is a Redis. */
async function checkPlace(context: CallContext, client: Client): Promise<void> {
  const [node] = await client.nodes(context);
  if (node !== undefined) await client.at(context, node.address, [['PING']]);
}

function describe(definition: TableDefinition): TableDescription {
  const { schemaName, tableName } = definition;
  return { tableName: { schemaName, tableName }, schema: toSchema(definition, readKeySpace(definition)) };
}

/** Glue's parameters that make a definition of an inferred table. */
function printKeySpace({ space }: InferredTable, place: Place | undefined): Readonly<Record<string, string>> {
  return {
    ...(place !== undefined && { 'redis-endpoint': `${place.host}:${place.port}` }),
    'redis-key-prefix': space.patterns.join(','),
    'redis-value-type': space.valueType,
    ...(space.separator !== '' && { 'redis-key-separator': space.separator }),
  };
}

const ENDPOINT = /^([^:]+):(\d+)(?::([^]*))?$/;

/** The settings' Redis, or the one that the table's parameters name (protocol reference, section 8.9). */
async function findPlace(context: CallContext, config: Config, table: TableDefinition | undefined): Promise<Place> {
  const parameters = table?.parameters ?? {};
  const endpoint = parameters['redis-endpoint'];
  if (endpoint === undefined || (config.place !== undefined && isAt(config.place, endpoint))) {
    if (config.place !== undefined) return config.place;
    throw new ErganeError(
      'CONFIG_INVALID',
      'the setting default is missing: it says where Redis is, such as redis://host:6379',
      {
        where: { setting: 'default' },
      },
    );
  }
  const text = await context.settings.resolve(endpoint, `redis-endpoint of table ${table?.tableName ?? ''}`);
  const [, host, port, password] = ENDPOINT.exec(text) ?? [];
  if (host === undefined || port === undefined)
    throw new ErganeError(
      'CONFIG_INVALID',
      `redis-endpoint of table "${table?.tableName ?? ''}" must be host:port or host:port:password`,
      { where: { table: table?.tableName ?? '' } },
    );
  const flag = (name: string): boolean => parameters[name]?.toLowerCase() === 'true';
  const scheme = `redis${flag('redis-ssl-flag') ? 's' : ''}${flag('redis-cluster-flag') ? '+cluster' : ''}`;
  const place = parsePlace(`${scheme}://${host}:${port}/${parameters['redis-db-number'] ?? '0'}`);
  return { ...place, password, certificates: config.place?.certificates };
}

/** What the crawl wrote says where the settings' Redis is: then these have user and password. */
function isAt({ host, port }: Place, endpoint: string): boolean {
  return endpoint === `${host}:${port}`;
}

/** Definitions are looked up for every split: those of Glue are kept for a while. */
function cached(source: SchemaSource, milliseconds: number): SchemaSource {
  const tables = new Map<string, { readonly until: number; readonly table: ReturnType<SchemaSource['findTable']> }>();
  return {
    ...source,
    findTable(context, table) {
      const key = JSON.stringify([table.schemaName, table.tableName]);
      const known = tables.get(key);
      if (known !== undefined && known.until > Date.now()) return known.table;
      const found = source.findTable(context, table);
      tables.set(key, { until: Date.now() + Math.min(milliseconds, 30_000), table: found });
      found.catch(() => tables.delete(key));
      return found;
    },
  };
}
