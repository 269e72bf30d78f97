/**
 * The extension `ergane.sql`: what an engine has to know of a SQL source to say part of a query in the source's own language and be sure
 * that the answer is the one it would compute itself. A connector announces it for a table only where it is sure.
 */
export interface SqlTable {
  /** the table as FROM names it */
  readonly relation: string;
  /** by the name that the column has in the table's schema; a column that is absent may not be used */
  readonly columns: Readonly<Record<string, SqlColumn>>;
  readonly dialect: SqlDialect;
}

/**
 * What may be done with a column at the source: `opaque` ones are NULL or not, and no more. Text compares by the bytes of UTF-8. Whole
 * numbers and decimals are exact, timestamps without zone have milliseconds.
 */
export type SqlKind = 'integer' | 'decimal' | 'boolean' | 'text' | 'date' | 'timestamp' | 'opaque';

export interface SqlColumn {
  readonly kind: SqlKind;
  /** SQL of the value in the form that compares, groups and sorts as the engine does; NULL where the engine sees NULL */
  readonly value: string;
  /** SQL whose equality with a text literal holds wherever that of `value` does, and which an index may serve */
  readonly indexed?: string;
  /** longer than the source looks when it groups or sorts: it may take values for equal that are not */
  readonly isLong?: boolean;
}

/** How the source writes what differs between SQL dialects. `{}` stands for a value. */
export interface SqlDialect {
  /** a text literal to compare with: `E'…'` with backslashes doubled, or `X'…'`, the bytes of UTF-8 */
  readonly textLiteral: 'escaped' | 'hexadecimal';
  /** a text literal to compare with `indexed` */
  readonly indexedLiteral: 'escaped' | 'hexadecimal text';
  /** SQL that selects a text or timestamp value in the form that a native query is to answer */
  readonly selectText: string;
  readonly selectTimestamp: string;
  /** what stands in GROUP BY for a text */
  readonly groupText: string;
}

const KINDS: ReadonlySet<string> = new Set<SqlKind>([
  'integer',
  'decimal',
  'boolean',
  'text',
  'date',
  'timestamp',
  'opaque',
]);

/** The member `sql` of a GetTableResponse; undefined where it is absent or of another shape. */
export function readSqlTable(member: unknown): SqlTable | undefined {
  if (!isRecord(member) || typeof member['relation'] !== 'string') return undefined;
  const { relation, columns, dialect } = member;
  if (!isRecord(columns) || !isDialect(dialect)) return undefined;
  const known: Record<string, SqlColumn> = {};
  for (const [name, column] of Object.entries(columns)) {
    if (!isColumn(column)) return undefined;
    known[name] = column;
  }
  return { relation, columns: known, dialect };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isColumn(value: unknown): value is SqlColumn {
  if (!isRecord(value)) return false;
  const { kind, value: text, indexed, isLong } = value;
  return (
    typeof kind === 'string' &&
    KINDS.has(kind) &&
    typeof text === 'string' &&
    (indexed === undefined || typeof indexed === 'string') &&
    (isLong === undefined || typeof isLong === 'boolean')
  );
}

function isDialect(value: unknown): value is SqlDialect {
  if (!isRecord(value)) return false;
  return (
    (value['textLiteral'] === 'escaped' || value['textLiteral'] === 'hexadecimal') &&
    (value['indexedLiteral'] === 'escaped' || value['indexedLiteral'] === 'hexadecimal text') &&
    typeof value['selectText'] === 'string' &&
    typeof value['selectTimestamp'] === 'string' &&
    typeof value['groupText'] === 'string'
  );
}
