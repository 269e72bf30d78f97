import { ErganeError } from '@ergane/protocol';
import type { DatabaseDefinition, MetastoreState, PartitionDefinition, TableDefinition } from './metastore.ts';

/** @throws ErganeError SCHEMA_NOT_FOUND */
export function requireDatabase(state: MetastoreState, name: string): DatabaseDefinition {
  const database = ownValue(state.databases, name);
  if (database !== undefined) return database;
  throw new ErganeError('SCHEMA_NOT_FOUND', `Schema '${name}' does not exist: CREATE DATABASE makes it`, {
    where: { schema: name },
  });
}

/** @throws ErganeError SCHEMA_NOT_FOUND, TABLE_NOT_FOUND */
export function requireTable(state: MetastoreState, database: string, name: string): TableDefinition {
  const table = ownValue(requireDatabase(state, database).tables, name);
  if (table !== undefined) return table;
  throw new ErganeError('TABLE_NOT_FOUND', `Table 'awsdatacatalog.${database}.${name}' does not exist`, {
    where: { schema: database, table: name },
  });
}

export function findTable(state: MetastoreState, database: string, name: string): TableDefinition | undefined {
  const found = ownValue(state.databases, database);
  return found === undefined ? undefined : ownValue(found.tables, name);
}

/** A database's name may be any text, `__proto__` too. */
function ownValue<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

export function createDatabase(
  state: MetastoreState,
  database: DatabaseDefinition,
  ifNotExists: boolean,
): MetastoreState {
  if (ownValue(state.databases, database.name) === undefined) return putDatabase(state, database);
  if (ifNotExists) return state;
  throw new ErganeError('SCHEMA_ALREADY_EXISTS', `Schema '${database.name}' already exists`, {
    where: { schema: database.name },
  });
}

export function alterDatabase(
  state: MetastoreState,
  name: string,
  change: { readonly parameters: Readonly<Record<string, string>> } | { readonly location: string },
): MetastoreState {
  const database = requireDatabase(state, name);
  return putDatabase(
    state,
    'location' in change
      ? { ...database, location: change.location }
      : { ...database, parameters: { ...database.parameters, ...change.parameters } },
  );
}

export function dropDatabase(
  state: MetastoreState,
  name: string,
  options: { readonly ifExists: boolean; readonly cascade: boolean },
): MetastoreState {
  if (ownValue(state.databases, name) === undefined && options.ifExists) return state;
  const { tables, views = {} } = requireDatabase(state, name);
  const count = Object.keys(tables).length + Object.keys(views).length;
  if (count > 0 && !options.cascade) {
    throw new ErganeError(
      'SCHEMA_NOT_EMPTY',
      `Schema '${name}' is not empty: it has ${count} tables. Drop them first, or use DROP DATABASE ${name} CASCADE`,
      { where: { schema: name } },
    );
  }
  return { ...state, databases: without(state.databases, name) };
}

export function createTable(
  state: MetastoreState,
  database: string,
  change: { readonly table: TableDefinition; readonly ifNotExists: boolean },
): MetastoreState {
  const { table, ifNotExists } = change;
  const isTaken = ownValue(requireDatabase(state, database).tables, table.name) !== undefined;
  if (!isTaken && !hasView(state, database, table.name)) return replaceTable(state, database, table);
  if (ifNotExists) return state;
  throw new ErganeError('TABLE_ALREADY_EXISTS', `Table 'awsdatacatalog.${database}.${table.name}' already exists`, {
    where: { schema: database, table: table.name },
  });
}

export function dropTable(
  state: MetastoreState,
  database: string,
  change: { readonly name: string; readonly ifExists: boolean },
): MetastoreState {
  if (hasView(state, database, change.name)) throw isView(database, change.name);
  if (findTable(state, database, change.name) === undefined && change.ifExists) return state;
  requireTable(state, database, change.name);
  const found = requireDatabase(state, database);
  return putDatabase(state, { ...found, tables: without(found.tables, change.name) });
}

function hasView(state: MetastoreState, database: string, name: string): boolean {
  return ownValue(ownValue(state.databases, database)?.views ?? {}, name) !== undefined;
}

function isView(database: string, name: string): ErganeError {
  const text = `awsdatacatalog.${database}.${name}`;
  return new ErganeError(
    'TABLE_NOT_FOUND',
    `Table '${text}' does not exist, but a view with that name exists. Did you mean DROP VIEW ${text}?`,
    { where: { schema: database, table: name } },
  );
}

/** Adds partitions; of two with the same values the first is kept when `ifNotExists`. */
export function addPartitions(
  state: MetastoreState,
  database: string,
  change: {
    readonly table: string;
    readonly partitions: readonly PartitionDefinition[];
    readonly ifNotExists: boolean;
  },
): MetastoreState {
  const table = requireTable(state, database, change.table);
  const known = new Map(table.partitions.map((partition) => [partitionKey(partition.values), partition]));
  for (const partition of change.partitions) {
    const key = partitionKey(partition.values);
    if (!known.has(key)) known.set(key, partition);
    else if (!change.ifNotExists)
      throw new ErganeError(
        'TABLE_ALREADY_EXISTS',
        `Partition already exists: ${describePartition(table, partition.values)} of table ${database}.${table.name}`,
        { where: { schema: database, table: table.name } },
      );
  }
  return replaceTable(state, database, { ...table, partitions: [...known.values()] });
}

/** Drops the partitions that have the values of a spec; a key that the spec leaves out may have any, as in Hive. */
export function dropPartitions(
  state: MetastoreState,
  database: string,
  change: {
    readonly table: string;
    readonly specs: readonly (readonly (string | undefined)[])[];
    readonly ifExists: boolean;
  },
): MetastoreState {
  const table = requireTable(state, database, change.table);
  const matches = (spec: readonly (string | undefined)[], { values }: PartitionDefinition) =>
    spec.every((value, index) => value === undefined || value === values[index]);
  const missing = change.specs.find((spec) => !table.partitions.some((partition) => matches(spec, partition)));
  if (missing !== undefined && !change.ifExists)
    throw new ErganeError(
      'INVALID_FUNCTION_ARGUMENT',
      `Partition does not exist: ${describeSpec(table, missing)} of table ${database}.${table.name}: SHOW PARTITIONS lists what there is`,
      { where: { schema: database, table: table.name } },
    );
  const left = table.partitions.filter((partition) => !change.specs.some((spec) => matches(spec, partition)));
  return replaceTable(state, database, { ...table, partitions: left });
}

function describeSpec(table: TableDefinition, spec: readonly (string | undefined)[]): string {
  return table.partitionKeys
    .flatMap(({ name }, index) => (spec[index] === undefined ? [] : [`${name}=${spec[index]}`]))
    .join('/');
}

/** `year=2024/month=01`, as Hive names a partition. */
export function describePartition(table: TableDefinition, values: readonly string[]): string {
  return table.partitionKeys.map((key, index) => `${key.name}=${values[index] ?? ''}`).join('/');
}

function partitionKey(values: readonly string[]): string {
  return JSON.stringify(values);
}

/** Puts a table in the place of the one of its name. */
export function replaceTable(state: MetastoreState, database: string, table: TableDefinition): MetastoreState {
  const found = requireDatabase(state, database);
  return putDatabase(state, { ...found, tables: { ...found.tables, [table.name]: table } });
}

function putDatabase(state: MetastoreState, database: DatabaseDefinition): MetastoreState {
  return { ...state, databases: { ...state.databases, [database.name]: database } };
}

function without<Value>(record: Readonly<Record<string, Value>>, name: string): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
