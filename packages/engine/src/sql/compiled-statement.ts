import type { PushablePart } from './analyze/pushable.ts';
import type { Position, Query } from './parse/syntax-tree.ts';
import type { TrinoType } from './trino-type.ts';

/** Such a catalog is a function by its name, which has a case: `"lambda:Orders"`. */
export const FUNCTION_CATALOG = 'lambda:';

/** What the SQL front end needs to know of a table. Given by catalog/, in lower-cased, qualified names. */
export interface ResolvedTable {
  readonly catalogName: string;
  readonly schemaName: string;
  readonly tableName: string;
  readonly columns: readonly { readonly name: string; readonly type: TrinoType; readonly hidden?: boolean }[];
  /** the DuckDB relation that stands for the table, such as `ergane_scan(3)` or `read_parquet([...])`; its columns have the names above */
  readonly relation: string;
}

/** A query that stands for a table: `session` is what names in it mean, `columns` what it had when it was made. */
export interface ResolvedView {
  readonly catalogName: string;
  readonly schemaName: string;
  readonly viewName: string;
  readonly columns: ResolvedTable['columns'];
  readonly query: Query;
  readonly session: { readonly catalog?: string; readonly schema?: string };
}

/** Looks tables up while a statement is resolved. Throws ErganeError CATALOG_NOT_FOUND, SCHEMA_NOT_FOUND or TABLE_NOT_FOUND. */
export interface TableResolver {
  resolveTable(name: {
    readonly catalog?: string;
    readonly schema?: string;
    readonly table: string;
    /** of a table of information_schema: what the query asks for */
    readonly hints?: NameHints;
  }): Promise<ResolvedTable | ResolvedView>;
  /** Throws FUNCTION_NOT_FOUND, INVALID_FUNCTION_ARGUMENT; absent: there are no table functions */
  resolveTableFunction?(name: TableFunctionName): Promise<ResolvedTable>;
}

/** Schemas and tables, in lower case, outside of which nothing is asked of information_schema; undefined: all are. */
export interface NameHints {
  readonly schemas?: readonly string[];
  readonly tables?: readonly string[];
}

/** A call of a table function: its name and arguments as written, the values as text. */
export interface TableFunctionName {
  readonly catalog?: string;
  readonly schema?: string;
  readonly name: string;
  readonly arguments: readonly { readonly name?: string; readonly value: string }[];
  readonly at: Position;
}

/** A query that the front end translated: text for DuckDB and how to print each column. */
export interface CompiledQuery {
  readonly kind: 'query';
  readonly duckdbSql: string;
  /** the same text with marks in place of the parts that a source may be able to answer whole */
  readonly marked?: { readonly text: string; readonly parts: readonly PushablePart[] };
  readonly columns: readonly { readonly name: string; readonly type: TrinoType }[];
  /** numbers of the columns that the query gave no name: theirs is Trino's `_col0` */
  readonly anonymous?: readonly number[];
}
