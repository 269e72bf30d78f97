import type { Expression, NamedQuery, Position, Query, QueryBody } from '../parse/syntax-tree.ts';
import type { TrinoType } from '../trino-type.ts';
import { commonOf, commonSuperType, sameType } from '../types/coercion.ts';
import { UNKNOWN, printType } from '../types/type-text.ts';
import { castSql, coerceTo } from '../casts/cast.ts';
import { failAt, type Typed } from '../emit/typed.ts';
import { analyze } from './expression.ts';
import type { QueryResultShape, StatementContext } from './context.ts';
import { translateRelation, type RelationContext } from './relation.ts';
import { translateSelect } from './select.ts';
import { sortText } from './window.ts';
import { recursiveQuery } from './recursive.ts';

/** A query with its WITH, ORDER BY, OFFSET and LIMIT. */
export function translateQuery(query: Query, context: RelationContext): QueryResultShape {
  const { inner, text: withText } = namedQueries(query, context);
  const { sql, columns, sort } = sortedBody(query, inner);
  const order = sort.length > 0 ? ` ORDER BY ${sort.join(', ')}` : '';
  const offset = query.offset ? ` OFFSET ${rowCount(query.offset, context)}` : '';
  if (query.withTies && query.limit) {
    if (sort.length === 0) throw failAt('MISSING_ORDER_BY', query.at, 'FETCH FIRST WITH TIES clause requires ORDER BY');
    return { sql: `${withText}${withTies(sql, sort, query, context, columns.length)}`, columns };
  }
  const limit = query.limit ? ` LIMIT ${rowCount(query.limit, context)}` : '';
  return { sql: `${withText}${sql}${order}${limit}${offset}`, columns };
}

/** The rows up to the limit and those that rank equal with the last. */
function withTies(sql: string, sort: readonly string[], query: Query, context: RelationContext, width: number): string {
  const alias = context.statement.freshName('r');
  const offset = query.offset ? rowCount(query.offset, context) : '0';
  const limit = query.limit ? rowCount(query.limit, context) : '0';
  const order = sort.join(', ');
  const from = sql.indexOf(' FROM ');
  const ranked = `${sql.slice(0, from)}, row_number() OVER (ORDER BY ${order}) AS n, rank() OVER (ORDER BY ${order}) AS k${sql.slice(from)}`;
  const list = Array.from({ length: width }, (_unused, index) => `${alias}.c${index}`).join(', ');
  const after =
    offset === '0' ? `${alias}.k <= ${limit}` : `${alias}.n > ${offset} AND (${alias}.k <= ${offset} + ${limit})`;
  return `SELECT ${list} FROM (${ranked}) AS ${alias} WHERE ${after} ORDER BY ${alias}.n`;
}

function rowCount(node: Expression, context: RelationContext): string {
  const parameter = node.kind === 'parameter' ? context.statement.parameters.find(node.at) : node;
  if (parameter?.kind === 'integer') return parameter.text;
  throw failAt('INVALID_LIMIT_CLAUSE', node.at, 'a whole number is needed in LIMIT, FETCH FIRST and OFFSET');
}

function sortedBody(query: Query, context: RelationContext): QueryResultShape & { readonly sort: readonly string[] } {
  if (query.body.kind === 'select') return translateSelect(query.body, query.orderBy, context);
  const body = translateBody(query.body, context);
  if (query.orderBy.length === 0) {
    return query.limit || query.offset ? { ...wrapped(body, context).shape, sort: [] } : { ...body, sort: [] };
  }
  const { shape, alias } = wrapped(body, context);
  const fields = body.columns.map((column, index) => ({ ...column, sql: `${alias}.c${index}`, qualifier: [] }));
  const scope = { fields, ...(context.parent ? { parent: context.parent } : {}) };
  const sort = query.orderBy.map((item) => {
    const field = item.expression.kind === 'integer' ? fields[Number(item.expression.text) - 1] : undefined;
    return sortText(field ?? analyze(item.expression, { statement: context.statement, scope }), item);
  });
  return { ...shape, sort };
}

function wrapped(body: QueryResultShape, context: RelationContext) {
  const alias = context.statement.freshName('r');
  const list = body.columns.map((_column, index) => `${alias}.c${index} AS c${index}`).join(', ');
  return { alias, shape: { sql: `SELECT ${list} FROM (${body.sql}) AS ${alias}`, columns: body.columns } };
}

function namedQueries(
  query: Query,
  context: RelationContext,
): { readonly inner: RelationContext; readonly text: string } {
  let inner = context;
  const texts: string[] = [];
  const seen = new Set<string>();
  let isRecursive = false;
  for (const named of query.with) {
    const name = named.name.text.toLowerCase();
    if (seen.has(name))
      throw failAt(
        'DUPLICATE_NAMED_QUERY',
        named.name.at,
        `WITH query name '${named.name.text}' specified more than once`,
      );
    seen.add(name);
    const alias = context.statement.freshName('q');
    const recursive = query.recursive ? recursiveQuery(named, alias, inner) : undefined;
    if (recursive) {
      isRecursive = true;
      texts.push(...recursive.texts);
      inner = withNamedQuery(inner, name, recursive);
    } else {
      const shape = translateQuery(named.query, inner);
      const text = `${alias} AS (${shape.sql})`;
      texts.push(text);
      const columns = renameColumns(named, shape.columns);
      inner = withNamedQuery({ ...inner, withTexts: [...(inner.withTexts ?? []), text] }, name, { alias, columns });
    }
  }
  return { inner, text: texts.length > 0 ? `WITH ${isRecursive ? 'RECURSIVE ' : ''}${texts.join(', ')} ` : '' };
}

export function withNamedQuery(
  context: RelationContext,
  name: string,
  named: { readonly alias: string; readonly columns: QueryResultShape['columns'] },
): RelationContext {
  const { names } = context;
  const findNamedQuery = (wanted: string) => (wanted.toLowerCase() === name ? named : names.findNamedQuery(wanted));
  const statement: StatementContext = {
    ...context.statement,
    translateQuery: (query, parent) => translateQuery(query, { ...inner, parent }),
  };
  const inner: RelationContext = { ...context, statement, names: { ...names, findNamedQuery } };
  return inner;
}

export function renameColumns(named: NamedQuery, columns: QueryResultShape['columns']): QueryResultShape['columns'] {
  const names = named.columns;
  if (!names) return columns;
  if (names.length !== columns.length) {
    throw failAt(
      'MISMATCHED_COLUMN_ALIASES',
      named.name.at,
      `Column alias list has ${names.length} entries but WITH query(${named.name.text}) has ${columns.length} columns`,
    );
  }
  return columns.map((column, index) => {
    const name = names[index]?.text;
    return name === undefined ? column : { ...column, name };
  });
}

export function translateBody(body: QueryBody, context: RelationContext): QueryResultShape {
  switch (body.kind) {
    case 'select': {
      const { sql, columns } = translateSelect(body, [], context);
      return { sql, columns };
    }
    case 'nested':
      return translateQuery(body.query, context);
    case 'values':
      return values(body.rows, body.at, context);
    case 'table': {
      const item = translateRelation({ kind: 'table', at: body.at, name: body.name }, context, []);
      const fields = item.fields.filter((field) => !field.hidden);
      const list = fields.map((field, index) => `${field.sql} AS c${index}`).join(', ');
      const columns = fields.map(({ name, type }) => (name === undefined ? { type } : { name, type }));
      return { sql: `SELECT ${list} FROM ${item.sql}`, columns };
    }
    case 'set operation':
      return setOperation(body, context);
  }
}

function setOperation(body: Extract<QueryBody, { kind: 'set operation' }>, context: RelationContext): QueryResultShape {
  const left = translateBody(body.left, context);
  const right = translateBody(body.right, context);
  const word = body.operator.toUpperCase();
  if (left.columns.length !== right.columns.length) {
    throw failAt(
      'TYPE_MISMATCH',
      body.at,
      `${word} query has different number of fields: ${left.columns.length}, ${right.columns.length}`,
    );
  }
  const columns = left.columns.map((column, index) => {
    const types = [column.type, right.columns[index]?.type ?? UNKNOWN] as const;
    const type = commonSuperType(...types);
    if (!type)
      throw failAt(
        'TYPE_MISMATCH',
        body.at,
        `column ${index + 1} in ${word} query has incompatible types: ${types.map(printType).join(', ')}`,
      );
    return { ...column, type };
  });
  const types = columns.map((column) => column.type);
  const all = body.all ? ' ALL' : '';
  return {
    sql: `(${castColumns(left, types, context)}) ${word}${all} (${castColumns(right, types, context)})`,
    columns,
  };
}

export function castColumns(query: QueryResultShape, types: readonly TrinoType[], context: RelationContext): string {
  if (query.columns.every((column, index) => sameType(column.type, types[index] ?? UNKNOWN))) return query.sql;
  const alias = context.statement.freshName('r');
  const list = query.columns.map((column, index) => {
    const sql = `${alias}.c${index}`;
    return `${castSql(column.type, types[index] ?? UNKNOWN, sql) ?? sql} AS c${index}`;
  });
  return `SELECT ${list.join(', ')} FROM (${query.sql}) AS ${alias}`;
}

/** VALUES: rows of the same width; each column gets the type common to its values. */
function values(rows: readonly Expression[], at: Position, context: RelationContext): QueryResultShape {
  const scope = { fields: [], ...(context.parent ? { parent: context.parent } : {}) };
  const inner = { statement: context.statement, scope, noAggregates: 'VALUES', noWindows: 'VALUES' };
  const cells = rows.map((row) =>
    row.kind === 'row' ? row.items.map((item) => analyze(item, inner)) : spread(analyze(row, inner)),
  );
  const width = cells[0]?.length ?? 0;
  const types = Array.from({ length: width }, (_unused, index) => {
    const type = commonOf(cells.map((row) => row[index]?.type ?? UNKNOWN));
    if (!type)
      throw failAt(
        'TYPE_MISMATCH',
        rows[0]?.at ?? { line: 1, col: 1 },
        `Values rows have mismatched types in column ${index + 1}`,
      );
    return type;
  });
  const texts = cells.map((row) => {
    if (row.length !== width)
      throw failAt('TYPE_MISMATCH', at, `Values rows have mismatched sizes: ${width} vs ${row.length}`);
    return `(${row.map((value, column) => coerceTo(value, types[column] ?? UNKNOWN).sql).join(', ')})`;
  });
  const alias = context.statement.freshName('v');
  const names = types.map((_type, index) => `c${index}`).join(', ');
  return {
    sql: `SELECT ${names} FROM (VALUES ${texts.join(', ')}) AS ${alias}(${names})`,
    columns: types.map((type) => ({ type })),
  };
}

/** A row value that is no ROW(…) constructor gives its fields as columns. */
function spread(value: Typed): readonly Typed[] {
  if (value.type.kind !== 'row') return [value];
  return value.type.fields.map((field, index) => ({ type: field.type, sql: `(${value.sql}).f${index}` }));
}
