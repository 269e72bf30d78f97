import type { TableFacts } from './table-facts.ts';
import { typeColumn } from './types.ts';
import type { TypedColumn } from './types.ts';

/** Finds columns by any spelling: MySQL's column names do not differ by case alone. */
export interface ColumnsByName {
  get(name: string): TypedColumn | undefined;
}

export function columnsByName(
  { columns }: Pick<TableFacts, 'columns'>,
  isUsable: (column: TypedColumn) => boolean = () => true,
): ColumnsByName {
  const typed = new Map(
    columns
      .map((column) => [column.name.toLowerCase(), typeColumn(column)] as const)
      .filter(([, column]) => isUsable(column)),
  );
  return { get: (name) => typed.get(name.toLowerCase()) };
}
