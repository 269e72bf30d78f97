import type { Expression, Query } from '../parse/syntax-tree.ts';
import type { TrinoType } from '../trino-type.ts';
import { commonSuperType } from '../types/coercion.ts';
import { BOOLEAN, printType } from '../types/type-text.ts';
import { castSql, coerceTo } from '../casts/cast.ts';
import { identityKey } from '../emit/element-key.ts';
import { isOrderable } from '../types/orderable.ts';
import { equalSql, orderSql, comparesNatively } from '../emit/compare.ts';
import { failAt, type Typed } from '../emit/typed.ts';
import { analyze } from './expression.ts';
import type { ExpressionContext, QueryResultShape } from './context.ts';

const translate = (query: Query, context: ExpressionContext) => context.statement.translateQuery(query, context.scope);

export function exists(query: Query, context: ExpressionContext): Typed {
  return { type: BOOLEAN, sql: `EXISTS (${translate(query, context).sql})` };
}

export function scalarSubquery(node: Extract<Expression, { kind: 'subquery' }>, context: ExpressionContext): Typed {
  const query = translate(node.query, context);
  const [column, ...more] = query.columns;
  if (!column) throw failAt('NOT_SUPPORTED', node.at, 'a subquery without columns is not supported');
  if (more.length === 0) return { type: column.type, sql: `(${query.sql})` };
  const name = context.statement.freshName('s');
  const type: TrinoType = {
    kind: 'row',
    fields: query.columns.map((each) =>
      each.name === undefined ? { type: each.type } : { name: each.name, type: each.type },
    ),
  };
  const fields = query.columns.map((_column, index) => `f${index} := ${name}.c${index}`).join(', ');
  return { type, sql: `(SELECT struct_pack(${fields}) FROM (${query.sql}) AS ${name})` };
}

/** The rows of a subquery as single values: several columns make a row. */
function valuesOf(query: QueryResultShape, type: TrinoType, context: ExpressionContext): string {
  const name = context.statement.freshName('s');
  const [only, ...more] = query.columns;
  if (only && more.length === 0) {
    const cast = castSql(only.type, type, `${name}.c0`) ?? `${name}.c0`;
    return `SELECT ${cast} AS v FROM (${query.sql}) AS ${name}`;
  }
  const fields = query.columns.map((_column, index) => `f${index} := ${name}.c${index}`).join(', ');
  const row = `struct_pack(${fields})`;
  return `SELECT ${castSql(rowType(query), type, row) ?? row} AS v FROM (${query.sql}) AS ${name}`;
}

function rowType(query: QueryResultShape): TrinoType {
  const [only, ...more] = query.columns;
  if (only && more.length === 0) return only.type;
  return { kind: 'row', fields: query.columns.map((column) => ({ type: column.type })) };
}

export function inQuery(node: Extract<Expression, { kind: 'in query' }>, context: ExpressionContext): Typed {
  const query = translate(node.query, context);
  const value = unwrapped(analyze(node.operand, context), query);
  const common = commonSuperType(value.type, rowType(query));
  if (!common) {
    throw failAt(
      'TYPE_MISMATCH',
      node.at,
      `Value expression and result of subquery must be of the same type: ${printType(value.type)} vs ${printType(rowType(query))}`,
    );
  }
  const left = coerceTo(value, common).sql;
  if (comparesNatively(common) || common.kind === 'double' || common.kind === 'real') {
    return { type: BOOLEAN, sql: `(${left} IN (${valuesOf(query, common, context)}))` };
  }
  if (isNested(common)) return { type: BOOLEAN, sql: identicalToAny(common, left, query, context) };
  return {
    type: BOOLEAN,
    sql: quantify('any', (right) => equalSql(common, left, right), valuesOf(query, common, context), context),
  };
}

const isNested = (type: TrinoType) => type.kind === 'row' || type.kind === 'array' || type.kind === 'map';

/** Trino looks for rows, arrays and maps in a set: there a NULL inside of a value is equal to a NULL. */
function identicalToAny(type: TrinoType, left: string, query: QueryResultShape, context: ExpressionContext): string {
  const name = context.statement.freshName('s');
  const rows = `SELECT ${identityKey(type, `${name}.v`)} AS v FROM (${valuesOf(query, type, context)}) AS ${name}`;
  return `(${identityKey(type, left)} IN (${rows}))`;
}

export function quantified(node: Extract<Expression, { kind: 'quantified' }>, context: ExpressionContext): Typed {
  const query = translate(node.query, context);
  const value = unwrapped(analyze(node.left, context), query);
  const common = commonSuperType(value.type, rowType(query));
  if (!common) {
    throw failAt(
      'TYPE_MISMATCH',
      node.at,
      `Cannot apply operator: ${printType(value.type)} ${node.operator} ${printType(rowType(query))}`,
    );
  }
  const left = coerceTo(value, common).sql;
  const { operator, quantifier } = node;
  if (isNested(common) && operator === '=' && quantifier === 'any')
    return { type: BOOLEAN, sql: identicalToAny(common, left, query, context) };
  if (isNested(common) && operator === '<>' && quantifier === 'all')
    return { type: BOOLEAN, sql: `(NOT ${identicalToAny(common, left, query, context)})` };
  if (operator !== '=' && operator !== '<>' && !isOrderable(common)) {
    throw failAt(
      'TYPE_MISMATCH',
      node.at,
      `Type ${printType(common)} must be orderable in order to be used in quantified comparison`,
    );
  }
  const test = (right: string) =>
    operator === '='
      ? equalSql(common, left, right)
      : operator === '<>'
        ? `(NOT ${equalSql(common, left, right)})`
        : orderSql(common, operator, left, right);
  return { type: BOOLEAN, sql: quantify(node.quantifier, test, valuesOf(query, common, context), context) };
}

/** ROW(x) compared with the rows of one column is x. */
function unwrapped(value: Typed, query: QueryResultShape): Typed {
  const field = value.type.kind === 'row' && value.type.fields.length === 1 ? value.type.fields[0] : undefined;
  const [column] = query.columns;
  if (!field || query.columns.length !== 1 || column?.type.kind === 'row') return value;
  return { type: field.type, sql: `(${value.sql}).f0` };
}

/** ANY is a three-valued OR over the rows, ALL an AND: both as aggregates of the test. */
function quantify(
  quantifier: 'all' | 'any',
  test: (right: string) => string,
  rows: string,
  context: ExpressionContext,
): string {
  const name = context.statement.freshName('s');
  const value = test(`${name}.v`);
  const [aggregate, decided, other] =
    quantifier === 'any' ? ['bool_or', 'true', 'false'] : ['bool_and', 'false', 'true'];
  return `(SELECT CASE WHEN ${aggregate}(${value}) = ${decided} THEN ${decided} WHEN count(*) <> count(${value}) THEN NULL ELSE ${other} END FROM (${rows}) AS ${name})`;
}
