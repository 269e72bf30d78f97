import { ErganeError } from '@ergane/protocol';
import { tableColumns } from '../files/file-relation.ts';
import { partitionLocation } from '../files/partition-location.ts';
import type { MetastoreState, TableDefinition } from '../metastore/metastore.ts';
import * as changes from '../metastore/metastore-changes.ts';
import { findView } from '../metastore/view-changes.ts';
import { failAt } from '../sql/emit/typed.ts';
import type { Insert } from '../sql/parse/write-statement.ts';
import { assignColumns } from '../write/assign-columns.ts';
import { insertFormat } from '../write/table-layout.ts';
import { resolveWriteName, type WriteContext, type WriteName, type WrittenRows } from '../write/write-context.ts';
import { writeFiles } from '../write/write-files.ts';

/** `INSERT INTO` a table on S3: its rows are seen all at once, with the partitions that are new. */
export async function runInsert(statement: Insert, context: WriteContext): Promise<WrittenRows> {
  const name = resolveWriteName(context, statement.name, 'inserts');
  const { catalog } = name;
  const table = findTarget(await catalog.metastore.read(), name, statement);
  const format = insertFormat(table);
  const columns = tableColumns(table);
  return writeFiles({
    place: catalog,
    writer: context.writer,
    query: statement.query,
    signal: context.signal,
    folder: table.location,
    isNew: false,
    check: (state) => void requireSame(state, name, table),
    layout(compiled) {
      const assigned = assignColumns(columns, compiled, statement);
      const data = assigned.slice(0, table.columns.length);
      return { format, columns: data, partitionKeys: assigned.slice(data.length) };
    },
    locate: (state, { values }) => locationOf(requireSame(state, name, table), values),
    commit(state, files) {
      const current = requireSame(state, name, table);
      if (current.partitionKeys.length === 0 || current.parameters['projection.enabled'] === 'true') return state;
      // a partition that was moved since the files were put there would not be theirs
      const distinct = new Map(
        files.map(({ values }) => [JSON.stringify(values), { values, location: locationOf(current, values) }]),
      );
      return changes.addPartitions(state, name.database, {
        table: table.name,
        partitions: [...distinct.values()],
        ifNotExists: true,
      });
    },
  });
}

function findTarget(state: MetastoreState, name: WriteName, { at }: Insert): TableDefinition {
  const table = changes.findTable(state, name.database, name.table);
  if (table !== undefined) return table;
  if (findView(state, name.database, name.table) !== undefined)
    throw failAt('NOT_SUPPORTED', at, 'Inserting into views is not supported');
  changes.requireDatabase(state, name.database);
  throw failAt('TABLE_NOT_FOUND', at, `Table '${name.text}' does not exist`);
}

/** @throws ErganeError when the table is not the one that the statement began with */
function requireSame(state: MetastoreState, { database, text }: WriteName, before: TableDefinition): TableDefinition {
  const now = changes.findTable(state, database, before.name);
  if (now?.createdAt === before.createdAt && now.location === before.location) return now;
  throw new ErganeError(
    'SOURCE_CHANGED',
    `table ${text} was dropped or replaced while rows were written to it: run the statement again`,
    {
      where: { schema: database, table: before.name },
    },
  );
}

function locationOf(table: TableDefinition, values: readonly string[]): string {
  if (table.partitionKeys.length === 0) return table.location;
  const known = table.partitions.find((partition) => partition.values.every((value, index) => value === values[index]));
  if (known !== undefined) return known.location.endsWith('/') ? known.location : `${known.location}/`;
  const template = table.parameters['storage.location.template'];
  if (table.parameters['projection.enabled'] !== 'true' || template === undefined)
    return partitionLocation(table, values);
  const filled = table.partitionKeys.reduce(
    (text, { name }, index) => text.replaceAll(`\${${name}}`, () => values[index] ?? ''),
    template,
  );
  return filled.endsWith('/') ? filled : `${filled}/`;
}
