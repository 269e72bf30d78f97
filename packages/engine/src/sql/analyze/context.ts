import type { Expression, Query, WindowSpecification } from '../parse/syntax-tree.ts';
import type { Typed } from '../emit/typed.ts';
import type { ParameterValues } from './parameters.ts';
import type { PushableParts } from './pushable.ts';
import type { Scope } from './scope.ts';

/** The session of a statement, as far as SQL can see it. */
export interface SqlSession {
  readonly catalog?: string;
  readonly schema?: string;
  readonly user?: string;
  /** the moment that current_timestamp means */
  readonly startedAt?: Date;
}

/** A query translated: its text and its columns, which the text names c0, c1, …. */
export interface QueryResultShape {
  readonly sql: string;
  readonly columns: readonly { readonly name?: string; readonly type: Typed['type'] }[];
}

/** What the analysis of one query shares. */
export interface StatementContext {
  readonly session: SqlSession;
  readonly parameters: ParameterValues;
  /** a name for a relation that no other in the statement has */
  readonly freshName: (prefix: string) => string;
  /** collects what a source may be able to answer whole */
  readonly pushable: PushableParts;
  readonly translateQuery: (query: Query, parent: Scope | undefined) => QueryResultShape;
}

/** Where grouped queries look first: what is a group's key or an aggregate is a column of the grouped relation. */
export interface Grouping {
  /** the column for an expression that is a grouping key */
  readonly findKey: (node: Expression) => Typed | undefined;
  /** registers an aggregate of DuckDB and gives a mark for it, to make Trino's aggregate of */
  readonly markAggregate: (sql: string) => string;
  /** registers an aggregate and gives the column that holds it */
  readonly addAggregate: (value: Typed) => Typed;
  /** names and scope of the rows before grouping, in which an aggregate's arguments are read */
  readonly source: ExpressionContext;
  readonly translateGroupingOperation: (columns: readonly Expression[]) => Typed;
}

/** What an expression is analysed in. */
export interface ExpressionContext {
  readonly statement: StatementContext;
  readonly scope: Scope;
  readonly grouping?: Grouping;
  readonly windows?: ReadonlyMap<string, WindowSpecification>;
  /** the clause, when aggregates or windows may not stand in it */
  readonly noAggregates?: string;
  readonly noWindows?: string;
}
