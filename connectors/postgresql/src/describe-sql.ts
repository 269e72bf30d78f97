import type { SqlColumn, SqlDialect, SqlTable } from '@ergane/protocol';
import type { Relation } from './catalog.ts';
import type { PostgresqlOptions } from './options.ts';
import { planColumn, printDelivered } from './planned-column.ts';
import type { PlannedColumn } from './planned-column.ts';
import { quoteName } from './types.ts';

/**
 * Literals do not depend on `standard_conforming_strings`. A timestamp says its precision: one without would be read as microseconds.
 */
const DIALECT: SqlDialect = {
  textLiteral: 'escaped',
  indexedLiteral: 'escaped',
  selectText: '{}',
  selectTimestamp: 'CAST({} AS timestamp(3))',
  groupText: '{}',
};

/** What of a relation may stand in native queries that the engine makes. */
export function describeSql({ tableName, columns }: Relation, options: PostgresqlOptions): SqlTable {
  const { schemaName, tableName: name } = tableName;
  const described = columns.map((source) => [source.name, describeColumn(planColumn(source, options))] as const);
  return {
    relation: `${quoteName(schemaName)}.${quoteName(name)}`,
    columns: Object.fromEntries(described),
    dialect: DIALECT,
  };
}

function describeColumn(column: PlannedColumn): SqlColumn {
  const { type, source, sql } = column;
  const kind = kindOf(column);
  if (kind === 'opaque') return { kind, value: printDelivered(column, 'equality') };
  if (type.comparison !== 'text') return { kind, value: printDelivered(column, 'order') };
  return { kind, value: `${sql}::text collate "C"`, ...(source.deterministic && { indexed: sql }) };
}

function kindOf({ type }: PlannedColumn): SqlColumn['kind'] {
  switch (type.comparison) {
    case 'text':
    case 'cast-text':
    case 'uuid':
      return 'text';
    case 'timestamp':
      return 'timestamp';
    case 'timestamptz':
    case 'none':
      return 'opaque';
    case 'plain':
      return PLAIN_KINDS[type.kind] ?? 'opaque';
  }
}

/** Binary floating point sums and sorts otherwise, or not the same each time. */
const PLAIN_KINDS: Readonly<Record<string, SqlColumn['kind']>> = {
  bool: 'boolean',
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  decimal: 'decimal',
  date: 'date',
};
