import type { Expression, Name, Position, Query, TableName } from './syntax-tree.ts';

/** `name = value` of a WITH clause; without a value it is DEFAULT. */
export interface WriteProperty {
  readonly name: string;
  readonly at: Position;
  readonly value?: Expression;
}

export interface CreateTableAs {
  readonly kind: 'create table as';
  readonly at: Position;
  readonly name: TableName;
  readonly ifNotExists: boolean;
  readonly columns?: readonly Name[];
  readonly comment?: string;
  readonly properties: readonly WriteProperty[];
  readonly query: Query;
  /** false: WITH NO DATA */
  readonly withData: boolean;
}

export interface Insert {
  readonly kind: 'insert';
  readonly at: Position;
  readonly name: TableName;
  readonly columns?: readonly Name[];
  readonly query: Query;
}

export interface Unload {
  readonly kind: 'unload';
  readonly at: Position;
  readonly query: Query;
  readonly location: string;
  readonly properties: readonly WriteProperty[];
}

export interface CreateView {
  readonly kind: 'create view';
  readonly at: Position;
  readonly name: TableName;
  readonly replace: boolean;
  readonly comment?: string;
  readonly query: Query;
  /** the query as written */
  readonly text: string;
}

export interface DropView {
  readonly kind: 'drop view';
  readonly at: Position;
  readonly name: TableName;
  readonly ifExists: boolean;
}

/** The statements that write rows. */
export type WriteStatement = CreateTableAs | Insert | Unload;

/** The statements about views. */
export type ViewStatement =
  | CreateView
  | DropView
  | { readonly kind: 'show create view'; readonly at: Position; readonly name: TableName }
  | {
      readonly kind: 'show views';
      readonly catalog?: string;
      readonly schema?: string;
      /** Hive's pattern: `*` any characters, `|` alternatives */
      readonly like?: string;
    };
