import type { Relation, SourceColumn } from './catalog.ts';
import type { PostgresqlOptions } from './options.ts';
import { findColumnType, quoteName } from './types.ts';
import type { ColumnType } from './types.ts';

/** A column with how it is delivered, and the SQL that says so. */
export interface PlannedColumn {
  readonly source: SourceColumn;
  readonly type: ColumnType;
  /** the quoted name */
  readonly sql: string;
  /** true for the values that the Arrow type can hold; undefined: it holds all, or what it cannot hold is an error */
  readonly finite: string | undefined;
}

export type PlannedColumns = ReadonlyMap<string, PlannedColumn>;

export function planColumns(relation: Relation, options: PostgresqlOptions): PlannedColumns {
  return new Map(relation.columns.map((source) => [source.name, planColumn(source, options)]));
}

/** One column. */
export function planColumn(source: SourceColumn, options: PostgresqlOptions): PlannedColumn {
  const type = findColumnType(source, options);
  const sql = quoteName(source.name);
  const special = options.specialValues === 'null' ? type.special : undefined;
  const finite =
    special === 'nan' ? `${sql}::text not in ('NaN', 'Infinity', '-Infinity')` : special && `isfinite(${sql})`;
  return { source, type, sql, finite };
}

/** The expression of the select list. */
export function printSelected({ sql, type }: PlannedColumn): string {
  return type.cast === undefined ? sql : `${sql}::${type.cast}`;
}

/**
 * The delivered value as SQL sees it, in an order that is the engine's: strings by code point (collation "C" of UTF-8), timestamps cut
 * to milliseconds. `loose` leaves out what costs an index and is not needed for equality of strings.
 */
export function printDelivered(column: PlannedColumn, use: 'equality' | 'order'): string {
  const { source, sql, type, finite } = column;
  const value = (): string => {
    switch (type.comparison) {
      case 'text':
        return use === 'equality' && source.deterministic ? sql : `${sql} collate "C"`;
      case 'uuid':
      case 'cast-text':
        return use === 'equality' ? `${sql}::text` : `${sql}::text collate "C"`;
      case 'timestamp':
      case 'timestamptz':
        return `date_trunc('milliseconds', ${sql})`;
      case 'plain':
      case 'none':
        return type.cast === undefined ? sql : `${sql}::${type.cast}`;
    }
  };
  return finite === undefined ? value() : `(case when ${finite} then ${value()} end)`;
}

export function printIsNull({ sql, finite }: PlannedColumn): string {
  return finite === undefined ? `${sql} is null` : `(${finite}) is not true`;
}

export function printIsNotNull({ sql, finite }: PlannedColumn): string {
  return finite === undefined ? `${sql} is not null` : `(${finite}) is true`;
}
