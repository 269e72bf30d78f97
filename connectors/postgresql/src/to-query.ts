import type { Constraints, FederationExpression, OrderByField } from '@ergane/protocol';
import type { PushdownAnswer } from '@ergane/sdk';
import type { Parameters } from './wire/messages.ts';
import { printNative } from './passthrough.ts';
import type { PlannedColumn, PlannedColumns } from './planned-column.ts';
import { printDelivered, printSelected } from './planned-column.ts';
import { printExpression } from './print-expression.ts';
import { printValueSet } from './print-value-set.ts';
import type { Bind } from './print-value.ts';
import { quoteName } from './types.ts';

/** What a split reads: a relation whole, or its rows between two pages. */
export interface Source {
  readonly schema: string;
  readonly relation: string;
  /** leave out tables that inherit from it, which have splits of their own */
  readonly only: boolean;
  /** only rows whose ctid is from $1 up to $2 */
  readonly paged: boolean;
  /** a native query instead of the relation */
  readonly native?: string;
}

/** SQL with its bound parameters, as text; those of the page range come first and are not among them. */
export interface TableQuery {
  readonly sql: string;
  readonly parameters: Parameters;
}

/** The protocol counts parameters in 16 bits; what would need more is left to the engine. */
const MOST_PARAMETERS = 60_000;
const PAGES = ['ctid >= $1::tid', 'ctid < $2::tid'];

export interface QueryRequest {
  readonly source: Source;
  /** in the order of the batches */
  readonly selected: readonly PlannedColumn[];
  readonly columns: PlannedColumns;
  readonly constraints: Constraints;
}

/**
 * The query of a split. Everything that it takes over it does exactly as the engine would; LIMIT is taken only when the whole condition is,
 * and with ORDER BY only when that is too (protocol reference, section 3.6).
 */
export function toQuery({ source, selected, columns, constraints }: QueryRequest): PushdownAnswer<TableQuery> {
  const parameters: (string | null)[] = [];
  const reserved = source.paged ? 2 : 0;
  const bind: Bind = (text) => `$${parameters.push(text) + reserved}`;
  const where: string[] = source.paged ? [...PAGES] : [];
  const taken: string[] = [];
  for (const [name, set] of Object.entries(constraints.summary)) {
    const column = columns.get(name);
    const mark = parameters.length;
    const condition = column && printValueSet(column, set, bind);
    if (condition === undefined || parameters.length > MOST_PARAMETERS) {
      parameters.length = mark;
      continue;
    }
    taken.push(name);
    if (condition !== 'everything') where.push(condition.sql);
  }
  const expressions: FederationExpression[] = [];
  for (const expression of constraints.expression) {
    const mark = parameters.length;
    const condition = printExpression(expression, { columns, bind });
    if (condition === undefined || parameters.length > MOST_PARAMETERS) {
      parameters.length = mark;
      continue;
    }
    expressions.push(expression);
    where.push(condition);
  }
  const whole =
    taken.length === Object.keys(constraints.summary).length && expressions.length === constraints.expression.length;
  const { sql: tail, order, limit } = printTail(constraints, { columns, whole, bind });
  const list = selected.map(printSelected).join(', ');
  const conditions = where.length === 0 ? '' : ` where ${where.join(' and ')}`;
  const sql = `select ${list} from ${printSource(source)}${conditions}${tail}`;
  return { query: { sql, parameters }, columns: taken, expressions, order, limit };
}

function printSource({ schema, relation, only, native }: Source): string {
  if (native !== undefined) return printNative(native);
  return `${only ? 'only ' : ''}${quoteName(schema)}.${quoteName(relation)}`;
}

interface TailScope {
  readonly columns: PlannedColumns;
  readonly whole: boolean;
  readonly bind: Bind;
}

/** ORDER BY without LIMIT is not worth a sort at the source: the engine sorts what all splits gave. */
function printTail(
  { limit, orderByClause }: Constraints,
  { columns, whole, bind }: TailScope,
): { readonly sql: string; readonly order: boolean; readonly limit: boolean } {
  const keep = { sql: '', order: false, limit: false };
  if (limit < 0 || !whole) return keep;
  const keys = orderByClause.map((field, index) => printSortKey(field, columns, index === orderByClause.length - 1));
  if (!keys.every((key) => key !== undefined)) return keep;
  const order = keys.length === 0 ? '' : ` order by ${keys.join(', ')}`;
  return { sql: `${order} limit ${bind(String(limit))}::int8`, order: keys.length > 0, limit: true };
}

/** The last key may be finer than the delivered value (microseconds), so that an index gives the order. */
function printSortKey(
  { columnName, direction }: OrderByField,
  columns: PlannedColumns,
  last: boolean,
): string | undefined {
  const column = columns.get(columnName);
  if (column === undefined || column.type.comparison === 'none') return undefined;
  const isTime = column.type.comparison === 'timestamp' || column.type.comparison === 'timestamptz';
  const value = last && isTime && column.finite === undefined ? column.sql : printDelivered(column, 'order');
  const [way, , nulls] = direction.toLowerCase().split('_');
  return `${value} ${way} nulls ${nulls}`;
}

/** A query with all its parameters, for EXPLAIN. */
export function printQuery(sql: string, parameters: Parameters): string {
  const values = parameters.map((value, index) => `$${index + 1} = ${value === null ? 'NULL' : shorten(value)}`);
  return values.length === 0 ? sql : `${sql} -- ${values.join(', ')}`;
}

function shorten(value: string): string {
  return value.length > 200 ? `'${value.slice(0, 200)}…' (${value.length} characters)` : `'${value}'`;
}
