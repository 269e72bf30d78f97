import type { Constraints, FederationExpression, OrderByField } from '@ergane/protocol';
import type { PushdownAnswer } from '@ergane/sdk';
import type { Schema } from 'apache-arrow';
import { columnsByName } from './column-names.ts';
import type { ColumnsByName } from './column-names.ts';
import { expressionCondition } from './expression-sql.ts';
import { keyRangeCondition } from './key-range.ts';
import { joinSql, quoteName, quoteTable, sql } from './sql-text.ts';
import type { Sql } from './sql-text.ts';
import type { MysqlSplit } from './split.ts';
import type { TableFacts } from './table-facts.ts';
import type { TypedColumn } from './types.ts';
import { valueSetCondition } from './value-set-sql.ts';
import type { Condition } from './value-set-sql.ts';

export interface QueryInput {
  readonly facts: TableFacts;
  /** the columns to read; a name that the table does not have is read as it is, so that the server says what is wrong */
  readonly schema: Schema;
  readonly constraints: Constraints;
  readonly split: MysqlSplit;
  readonly zeroDates: 'error' | 'null';
  /** what stands in FROM; default: the table */
  readonly from?: string;
}

/** A SELECT with its values. Columns of the answer after those of the schema are the key, for whoever resumes. */
export interface MysqlQuery extends Sql {
  readonly keyColumns: readonly TypedColumn[];
}

/** bytes of text that MySQL looks at when it sorts (`max_sort_length`) */
const SORTED_BYTES = 1024;

/** The SELECT of one split, and what of the constraints it takes over. */
export function toQuery(input: QueryInput): PushdownAnswer<MysqlQuery> {
  const { facts, schema, constraints, split } = input;
  const columns = columnsByName(facts);
  const summary = summaryConditions(input, columns);
  const expressions = takenExpressions(input, columns);
  const conditions = [...summary.conditions, ...expressions.map(({ condition }) => condition)];
  const isExact =
    summary.isExact && expressions.length === constraints.expression.length && constraints.queryPlan === null;
  const order = constraints.limit >= 0 && isExact ? orderBy(constraints.orderByClause, input, columns) : undefined;
  const limit = constraints.limit >= 0 && isExact && order !== undefined;
  const isSorted = order !== undefined && order !== '';
  const keyColumns = split.order === 'any' || isSorted || limit ? [] : keyOf(facts, columns);
  const range = keyRangeCondition(keyOf(facts, columns), split.range);
  const where = range === undefined ? conditions : [...conditions, range];
  const query = joinSql(
    [
      sql(`SELECT ${selectList(schema, columns, keyColumns)}`),
      sql(`FROM ${input.from ?? fromClause(facts, split)}`),
      ...(where.length === 0 ? [] : [prefixed('WHERE ', joinSql(where.map(bracketed), ' AND '))]),
      ...(isSorted ? [sql(`ORDER BY ${order}`)] : keyOrder(keyColumns)),
      ...(limit ? [sql('LIMIT ?', { kind: 'integer', value: BigInt(constraints.limit) })] : []),
    ],
    ' ',
  );
  return {
    query: { ...query, keyColumns },
    columns: summary.columns,
    expressions: expressions.map(({ expression }) => expression),
    order: isSorted,
    limit,
  };
}

/** The conditions on the summary alone, for estimates and pruning. */
export function summaryConditions(
  { constraints, zeroDates }: Pick<QueryInput, 'constraints' | 'zeroDates'>,
  columns: ColumnsByName,
): { readonly conditions: readonly Sql[]; readonly columns: readonly string[]; readonly isExact: boolean } {
  const conditions: Sql[] = [];
  const taken: string[] = [];
  let isExact = true;
  for (const [name, set] of Object.entries(constraints.summary)) {
    const column = columns.get(name);
    const found: Condition =
      column === undefined
        ? { condition: undefined, isExact: false }
        : withZeroDates(valueSetCondition(column, set), {
            isUnsure: zeroDates === 'null' && isDate(column),
            nullAllowed: set.nullAllowed,
          });
    if (found.condition !== undefined) conditions.push(found.condition);
    if (found.isExact) taken.push(name);
    else isExact = false;
  }
  return { conditions, columns: taken, isExact };
}

/** Dates that are read as NULL are no NULL to the server: it finds too many rows, or where NULL is asked for too few. */
function withZeroDates(
  condition: Condition,
  { isUnsure, nullAllowed }: { readonly isUnsure: boolean; readonly nullAllowed: boolean },
): Condition {
  if (!isUnsure) return condition;
  return { condition: nullAllowed ? undefined : condition.condition, isExact: false };
}

function isDate({ comparison }: TypedColumn): boolean {
  return comparison === 'date' || comparison === 'dateTime' || comparison === 'milliseconds';
}

function takenExpressions(
  { facts, constraints, zeroDates }: QueryInput,
  columns: ColumnsByName,
): readonly { readonly expression: FederationExpression; readonly condition: Sql }[] {
  const usable = zeroDates === 'error' ? columns : columnsByName(facts, (column) => !isDate(column));
  return constraints.expression.flatMap((expression) => {
    const condition = expressionCondition(expression, usable);
    return condition === undefined ? [] : [{ expression, condition }];
  });
}

function selectList(schema: Schema, columns: ColumnsByName, keyColumns: readonly TypedColumn[]): string {
  const read = schema.fields.map(({ name }) => columns.get(name)?.read ?? quoteName(name));
  const list = [...read, ...keyColumns.map((column) => column.read)];
  return list.length === 0 ? '1' : list.join(', ');
}

function fromClause({ tableName, key }: TableFacts, { partitions, order }: MysqlSplit): string {
  const partition = partitions.length === 0 ? '' : ` PARTITION (${partitions.map(quoteName).join(', ')})`;
  const index = order === 'index' && key !== undefined ? ` FORCE INDEX (${quoteName(key.indexName)})` : '';
  return `${quoteTable(tableName)}${partition}${index}`;
}

function keyOf({ key }: TableFacts, columns: ColumnsByName): readonly TypedColumn[] {
  return (key?.columns ?? []).map((name) => columns.get(name)).filter((column) => column !== undefined);
}

function keyOrder(keyColumns: readonly TypedColumn[]): readonly Sql[] {
  if (keyColumns.length === 0) return [];
  return [sql(`ORDER BY ${keyColumns.map(({ source }) => quoteName(source.name)).join(', ')}`)];
}

/** ORDER BY in the engine's order; '': none was asked; undefined: the source sorts otherwise. */
function orderBy(
  fields: readonly OrderByField[],
  { zeroDates }: QueryInput,
  columns: ColumnsByName,
): string | undefined {
  const items: string[] = [];
  for (const { columnName, direction } of fields) {
    const column = columns.get(columnName);
    if (column === undefined || !sortsExactly(column) || (zeroDates === 'null' && isDate(column))) return undefined;
    const isDescending = direction.startsWith('DESC');
    const isNullFirst = direction.endsWith('NULLS_FIRST');
    // NULL is the smallest value to MySQL; the NULL of an expression over text is '' to its sort
    if (isNullFirst === isDescending || column.comparison === 'text')
      items.push(`${column.indexed ?? column.compare} IS NULL${isNullFirst ? ' DESC' : ''}`);
    items.push(isDescending ? `${column.compare} DESC` : column.compare);
  }
  return items.join(', ');
}

function sortsExactly({ comparison, source, indexed }: TypedColumn): boolean {
  if (comparison === 'text') return indexed !== undefined && source.length * 4 <= SORTED_BYTES;
  return comparison !== 'bytes' || source.length <= SORTED_BYTES;
}

function bracketed({ text, parameters }: Sql): Sql {
  return sql(`(${text})`, ...parameters);
}

function prefixed(prefix: string, { text, parameters }: Sql): Sql {
  return sql(prefix + text, ...parameters);
}
