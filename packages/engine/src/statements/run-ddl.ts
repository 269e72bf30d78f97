import { ErganeError } from '@ergane/protocol';
import { listHiveFolders } from '../files/list-hive-folders.ts';
import { parseS3Location, printS3Location } from '../files/s3-location.ts';
import type { Warehouse } from '../files/warehouse.ts';
import type { Metastore, PartitionDefinition, TableDefinition } from '../metastore/metastore.ts';
import * as changes from '../metastore/metastore-changes.ts';
import { parsePartitionValue } from '../files/partition-value.ts';
import { parseHiveType } from '../metastore/hive-type.ts';
import type { DdlStatement, DdlTableName, PartitionSpec } from '../sql/ddl/ddl-statement.ts';
import { makeTable } from './make-table.ts';
import { printCreateTable } from './print-create-table.ts';

export interface DdlContext {
  readonly metastore: Metastore;
  readonly warehouse: Warehouse;
  /** the session's database */
  readonly database: string;
}

/** What Athena shows of the statement: one column of text, or nothing. */
export interface DdlResult {
  readonly column?: string;
  readonly rows: readonly string[];
}

const NOTHING: DdlResult = { rows: [] };

/**
 * Runs one statement on the metastore. Data on S3 is never changed: as in Athena, DROP TABLE leaves the files.
 * @throws ErganeError of metastore-changes.ts, METASTORE_FAILED, STORE_FAILED
 */
export async function runDdl(statement: DdlStatement, context: DdlContext): Promise<DdlResult> {
  const { metastore } = context;
  switch (statement.kind) {
    case 'create database': {
      const { name, comment, location, parameters, ifNotExists } = statement;
      const optional = {
        ...(comment === undefined ? {} : { comment }),
        ...(location === undefined ? {} : { location }),
      };
      if (location !== undefined) parseS3Location(location);
      const database = { name, ...optional, parameters, tables: {} };
      await metastore.update((state) => changes.createDatabase(state, database, ifNotExists));
      return NOTHING;
    }
    case 'drop database':
      await metastore.update((state) => changes.dropDatabase(state, statement.name, statement));
      return NOTHING;
    case 'create table': {
      const table = makeTable(statement, Date.now());
      const { ifNotExists } = statement;
      await metastore.update((state) =>
        changes.createTable(state, databaseOf(statement.name, context), { table, ifNotExists }),
      );
      return NOTHING;
    }
    case 'drop table': {
      const change = { name: statement.name.table, ifExists: statement.ifExists };
      await metastore.update((state) => changes.dropTable(state, databaseOf(statement.name, context), change));
      return NOTHING;
    }
    case 'add partitions':
      return addPartitions(statement, context);
    case 'drop partitions':
      return dropPartitions(statement, context);
    case 'repair table':
      return repairTable(statement.name, context);
    case 'show partitions': {
      const table = await findTable(statement.name, context);
      if (table.partitionKeys.length === 0) throw notPartitioned(table);
      return {
        column: 'partition',
        rows: table.partitions.map(({ values }) => changes.describePartition(table, values)).sort(),
      };
    }
    case 'show create table': {
      const table = await findTable(statement.name, context);
      const text = printCreateTable(databaseOf(statement.name, context), table);
      return { column: 'createtab_stmt', rows: text.split('\n') };
    }
    case 'show tblproperties': {
      const { parameters } = await findTable(statement.name, context);
      const { property } = statement;
      if (property === undefined)
        return { column: 'prpt_name', rows: Object.entries(parameters).map(([key, value]) => `${key}\t${value}`) };
      const value = Object.hasOwn(parameters, property) ? parameters[property] : undefined;
      return { column: 'prpt_name', rows: [value ?? `Table has no property ${property}`] };
    }
  }
}

async function addPartitions(
  statement: Extract<DdlStatement, { readonly kind: 'add partitions' }>,
  context: DdlContext,
): Promise<DdlResult> {
  const database = databaseOf(statement.name, context);
  await context.metastore.update((state) => {
    const table = changes.requireTable(state, database, statement.name.table);
    const partitions = statement.partitions.map(({ spec, location }): PartitionDefinition => {
      const values = partitionValues(table, spec);
      return { values, location: location === undefined ? defaultLocation(table, values) : normalise(location) };
    });
    return changes.addPartitions(state, database, {
      table: table.name,
      partitions,
      ifNotExists: statement.ifNotExists,
    });
  });
  return NOTHING;
}

async function dropPartitions(
  statement: Extract<DdlStatement, { readonly kind: 'drop partitions' }>,
  context: DdlContext,
): Promise<DdlResult> {
  const database = databaseOf(statement.name, context);
  await context.metastore.update((state) => {
    const table = changes.requireTable(state, database, statement.name.table);
    const values = statement.specs.map((spec) => partitionValues(table, spec));
    return changes.dropPartitions(state, database, { table: table.name, values, ifExists: statement.ifExists });
  });
  return NOTHING;
}

/** Adds the partitions whose `key=value` folders exist and are not known yet. Folders of other names are told, not guessed. */
async function repairTable(name: DdlTableName, context: DdlContext): Promise<DdlResult> {
  const database = databaseOf(name, context);
  const table = await findTable(name, context);
  if (table.partitionKeys.length === 0) throw notPartitioned(table);
  const { partitions, strange } = await listHiveFolders(context.warehouse, table);
  const known = new Set(table.partitions.map(({ values }) => JSON.stringify(values)));
  const added = partitions.filter(({ values }) => !known.has(JSON.stringify(values)));
  await context.metastore.update((state) =>
    changes.addPartitions(state, database, { table: table.name, partitions: added, ifNotExists: true }),
  );
  const rows = added.map(({ values }) => {
    const partition = changes.describePartition(table, values);
    return `Repair: Added partition to metastore ${table.name}:${partition}`;
  });
  if (added.length > 0)
    rows.unshift(
      `Partitions not in metastore: ${added.map(({ values }) => `${table.name}:${changes.describePartition(table, values)}`).join(' ')}`,
    );
  return {
    column: 'result',
    rows: [...rows, ...strange.map((folder) => `Folder is no partition of the table: ${folder}`)],
  };
}

function databaseOf(name: DdlTableName, context: DdlContext): string {
  return name.database ?? context.database;
}

async function findTable(name: DdlTableName, context: DdlContext): Promise<TableDefinition> {
  return changes.requireTable(await context.metastore.read(), databaseOf(name, context), name.table);
}

function partitionValues(table: TableDefinition, spec: PartitionSpec): readonly string[] {
  const values = table.partitionKeys.map((key) => {
    const found = spec.find(({ column }) => column === key.name)?.value;
    if (found !== undefined) parsePartitionValue(found, parseHiveType(key.type), key.name);
    return found;
  });
  const given = values.filter((value) => value !== undefined);
  if (given.length === table.partitionKeys.length && spec.length === given.length) return given;
  const keys = table.partitionKeys.map(({ name }) => name).join(', ') || 'none: it is not partitioned';
  throw new ErganeError(
    'INVALID_FUNCTION_ARGUMENT',
    `PARTITION (${spec.map(({ column }) => column).join(', ')}) does not fit table ${table.name}, whose partition keys are ${keys}`,
    { where: { table: table.name } },
  );
}

function defaultLocation(table: TableDefinition, values: readonly string[]): string {
  const folders = table.partitionKeys.map(({ name }, index) => `${name}=${encodeFolder(values[index] ?? '')}/`);
  return `${table.location}${folders.join('')}`;
}

/** Hive's escapes of what cannot stand in a folder's name. */
function encodeFolder(value: string): string {
  return value.replace(/[\u0000-\u001f"#%'*/:=?\\{}[\]^\u007f]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

function normalise(location: string): string {
  return printS3Location(parseS3Location(location));
}

function notPartitioned(table: TableDefinition): ErganeError {
  return new ErganeError('INVALID_FUNCTION_ARGUMENT', `Table ${table.name} is not a partitioned table`, {
    where: { table: table.name },
  });
}
