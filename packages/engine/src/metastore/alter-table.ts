import { ErganeError } from '@ergane/protocol';
import type { ColumnDefinition, MetastoreState, PartitionDefinition, TableDefinition } from './metastore.ts';
import { describePartition, replaceTable, requireTable } from './metastore-changes.ts';

/** Replaces a table by what `change` makes of it, when its column names still differ. @throws ErganeError DUPLICATE_COLUMN_NAME */
export function alterTable(
  state: MetastoreState,
  database: string,
  change: { readonly table: string; readonly make: (table: TableDefinition) => TableDefinition },
): MetastoreState {
  const table = change.make(requireTable(state, database, change.table));
  checkColumnNames(table);
  return replaceTable(state, database, table);
}

/** @throws ErganeError DUPLICATE_COLUMN_NAME */
export function checkColumnNames({ name, columns, partitionKeys }: TableDefinition): void {
  const names = [...columns, ...partitionKeys].map((column) => column.name);
  const twice = names.find((column, index) => names.indexOf(column) !== index);
  if (twice !== undefined)
    throw new ErganeError('DUPLICATE_COLUMN_NAME', `Column name '${twice}' specified more than once`, {
      where: { table: name, column: twice },
    });
}

/** `ALTER TABLE … CHANGE COLUMN`: another name, type or comment, another place. Partition keys stay as they are. */
export function changeColumn(
  table: TableDefinition,
  change: {
    readonly from: string;
    readonly column: ColumnDefinition;
    readonly place?: 'first' | { readonly after: string };
  },
): TableDefinition {
  const { from, column, place } = change;
  const at = requireColumn(table, from);
  const known = table.columns[at]?.comment;
  const changed = column.comment === undefined && known !== undefined ? { ...column, comment: known } : column;
  if (place === undefined) return { ...table, columns: table.columns.with(at, changed) };
  const others = table.columns.toSpliced(at, 1);
  const to = place === 'first' ? 0 : requireColumn({ ...table, columns: others }, place.after) + 1;
  return { ...table, columns: others.toSpliced(to, 0, changed) };
}

function requireColumn(table: TableDefinition, name: string): number {
  const at = table.columns.findIndex((column) => column.name === name);
  if (at >= 0) return at;
  const isKey = table.partitionKeys.some((key) => key.name === name);
  throw new ErganeError(
    isKey ? 'NOT_SUPPORTED' : 'COLUMN_NOT_FOUND',
    isKey
      ? `Column '${name}' is a partition key of table ${table.name}, which cannot be changed: make another table`
      : `Column '${name}' does not exist in table ${table.name}, whose columns are ${table.columns.map((column) => column.name).join(', ')}`,
    { where: { table: table.name, column: name } },
  );
}

/** Puts `partition` in the place of the partition with the values `from`. */
export function replacePartition(
  table: TableDefinition,
  from: readonly string[],
  change: (partition: PartitionDefinition) => PartitionDefinition,
): TableDefinition {
  const key = JSON.stringify(from);
  const at = table.partitions.findIndex(({ values }) => JSON.stringify(values) === key);
  const found = table.partitions[at];
  if (found === undefined) throw partitionMissing(table, from);
  const changed = change(found);
  const same = table.partitions.findIndex(({ values }) => JSON.stringify(values) === JSON.stringify(changed.values));
  if (same >= 0 && same !== at)
    throw new ErganeError(
      'TABLE_ALREADY_EXISTS',
      `Partition already exists: ${describePartition(table, changed.values)} of table ${table.name}`,
      { where: { table: table.name } },
    );
  return { ...table, partitions: table.partitions.with(at, changed) };
}

export function partitionMissing(table: TableDefinition, values: readonly string[]): ErganeError {
  return new ErganeError(
    'INVALID_FUNCTION_ARGUMENT',
    `Partition does not exist: ${describePartition(table, values)} of table ${table.name}: SHOW PARTITIONS lists what there is`,
    { where: { table: table.name } },
  );
}
