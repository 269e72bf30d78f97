import type { TableName } from '@ergane/protocol';
import type { CallContext } from '@ergane/sdk';
import type { ColumnType } from './column-type.ts';

/** A column of SQL and what it shows of the source. */
export interface Column {
  /** lower case, as Athena has it */
  readonly name: string;
  /** the attribute, field or `family:qualifier` in the source */
  readonly source: string;
  readonly type: ColumnType;
}

export interface TableDefinition {
  /** lower case, as Athena has it */
  readonly schemaName: string;
  readonly tableName: string;
  /** the table, collection or topic in the source */
  readonly sourceTable: string;
  readonly columns: readonly Column[];
  /** Glue's table parameters, such as `redis-key-prefix`; what a connector makes of them is its own matter */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The schema of sources that have but one, and of definitions that name none. */
export const DEFAULT_SCHEMA = 'default';

/** Where definitions of tables come from. A table that no source knows is inferred, where a connector can. */
export interface SchemaSource {
  listSchemas(context: CallContext): Promise<readonly string[]>;
  listTables(context: CallContext, schemaName: string): Promise<readonly string[]>;
  /** Finds it whatever the case of its names. */
  findTable(context: CallContext, table: TableName): Promise<TableDefinition | undefined>;
}

/** One source of all of them; an earlier one's definition of a table hides a later one's. */
export function joinSources(sources: readonly SchemaSource[]): SchemaSource {
  const gather = async (list: (source: SchemaSource) => Promise<readonly string[]>): Promise<readonly string[]> => {
    const names = await Promise.all(sources.map(list));
    return [...new Set(names.flat())];
  };
  return {
    listSchemas: (context) => gather((source) => source.listSchemas(context)),
    listTables: (context, schemaName) => gather((source) => source.listTables(context, schemaName)),
    async findTable(context, table) {
      for (const source of sources) {
        const found = await source.findTable(context, table);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/**
 * Names columns after the names of the source, in lower case. Of names that differ only in case the one in lower case stays as it is, then
 * they are numbered in the order of their code units: `Name` and `name` are `name_2` and `name`. None is lost.
 */
export function nameColumns(sources: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>(sources.filter((source) => source === source.toLowerCase()));
  const names = new Map<string, string>([...taken].map((source) => [source, source]));
  for (const source of [...sources].filter((name) => !names.has(name)).sort()) {
    const lower = source.toLowerCase();
    let name = lower;
    for (let number = 2; taken.has(name); number++) name = `${lower}_${number}`;
    taken.add(name);
    names.set(source, name);
  }
  return names;
}
