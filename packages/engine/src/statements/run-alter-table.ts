import { tableColumns } from '../files/file-relation.ts';
import { partitionLocation } from '../files/partition-location.ts';
import { alterTable, changeColumn, replacePartition } from '../metastore/alter-table.ts';
import type { MetastoreState, PartitionDefinition, TableDefinition } from '../metastore/metastore.ts';
import * as changes from '../metastore/metastore-changes.ts';
import type { DdlStatement } from '../sql/ddl/ddl-statement.ts';
import { normaliseLocation, partitionValues, someValues } from './partition-values.ts';

/** The statements that change one table. */
export type AlterStatement = Extract<
  DdlStatement,
  {
    readonly kind:
      | 'add partitions'
      | 'drop partitions'
      | 'rename partition'
      | 'add columns'
      | 'replace columns'
      | 'change column'
      | 'set table properties'
      | 'set location';
  }
>;

/** The change of the metastore that a statement means; data on S3 stays as it is. */
export function alterState(statement: AlterStatement, database: string): (state: MetastoreState) => MetastoreState {
  const { table: name } = statement.name;
  switch (statement.kind) {
    case 'add partitions':
      return (state) => {
        const table = changes.requireTable(state, database, name);
        const partitions = statement.partitions.map(({ spec, location }): PartitionDefinition => {
          const values = partitionValues(table, spec);
          const own = location === undefined ? partitionLocation(table, values) : normaliseLocation(location);
          return { values, location: own };
        });
        const { ifNotExists } = statement;
        return changes.addPartitions(state, database, { table: name, partitions, ifNotExists });
      };
    case 'drop partitions':
      return (state) => {
        const table = changes.requireTable(state, database, name);
        const specs = statement.specs.map((spec) => someValues(table, spec));
        return changes.dropPartitions(state, database, { table: name, specs, ifExists: statement.ifExists });
      };
    case 'rename partition':
    case 'add columns':
    case 'replace columns':
    case 'change column':
    case 'set table properties':
    case 'set location':
      return (state) => alterTable(state, database, { table: name, make: (table) => checked(alter(table, statement)) });
  }
}

function alter(
  table: TableDefinition,
  statement: Exclude<AlterStatement, { readonly kind: 'add partitions' | 'drop partitions' }>,
): TableDefinition {
  switch (statement.kind) {
    case 'rename partition':
      // as Hive with external tables: the files stay where they are
      return replacePartition(table, partitionValues(table, statement.from), ({ location }) => ({
        values: partitionValues(table, statement.to),
        location,
      }));
    case 'add columns':
      return { ...table, columns: [...table.columns, ...statement.columns] };
    case 'replace columns':
      return { ...table, columns: statement.columns };
    case 'change column':
      return changeColumn(table, statement);
    case 'set table properties': {
      const { comment, ...parameters } = statement.parameters;
      return {
        ...table,
        parameters: { ...table.parameters, ...parameters },
        ...(comment === undefined ? {} : { comment }),
      };
    }
    case 'set location': {
      const location = normaliseLocation(statement.location);
      if (statement.spec === undefined) return { ...table, location };
      return replacePartition(table, partitionValues(table, statement.spec), ({ values }) => ({ values, location }));
    }
  }
}

/** Its types are types. */
function checked(table: TableDefinition): TableDefinition {
  tableColumns(table);
  return table;
}
