import { ErganeError } from '@ergane/protocol';
import { listHiveFolders } from '../files/list-hive-folders.ts';
import { parseS3Location } from '../files/s3-location.ts';
import type { Warehouse } from '../files/warehouse.ts';
import type { Metastore, TableDefinition } from '../metastore/metastore.ts';
import * as changes from '../metastore/metastore-changes.ts';
import { isVisible } from '../metastore/write-ledger.ts';
import type { DdlStatement, DdlTableName } from '../sql/ddl/ddl-statement.ts';
import { describeTable } from './describe-table.ts';
import { makeTable } from './make-table.ts';
import { printCreateTable } from './print-create-table.ts';
import { alterState } from './run-alter-table.ts';

export interface DdlContext {
  readonly metastore: Metastore;
  readonly warehouse: Warehouse;
  /** the session's database */
  readonly database: string;
}

/** What Athena shows of the statement: columns of text, or nothing. */
export interface DdlResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const NOTHING: DdlResult = { columns: [], rows: [] };

function list(column: string, rows: readonly string[]): DdlResult {
  return { columns: [column], rows: rows.map((row) => [row]) };
}

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
    case 'alter database': {
      const { name, change } = statement;
      if ('location' in change) parseS3Location(change.location);
      await metastore.update((state) => changes.alterDatabase(state, name, change));
      return NOTHING;
    }
    case 'add partitions':
    case 'drop partitions':
    case 'rename partition':
    case 'add columns':
    case 'replace columns':
    case 'change column':
    case 'set table properties':
    case 'set location':
      await metastore.update(alterState(statement, databaseOf(statement.name, context)));
      return NOTHING;
    case 'describe': {
      const table = await findTable(statement.name, context);
      return describeTable(databaseOf(statement.name, context), table, statement);
    }
    case 'repair table':
      return repairTable(statement.name, context);
    case 'show partitions': {
      const table = await findTable(statement.name, context);
      if (table.partitionKeys.length === 0) throw notPartitioned(table);
      return list('partition', table.partitions.map(({ values }) => changes.describePartition(table, values)).sort());
    }
    case 'show create table': {
      const table = await findTable(statement.name, context);
      const text = printCreateTable(databaseOf(statement.name, context), table);
      return list('createtab_stmt', text.split('\n'));
    }
    case 'show tblproperties': {
      const { parameters } = await findTable(statement.name, context);
      const { property } = statement;
      if (property === undefined)
        return list(
          'prpt_name',
          Object.entries(parameters).map(([key, value]) => `${key}\t${value}`),
        );
      const value = Object.hasOwn(parameters, property) ? parameters[property] : undefined;
      return list('prpt_name', [value ?? `Table has no property ${property}`]);
    }
  }
}

/** Adds the partitions whose `key=value` folders exist and are not known yet. Folders of other names are told, not guessed. */
async function repairTable(name: DdlTableName, context: DdlContext): Promise<DdlResult> {
  const database = databaseOf(name, context);
  const table = await findTable(name, context);
  if (table.partitionKeys.length === 0) throw notPartitioned(table);
  const { writes } = await context.metastore.read();
  const { partitions, strange } = await listHiveFolders(context.warehouse, table, (file) => isVisible(writes, file));
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
  return list('result', [...rows, ...strange.map((folder) => `Folder is no partition of the table: ${folder}`)]);
}

function databaseOf(name: DdlTableName, context: DdlContext): string {
  return name.database ?? context.database;
}

async function findTable(name: DdlTableName, context: DdlContext): Promise<TableDefinition> {
  return changes.requireTable(await context.metastore.read(), databaseOf(name, context), name.table);
}

function notPartitioned(table: TableDefinition): ErganeError {
  return new ErganeError('INVALID_FUNCTION_ARGUMENT', `Table ${table.name} is not a partitioned table`, {
    where: { table: table.name },
  });
}
