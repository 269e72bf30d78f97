import { readFile } from 'node:fs/promises';
import { ErganeError } from '@ergane/protocol';
import { fromGlueTable } from './glue-table.ts';
import type { GlueDialect, GlueTable } from './glue-table.ts';
import { parseColumnType } from './parse-type.ts';
import { DEFAULT_SCHEMA, nameColumns } from './table-definition.ts';
import type { Column, SchemaSource, TableDefinition } from './table-definition.ts';

/** The setting that holds definitions: YAML or JSON text, or `file:` and a path. */
export const DEFINITIONS_SETTING = 'ergane_table_definitions';

/**
 * Table definitions of the setting `ergane_table_definitions`. `tables:` are those of the schema `default`, `schemas:` has a map of
 * tables for each schema; what `aws glue get-tables` prints (`TableList`) is taken as well.
 *
 * ```yaml
 * tables:
 *   parts: { source: PARTS-2024, columns: { part_id: bigint, price: { type: 'decimal(12,2)', source: Price } } }
 * schemas:
 *   shop: { users: { columns: { _key_: varchar, name: varchar }, parameters: { redis-key-prefix: 'user:*' } } }
 * ```
 */
export function makeDefinitionSource(setting: string, dialect: GlueDialect = {}): SchemaSource {
  let tables: Promise<readonly TableDefinition[]> | undefined;
  const read = (): Promise<readonly TableDefinition[]> => (tables ??= readDefinitions(setting, dialect));
  return {
    listSchemas: async () => [...new Set((await read()).map(({ schemaName }) => schemaName))],
    listTables: async (_context, schemaName) =>
      (await read()).filter((table) => table.schemaName === schemaName.toLowerCase()).map(({ tableName }) => tableName),
    findTable: async (_context, { schemaName, tableName }) =>
      (await read()).find(
        (table) => table.schemaName === schemaName.toLowerCase() && table.tableName === tableName.toLowerCase(),
      ),
  };
}

async function readDefinitions(setting: string, dialect: GlueDialect): Promise<readonly TableDefinition[]> {
  const text = setting.startsWith('file:') ? await readDefinitionFile(setting.slice('file:'.length)) : setting;
  const { parseYaml } = await import('./parse-yaml.ts');
  let document: unknown;
  try {
    document = parseYaml(text);
  } catch (cause) {
    throw invalid(`is not YAML: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  return parseDefinitions(document, dialect);
}

async function readDefinitionFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw invalid(`names the file ${path}, which cannot be read (${String(cause)})`, cause);
  }
}

function parseDefinitions(document: unknown, dialect: GlueDialect): readonly TableDefinition[] {
  if (!isObject(document)) throw invalid('must hold "tables:", "schemas:" or Glue\'s "TableList"');
  const known = ['tables', 'schemas', 'TableList'];
  const unknown = Object.keys(document).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw invalid(`has an unknown key "${unknown}": it holds "tables", "schemas" or Glue's "TableList"`);
  const { tables = {}, schemas = {}, TableList: glueTables = [] } = document;
  if (!isObject(tables)) throw invalid('must hold "tables:" as a map of tables');
  if (!isObject(schemas)) throw invalid('must hold "schemas:" as a map of schemas');
  if (!Array.isArray(glueTables)) throw invalid('must hold "TableList" as a list');
  return [
    ...parseTables(DEFAULT_SCHEMA, tables),
    ...Object.entries(schemas).flatMap(([schema, tables]) => parseTables(schema, tables)),
    ...glueTables.map((table: unknown) => fromGlueTable(checkGlueTable(table), dialect)),
  ];
}

function parseTables(schemaName: string, tables: unknown): readonly TableDefinition[] {
  if (!isObject(tables)) throw invalid(`: schema "${schemaName}" must be a map of tables`);
  return Object.entries(tables).map(([name, table]) => parseTable([schemaName, name], table));
}

function parseTable([schemaName, tableName]: readonly [string, string], table: unknown): TableDefinition {
  const at = `table "${tableName}"`;
  if (!isObject(table) || !isObject(table['columns'])) throw invalid(`: ${at} must have "columns:", a map of types`);
  checkKeys(table, ['source', 'columns', 'parameters'], at);
  const { source = tableName, parameters = {} } = table;
  if (typeof source !== 'string') throw invalid(`: "source" of ${at} must be the table's name in the source`);
  const columns = Object.entries(table['columns']).map(([name, column]) => parseColumn({ name, column, at }));
  const names = nameColumns(columns.map((column) => column.name));
  if (columns.some(({ name }) => names.get(name) !== name.toLowerCase()))
    throw invalid(`: ${at} has columns that differ only in case: give one another name and its "source"`);
  return {
    schemaName: schemaName.toLowerCase(),
    tableName: tableName.toLowerCase(),
    sourceTable: source,
    columns: columns.map((column) => ({ ...column, name: column.name.toLowerCase() })),
    parameters: parseParameters(parameters, at),
  };
}

function parseParameters(parameters: unknown, at: string): Readonly<Record<string, string>> {
  if (!isObject(parameters)) throw invalid(`: "parameters" of ${at} must be a map of texts`);
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
        throw invalid(`: parameter "${name}" of ${at} must be a text`);
      return [name, String(value)];
    }),
  );
}

function parseColumn({ name, column, at }: { name: string; column: unknown; at: string }): Column {
  if (typeof column === 'string') return { name, source: name, type: parseColumnType(column) };
  if (!isObject(column)) throw invalid(`: column "${name}" of ${at} must be a type, or "type" and "source"`);
  checkKeys(column, ['type', 'source'], `column "${name}" of ${at}`);
  const { type, source = name } = column;
  if (typeof type !== 'string' || typeof source !== 'string')
    throw invalid(`: column "${name}" of ${at} needs "type" and perhaps "source", as text`);
  return { name, source, type: parseColumnType(type) };
}

function checkKeys(value: Readonly<Record<string, unknown>>, known: readonly string[], at: string): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw invalid(`: ${at} has an unknown key "${unknown}"; it takes ${known.join(', ')}`);
}

function checkGlueTable(value: unknown): GlueTable {
  if (!isObject(value) || typeof value['Name'] !== 'string') throw invalid(': a table of TableList has no Name');
  const { Name, DatabaseName, Parameters = {}, PartitionKeys = [], StorageDescriptor = {} } = value;
  const wrong = (what: string) => invalid(`: ${what} of table "${Name}" is not as Glue writes it`);
  if (DatabaseName !== undefined && typeof DatabaseName !== 'string') throw wrong('DatabaseName');
  if (!isObject(StorageDescriptor)) throw wrong('StorageDescriptor');
  const { Columns = [], Location } = StorageDescriptor;
  if (Location !== undefined && typeof Location !== 'string') throw wrong('Location');
  if (!isTexts(Parameters)) throw wrong('Parameters');
  return {
    Name,
    DatabaseName: DatabaseName ?? DEFAULT_SCHEMA,
    Parameters,
    PartitionKeys: checkGlueColumns(PartitionKeys, () => wrong('PartitionKeys')),
    StorageDescriptor: {
      Columns: checkGlueColumns(Columns, () => wrong('Columns')),
      ...(Location !== undefined && { Location }),
    },
  };
}

function checkGlueColumns(columns: unknown, wrong: () => ErganeError): { Name: string; Type: string }[] {
  if (!Array.isArray(columns)) throw wrong();
  return columns.map((column: unknown) => {
    if (!isObject(column) || typeof column['Name'] !== 'string') throw wrong();
    const { Name, Type = 'string' } = column;
    if (typeof Type !== 'string') throw wrong();
    return { Name, Type };
  });
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((member) => typeof member === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(what: string, cause?: unknown): ErganeError {
  const text = what.startsWith(':') ? what : ` ${what}`;
  return new ErganeError('CONFIG_INVALID', `the setting ${DEFINITIONS_SETTING}${text}`, {
    where: { setting: DEFINITIONS_SETTING },
    cause,
  });
}
