import type { SqlColumn, SqlDialect, SqlTable } from '@ergane/protocol';
import { quoteTable } from './sql-text.ts';
import type { TableFacts } from './table-facts.ts';
import { typeColumn } from './types.ts';
import type { Comparison, TypedColumn } from './types.ts';

/** Text is compared as its bytes, whatever the collation of the column; sessions read `\` in literals, so none is written. */
const DIALECT: SqlDialect = {
  textLiteral: 'hexadecimal',
  indexedLiteral: 'hexadecimal text',
  selectText: 'CONVERT({} USING utf8mb4)',
  selectTimestamp: 'CAST({} AS DATETIME(3))',
  // where MySQL sorts to group, as it does for COUNT(DISTINCT …), it takes bytes that are NULL for an empty text, and back again
  groupText: '{} IS NULL, {}',
};

/** bytes of text that MySQL looks at when it sorts or groups (`max_sort_length`) */
const SORTED_BYTES = 1024;

/** What of a table may stand in native queries that the engine makes. */
export function describeSql({ tableName, columns }: TableFacts, zeroDates: 'error' | 'null'): SqlTable {
  const described = columns.map(typeColumn).flatMap((column) => {
    const found = describeColumn(column, zeroDates);
    return found === undefined ? [] : [[column.source.name, found] as const];
  });
  return { relation: quoteTable(tableName), columns: Object.fromEntries(described), dialect: DIALECT };
}

const KINDS: Readonly<Record<Comparison, SqlColumn['kind']>> = {
  integer: 'integer',
  decimal: 'decimal',
  // sums and orders of binary floating point depend on the order of the rows
  double: 'opaque',
  boolean: 'opaque',
  text: 'text',
  bytes: 'opaque',
  date: 'date',
  dateTime: 'timestamp',
  milliseconds: 'timestamp',
};

/** Dates that are read as NULL are none to the server, so they may not be used. BIT is a string to some operators. */
function describeColumn(column: TypedColumn, zeroDates: 'error' | 'null'): SqlColumn | undefined {
  const { comparison, compare, indexed, source } = column;
  const kind = source.dataType === 'bit' ? 'opaque' : KINDS[comparison];
  if ((kind === 'date' || kind === 'timestamp') && zeroDates === 'null') return undefined;
  if (kind !== 'text') return { kind, value: compare };
  // of unknown length, or of more bytes than `max_sort_length` may be
  const isLong = source.length <= 0 || source.length * 4 > SORTED_BYTES;
  const hasIndex = indexed !== undefined && source.charset === 'utf8mb4';
  return { kind, value: compare, ...(hasIndex && { indexed }), ...(isLong && { isLong }) };
}
