import { ErganeError } from '@ergane/protocol';
import { randomUUID } from 'node:crypto';
import { parseS3Location, printS3Location } from '../files/s3-location.ts';
import { partitionFolders } from '../files/partition-location.ts';
import type { ColumnDefinition, MetastoreState, PartitionDefinition, TableDefinition } from '../metastore/metastore.ts';
import * as changes from '../metastore/metastore-changes.ts';
import { findView } from '../metastore/view-changes.ts';
import { printHiveType } from '../metastore/print-hive-type.ts';
import { failAt } from '../sql/emit/typed.ts';
import type { CompiledQuery } from '../sql/index.ts';
import type { CreateTableAs } from '../sql/parse/write-statement.ts';
import type { WriteLayout } from '../write/copy-text.ts';
import { namedColumns, type NamedColumn } from '../write/named-columns.ts';
import { resolveWriteName, type WriteContext, type WriteName, type WrittenRows } from '../write/write-context.ts';
import { writeFiles } from '../write/write-files.ts';
import { readWriteProperties, type WriteProperties } from '../write/write-properties.ts';

const NOTHING: WrittenRows = { rows: 0n, files: [] };

/** `CREATE TABLE … AS` (https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html): the table is there with all its rows, or is not. */
export async function runCreateTableAs(statement: CreateTableAs, context: WriteContext): Promise<WrittenRows> {
  const name = resolveWriteName(context, statement.name, 'creating tables with data');
  const { catalog } = name;
  const properties = readWriteProperties('create table as', statement.properties);
  const state = await catalog.metastore.read();
  const { location: databaseLocation } = changes.requireDatabase(state, name.database);
  if (exists(state, name)) {
    if (statement.ifNotExists) return NOTHING;
    throw alreadyExists(statement, name);
  }
  const location = findLocation(properties, databaseLocation ?? catalog.warehouse.writing.defaultLocation);
  const describe = (compiled: CompiledQuery) => describeTable(compiled, { statement, properties, name, location });
  const check = (current: MetastoreState): void => {
    if (exists(current, name)) throw alreadyExists(statement, name);
  };
  if (!statement.withData) {
    const { table } = describe(await context.writer.compile(statement.query));
    await catalog.metastore.update((current) => {
      check(current);
      return changes.createTable(current, name.database, { table, ifNotExists: false });
    });
    return NOTHING;
  }
  let table: TableDefinition | undefined;
  const partition = (values: readonly string[]): PartitionDefinition => ({
    values,
    location: `${location}${partitionFolders({ partitionKeys: table?.partitionKeys ?? [] }, values)}`,
  });
  return writeFiles({
    place: catalog,
    writer: context.writer,
    query: statement.query,
    signal: context.signal,
    folder: location,
    isNew: true,
    check,
    layout(compiled) {
      const described = describe(compiled);
      table = described.table;
      return described.layout;
    },
    locate: (_state, { values }) => partition(values).location,
    commit(current, files) {
      if (table === undefined) throw new ErganeError('INTERNAL', 'the table was not described');
      const partitions = table.partitionKeys.length === 0 ? [] : files.map(({ values }) => partition(values));
      const distinct = [...new Map(partitions.map((each) => [each.location, each])).values()];
      check(current);
      return changes.createTable(current, name.database, {
        table: { ...table, partitions: distinct },
        ifNotExists: false,
      });
    },
  });
}

function exists(state: MetastoreState, { database, table }: WriteName): boolean {
  return changes.findTable(state, database, table) !== undefined || findView(state, database, table) !== undefined;
}

function alreadyExists(statement: CreateTableAs, { text }: WriteName): ErganeError {
  return failAt('TABLE_ALREADY_EXISTS', statement.at, `Destination table '${text}' already exists`);
}

/** Tables without a location of their own get a folder that no other ever had, as in Athena. */
function findLocation({ externalLocation }: WriteProperties, base: string | undefined): string {
  if (externalLocation !== undefined) return printS3Location(parseS3Location(externalLocation));
  if (base !== undefined) return `${printS3Location(parseS3Location(base))}tables/${randomUUID()}/`;
  throw new ErganeError(
    'INVALID_TABLE_PROPERTY',
    "the table needs a place: say WITH (external_location = 's3://bucket/folder/'), or set s3.warehouse in the configuration",
    { where: { setting: 's3.warehouse' } },
  );
}

function describeTable(
  compiled: CompiledQuery,
  {
    statement,
    properties,
    name,
    location,
  }: {
    readonly statement: CreateTableAs;
    readonly properties: WriteProperties;
    readonly name: WriteName;
    readonly location: string;
  },
): { readonly table: TableDefinition; readonly layout: WriteLayout } {
  const columns = namedColumns(compiled, statement);
  const { data, keys } = dividePartitions(columns, properties.partitionedBy, statement);
  const define = ({ name: column, type }: NamedColumn): ColumnDefinition => ({
    name: column,
    type: printHiveType(type, column),
  });
  const table: TableDefinition = {
    kind: 'external',
    name: name.table,
    columns: data.map(define),
    partitionKeys: keys.map(define),
    location,
    storage: properties.storage,
    parameters: properties.parameters,
    ...(statement.comment === undefined ? {} : { comment: statement.comment }),
    partitions: [],
    createdAt: Date.now(),
  };
  return { table, layout: { format: properties.format, columns: data, partitionKeys: keys } };
}

/** @throws ErganeError HIVE_COLUMN_ORDER_MISMATCH, INVALID_TABLE_PROPERTY */
export function dividePartitions(
  columns: readonly NamedColumn[],
  partitionedBy: readonly string[],
  { at }: Pick<CreateTableAs, 'at'>,
): { readonly data: readonly NamedColumn[]; readonly keys: readonly NamedColumn[] } {
  const unknown = partitionedBy.filter((key) => !columns.some(({ name }) => name === key));
  if (unknown.length > 0)
    throw failAt('INVALID_TABLE_PROPERTY', at, `Partition columns [${unknown.join(', ')}] not present in schema`);
  const data = columns.slice(0, columns.length - partitionedBy.length);
  const keys = columns.slice(data.length);
  if (data.length === 0) throw failAt('INVALID_TABLE_PROPERTY', at, 'Table contains only partition columns');
  if (keys.some(({ name }, index) => name !== partitionedBy[index]))
    throw failAt(
      'HIVE_COLUMN_ORDER_MISMATCH',
      at,
      `Partition keys must be the last columns in the table and in the same order as the table properties: [${partitionedBy.join(', ')}]`,
    );
  return { data, keys };
}
