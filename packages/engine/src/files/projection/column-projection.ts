import type { ValueSet } from '@ergane/protocol';
import { ErganeError } from '@ergane/protocol';
import type { ColumnDefinition, TableDefinition } from '../../metastore/metastore.ts';
import type { TrinoType } from '../../sql/trino-type.ts';

/** A partition key whose values table properties tell, as a query sees it. */
export interface ProjectedColumn {
  readonly table: TableDefinition;
  readonly column: ColumnDefinition;
  readonly type: TrinoType;
  /** what the query admits; absent: everything */
  readonly admitted: ValueSet | undefined;
  /** milliseconds since the epoch */
  readonly now: number;
}

/** One value: as the metastore would keep it, and as it stands in the location of its files. */
export interface ProjectedValue {
  readonly text: string;
  readonly inLocation: string;
}

/** More values of a column, or partitions of a table, than this are an error that says which columns to constrain. */
export const MAX_PROJECTED = 1_000_000;

/** The trimmed text of `projection.<column>.<name>`. */
export function findProperty({ table, column }: ProjectedColumn, name: string): string | undefined {
  return ownText(table.parameters, `projection.${column.name}.${name}`)?.trim();
}

export function requireProperty(projected: ProjectedColumn, name: string, example: string): string {
  return findProperty(projected, name) ?? failProperty(projected, name, example);
}

/** A positive whole number. */
export function positiveProperty(projected: ProjectedColumn, name: string): number | undefined {
  const text = findProperty(projected, name);
  if (text === undefined) return undefined;
  return /^\d{1,15}$/.test(text) && Number(text) > 0
    ? Number(text)
    : failProperty(projected, name, 'a number such as 1');
}

/** @throws ErganeError CONFIG_INVALID that names the property and what it must be */
export function failProperty({ table, column }: ProjectedColumn, name: string, expected: string): never {
  const setting = `projection.${column.name}.${name}`;
  const text = ownText(table.parameters, setting);
  throw new ErganeError(
    'CONFIG_INVALID',
    `table property ${setting} of table ${table.name} ${text === undefined ? 'is missing' : `is "${text}"`}: it must be ${expected}`,
    { where: { table: table.name, column: column.name, setting } },
  );
}

export function tooMany({ table, column }: ProjectedColumn): ErganeError {
  return new ErganeError(
    'CONSTRAINT_VIOLATION',
    `partition key ${column.name} of table ${table.name} has more than ${MAX_PROJECTED} projected values: constrain it in WHERE, or narrow projection.${column.name}.range`,
    { where: { table: table.name, column: column.name } },
  );
}

export function ownText(record: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
