import { readFile } from 'node:fs/promises';
import { ErganeError } from '@ergane/protocol';
import { fromGlueTable } from './glue-table.ts';
import type { GlueTable } from './glue-table.ts';
import { parseColumnType } from './parse-type.ts';
import { nameColumns } from './table-definition.ts';
import type { Column, SchemaSource, TableDefinition } from './table-definition.ts';

const SETTING = 'ergane_table_definitions';

/**
 * Table definitions of the setting `ergane_table_definitions`: YAML or JSON text, or `file:` and a path. Either `tables:` (see the
 * README) or what `aws glue get-tables` prints (`TableList`).
 */
export function makeDefinitionSource(setting: string): SchemaSource {
  let tables: Promise<ReadonlyMap<string, TableDefinition>> | undefined;
  const read = (): Promise<ReadonlyMap<string, TableDefinition>> => (tables ??= readDefinitions(setting));
  return {
    listTables: async () => [...(await read()).keys()],
    findTable: async (_context, tableName) => (await read()).get(tableName.toLowerCase()),
  };
}

async function readDefinitions(setting: string): Promise<ReadonlyMap<string, TableDefinition>> {
  const text = setting.startsWith('file:') ? await readDefinitionFile(setting.slice('file:'.length)) : setting;
  const { parse } = await import('yaml');
  let document: unknown;
  try {
    document = parse(text);
  } catch (cause) {
    throw invalid(`is not YAML: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  const definitions = parseDefinitions(document);
  return new Map(definitions.map((definition) => [definition.tableName, definition]));
}

async function readDefinitionFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw invalid(`names the file ${path}, which cannot be read (${String(cause)})`, cause);
  }
}

function parseDefinitions(document: unknown): readonly TableDefinition[] {
  if (!isObject(document)) throw invalid('must hold "tables:" or Glue\'s "TableList"');
  const unknown = Object.keys(document).find((name) => name !== 'tables' && name !== 'TableList');
  if (unknown !== undefined) throw invalid(`has an unknown key "${unknown}": it holds "tables" or Glue's "TableList"`);
  const { tables = {}, TableList: glueTables = [] } = document;
  if (!isObject(tables) || !Array.isArray(glueTables)) throw invalid('must hold "tables:" as a map of tables');
  return [
    ...Object.entries(tables).map(([name, table]) => parseTable(name, table)),
    ...glueTables.map((table: unknown) => fromGlueTable(checkGlueTable(table))),
  ];
}

function parseTable(tableName: string, table: unknown): TableDefinition {
  const at = `table "${tableName}"`;
  if (!isObject(table) || !isObject(table['columns'])) throw invalid(`: ${at} must have "columns:", a map of types`);
  checkKeys(table, ['table', 'columns'], at);
  const { table: sourceTable = tableName } = table;
  if (typeof sourceTable !== 'string') throw invalid(`: "table" of ${at} must be a table's name in DynamoDB`);
  const columns = Object.entries(table['columns']).map(([name, column]) => parseColumn({ name, column, at }));
  const names = nameColumns(columns.map((column) => column.name));
  if (columns.some(({ name }) => names.get(name) !== name.toLowerCase()))
    throw invalid(`: ${at} has columns that differ only in case: give one another name and its "attribute"`);
  return {
    tableName: tableName.toLowerCase(),
    sourceTable,
    columns: columns.map((column) => ({ ...column, name: column.name.toLowerCase() })),
  };
}

function parseColumn({ name, column, at }: { name: string; column: unknown; at: string }): Column {
  if (typeof column === 'string') return { name, attribute: name, type: parseColumnType(column) };
  if (!isObject(column)) throw invalid(`: column "${name}" of ${at} must be a type, or "type" and "attribute"`);
  checkKeys(column, ['type', 'attribute'], `column "${name}" of ${at}`);
  const { type, attribute = name } = column;
  if (typeof type !== 'string' || typeof attribute !== 'string')
    throw invalid(`: column "${name}" of ${at} needs "type" and perhaps "attribute", as text`);
  return { name, attribute, type: parseColumnType(type) };
}

function checkKeys(value: Readonly<Record<string, unknown>>, known: readonly string[], at: string): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw invalid(`: ${at} has an unknown key "${unknown}"; it takes ${known.join(', ')}`);
}

function checkGlueTable(value: unknown): GlueTable {
  if (!isObject(value) || typeof value['Name'] !== 'string') throw invalid(': a table of TableList has no Name');
  const { Name, Parameters, PartitionKeys, StorageDescriptor } = value;
  const parts = { Parameters, PartitionKeys, StorageDescriptor };
  for (const [name, part] of Object.entries(parts))
    if (part !== undefined && (typeof part !== 'object' || part === null))
      throw invalid(`: ${name} of table "${Name}" is not as Glue writes it`);
  return value as unknown as GlueTable;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(what: string, cause?: unknown): ErganeError {
  const text = what.startsWith(':') ? what : ` ${what}`;
  return new ErganeError('CONFIG_INVALID', `the setting ${SETTING}${text}`, { where: { setting: SETTING }, cause });
}
