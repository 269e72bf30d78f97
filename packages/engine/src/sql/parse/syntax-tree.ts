import type { PreparedStatement } from './prepared-statement.ts';
import type { ViewStatement, WriteStatement } from './write-statement.ts';

/** Where a node begins: line from 1, column from 1, as Trino's messages count. */
export interface Position {
  readonly line: number;
  readonly col: number;
}

/** A name as written; names are compared without case, quoted or not. */
export interface Name {
  readonly text: string;
  readonly quoted: boolean;
  readonly at: Position;
}

/** A type as written: `decimal(10, 2)`, `row(a bigint)`; resolved by types/. */
export interface TypeNode {
  readonly name: string;
  readonly parameters: readonly TypeParameterNode[];
  readonly at: Position;
}
export type TypeParameterNode =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'type'; readonly type: TypeNode; readonly field?: string };

export interface SortItem {
  readonly expression: Expression;
  readonly descending: boolean;
  /** Trino's default is last in both directions */
  readonly nullsFirst: boolean;
}

export type FrameBound =
  | { readonly kind: 'unbounded'; readonly following: boolean }
  | { readonly kind: 'current row' }
  | { readonly kind: 'offset'; readonly following: boolean; readonly value: Expression };

export interface WindowSpecification {
  readonly existing?: string;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortItem[];
  readonly frame?: {
    readonly unit: 'rows' | 'range' | 'groups';
    readonly start: FrameBound;
    readonly end: FrameBound;
  };
}
export type Over = { readonly name: string; readonly at: Position } | WindowSpecification;

export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type IntervalField = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

export interface FunctionCall {
  readonly kind: 'call';
  readonly at: Position;
  readonly name: string;
  readonly arguments: readonly Expression[];
  readonly star?: boolean;
  readonly distinct?: boolean;
  readonly orderBy?: readonly SortItem[];
  readonly filter?: Expression;
  readonly over?: Over;
  readonly nulls?: 'ignore' | 'respect';
}

/** One of the SQL standard's JSON functions with its clauses, each clause as a word or two in `options`. */
export interface JsonCall {
  readonly kind: 'json';
  readonly at: Position;
  readonly function: 'json_exists' | 'json_value' | 'json_query' | 'json_object' | 'json_array';
  readonly input?: JsonInput;
  readonly path?: string;
  readonly passing: readonly { readonly name: string; readonly value: JsonInput }[];
  readonly members: readonly { readonly key?: Expression; readonly value: JsonInput }[];
  readonly returning?: TypeNode;
  readonly returningFormat?: string;
  readonly onEmpty?: JsonBehavior;
  readonly onError?: JsonBehavior;
  readonly wrapper?: 'without' | 'conditional' | 'unconditional';
  readonly quotes?: 'keep' | 'omit';
  readonly nullOnNull?: boolean;
  readonly uniqueKeys?: boolean;
}
export interface JsonInput {
  readonly expression: Expression;
  readonly format?: string;
}
export interface JsonBehavior {
  readonly kind: 'error' | 'null' | 'default' | 'empty array' | 'empty object' | 'true' | 'false' | 'unknown';
  readonly value?: Expression;
}

export type Expression =
  | { readonly kind: 'null'; readonly at: Position }
  | { readonly kind: 'parameter'; readonly at: Position; readonly index?: number }
  | { readonly kind: 'boolean'; readonly at: Position; readonly value: boolean }
  | { readonly kind: 'integer'; readonly at: Position; readonly text: string }
  | { readonly kind: 'decimal'; readonly at: Position; readonly text: string }
  | { readonly kind: 'double'; readonly at: Position; readonly text: string }
  | { readonly kind: 'string'; readonly at: Position; readonly text: string }
  | { readonly kind: 'binary'; readonly at: Position; readonly text: string }
  | { readonly kind: 'typed'; readonly at: Position; readonly type: string; readonly text: string }
  | {
      readonly kind: 'interval';
      readonly at: Position;
      readonly negative: boolean;
      readonly text: string;
      readonly from: IntervalField;
      readonly to?: IntervalField;
    }
  | { readonly kind: 'name'; readonly at: Position; readonly name: Name }
  | { readonly kind: 'field'; readonly at: Position; readonly base: Expression; readonly field: Name }
  | {
      readonly kind: 'arithmetic';
      readonly at: Position;
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'negate'; readonly at: Position; readonly operand: Expression }
  | { readonly kind: 'concat'; readonly at: Position; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'at time zone'; readonly at: Position; readonly operand: Expression; readonly zone: Expression }
  | {
      readonly kind: 'comparison';
      readonly at: Position;
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'quantified';
      readonly at: Position;
      readonly operator: ComparisonOperator;
      readonly quantifier: 'all' | 'any';
      readonly left: Expression;
      readonly query: Query;
    }
  | { readonly kind: 'and' | 'or'; readonly at: Position; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly at: Position; readonly operand: Expression }
  | {
      readonly kind: 'between';
      readonly at: Position;
      readonly operand: Expression;
      readonly lower: Expression;
      readonly upper: Expression;
    }
  | {
      readonly kind: 'in list';
      readonly at: Position;
      readonly operand: Expression;
      readonly items: readonly Expression[];
    }
  | { readonly kind: 'in query'; readonly at: Position; readonly operand: Expression; readonly query: Query }
  | {
      readonly kind: 'like';
      readonly at: Position;
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape?: Expression;
    }
  | { readonly kind: 'is null'; readonly at: Position; readonly operand: Expression }
  | { readonly kind: 'distinct from'; readonly at: Position; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'exists'; readonly at: Position; readonly query: Query }
  | { readonly kind: 'subquery'; readonly at: Position; readonly query: Query }
  | {
      readonly kind: 'cast';
      readonly at: Position;
      readonly try: boolean;
      readonly operand: Expression;
      readonly type: TypeNode;
    }
  | {
      readonly kind: 'case';
      readonly at: Position;
      readonly operand?: Expression;
      readonly whens: readonly { readonly when: Expression; readonly then: Expression }[];
      readonly otherwise?: Expression;
    }
  | { readonly kind: 'array' | 'row'; readonly at: Position; readonly items: readonly Expression[] }
  | { readonly kind: 'subscript'; readonly at: Position; readonly base: Expression; readonly index: Expression }
  | {
      readonly kind: 'lambda';
      readonly at: Position;
      readonly parameters: readonly string[];
      readonly body: Expression;
    }
  | { readonly kind: 'grouping'; readonly at: Position; readonly columns: readonly Expression[] }
  | FunctionCall
  | JsonCall;

export interface TableName {
  readonly parts: readonly Name[];
  readonly at: Position;
}

/** A column of JSON_TABLE; its call reads the item that the row stands for under the name `$item`. */
export type JsonTableColumn =
  | { readonly kind: 'value'; readonly name: Name; readonly call: JsonCall }
  | { readonly kind: 'ordinality'; readonly name: Name }
  | { readonly kind: 'nested'; readonly rows: JsonCall; readonly columns: readonly JsonTableColumn[] };

export type Relation =
  | { readonly kind: 'table'; readonly at: Position; readonly name: TableName }
  | { readonly kind: 'query'; readonly at: Position; readonly query: Query; readonly lateral: boolean }
  | {
      readonly kind: 'unnest';
      readonly at: Position;
      readonly arguments: readonly Expression[];
      readonly ordinality: boolean;
    }
  | {
      readonly kind: 'aliased';
      readonly at: Position;
      readonly relation: Relation;
      readonly alias: Name;
      readonly columns?: readonly Name[];
    }
  | {
      readonly kind: 'join';
      readonly at: Position;
      readonly type: 'cross' | 'inner' | 'left' | 'right' | 'full';
      readonly left: Relation;
      readonly right: Relation;
      readonly on?: Expression;
      readonly using?: readonly Name[];
      readonly natural?: boolean;
    }
  | {
      readonly kind: 'sample';
      readonly at: Position;
      readonly relation: Relation;
      readonly method: 'bernoulli' | 'system';
      readonly percentage: Expression;
    }
  | {
      readonly kind: 'table function';
      readonly at: Position;
      readonly name: readonly Name[];
      readonly arguments: readonly { readonly name?: string; readonly value: Expression }[];
    }
  | {
      readonly kind: 'json table';
      readonly at: Position;
      readonly rows: JsonCall;
      readonly columns: readonly JsonTableColumn[];
    }
  | { readonly kind: 'unsupported'; readonly at: Position; readonly what: string };

export type SelectItem =
  | { readonly kind: 'expression'; readonly at: Position; readonly expression: Expression; readonly alias?: Name }
  | { readonly kind: 'all'; readonly at: Position }
  | { readonly kind: 'all of'; readonly at: Position; readonly base: Expression; readonly aliases?: readonly Name[] };

export type GroupingElement =
  | { readonly kind: 'sets'; readonly sets: readonly (readonly Expression[])[] }
  | { readonly kind: 'simple'; readonly set: readonly Expression[] }
  | { readonly kind: 'cube' | 'rollup'; readonly sets: readonly (readonly Expression[])[] };

export interface Select {
  readonly kind: 'select';
  readonly at: Position;
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from?: Relation;
  readonly where?: Expression;
  readonly groupBy?: { readonly distinct: boolean; readonly elements: readonly GroupingElement[] };
  readonly having?: Expression;
  readonly windows: readonly { readonly name: string; readonly window: WindowSpecification }[];
}

export type QueryBody =
  | Select
  | {
      readonly kind: 'set operation';
      readonly at: Position;
      readonly operator: 'union' | 'intersect' | 'except';
      readonly all: boolean;
      readonly left: QueryBody;
      readonly right: QueryBody;
    }
  | { readonly kind: 'values'; readonly at: Position; readonly rows: readonly Expression[] }
  | { readonly kind: 'table'; readonly at: Position; readonly name: TableName }
  | { readonly kind: 'nested'; readonly at: Position; readonly query: Query };

export interface NamedQuery {
  readonly name: Name;
  readonly columns?: readonly Name[];
  readonly query: Query;
}

export interface Query {
  readonly at: Position;
  readonly recursive: boolean;
  readonly with: readonly NamedQuery[];
  readonly body: QueryBody;
  readonly orderBy: readonly SortItem[];
  readonly offset?: Expression;
  readonly limit?: Expression;
  readonly withTies: boolean;
}

/** A name of up to three parts: catalog, schema, table. */
export interface QualifiedName {
  readonly catalog?: string;
  readonly schema?: string;
  readonly table: string;
}

export type ExplainFormat = 'text' | 'graphviz' | 'json';
export type ExplainType = 'logical' | 'distributed' | 'validate' | 'io';

/** One statement. What is not a query is plain data that the engine acts on; `ddl` is for src/sql/ddl to parse. */
export type Statement =
  | { readonly kind: 'query'; readonly query: Query }
  | {
      readonly kind: 'explain';
      readonly analyze: boolean;
      readonly format: ExplainFormat;
      readonly type: ExplainType;
      readonly statement: Statement;
    }
  | { readonly kind: 'show catalogs'; readonly like?: string }
  | { readonly kind: 'show schemas'; readonly catalog?: string; readonly like?: string }
  | {
      readonly kind: 'show tables';
      readonly catalog?: string;
      readonly schema?: string;
      /** SQL LIKE pattern, or with `hive` a Hive pattern: `*` any characters, `|` alternatives */
      readonly like?: string;
      readonly hive?: boolean;
    }
  | { readonly kind: 'show columns'; readonly table: QualifiedName }
  | { readonly kind: 'show functions' | 'show session'; readonly like?: string }
  | { readonly kind: 'show stats'; readonly table: QualifiedName }
  | { readonly kind: 'describe'; readonly table: QualifiedName; readonly style: 'plain' | 'extended' | 'formatted' }
  | { readonly kind: 'use'; readonly catalog?: string; readonly schema: string }
  | PreparedStatement
  | WriteStatement
  | ViewStatement
  | { readonly kind: 'ddl'; readonly text: string };
