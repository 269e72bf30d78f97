import type { Expression, Name, Relation } from '../parse/syntax-tree.ts';
import type { ResolvedTable } from '../compiled-statement.ts';
import { commonSuperType } from '../types/coercion.ts';
import { BIGINT } from '../types/type-text.ts';
import { coerceTo } from '../casts/cast.ts';
import { equalSql } from '../emit/compare.ts';
import { failAt, quoteName, type Typed } from '../emit/typed.ts';
import { analyze, condition } from './expression.ts';
import { isSequence, sequenceTable } from './sequence-table.ts';
import { liftSubqueries } from './join-subquery.ts';
import { jsonTable } from './json-table.ts';
import type { ExpressionContext, QueryResultShape, StatementContext } from './context.ts';
import { DEPTH_COLUMN } from './recursive.ts';
import type { Field, Scope } from './scope.ts';

/** A relation in a FROM clause: its text and the columns it offers. */
export interface FromItem {
  readonly sql: string;
  readonly fields: readonly Field[];
  /** must be written as JOIN LATERAL: its text names columns of the items before it */
  readonly lateral?: boolean;
}

/** What a table's name can mean in a query: a WITH query, or a table that was looked up before. */
export interface Names {
  readonly findNamedQuery: (
    name: string,
  ) => { readonly alias: string; readonly columns: QueryResultShape['columns'] } | undefined;
  readonly findTable: (relation: object) => ResolvedTable | undefined;
}

export interface RelationContext {
  readonly statement: StatementContext;
  readonly names: Names;
  /** the query around this one */
  readonly parent: Scope | undefined;
  /** the WITH queries that may be named, as text */
  readonly withTexts?: readonly string[];
}

/** `left` are the columns of the items before, which a lateral item may name. */
export function translateRelation(node: Relation, context: RelationContext, left: readonly Field[]): FromItem {
  switch (node.kind) {
    case 'table':
      return table(node, context);
    case 'query': {
      const parent = node.lateral
        ? { fields: left, ...(context.parent ? { parent: context.parent } : {}) }
        : context.parent;
      return derived(context.statement.translateQuery(node.query, parent), context, node.lateral);
    }
    case 'aliased':
      return aliased(node, translateRelation(node.relation, context, left));
    case 'join':
      return join(node, context, left);
    case 'unnest':
      return unnest(node, context, left);
    case 'json table':
      return jsonTable(node, expressionContext(context, left));
    case 'sample': {
      const item = translateRelation(node.relation, context, left);
      const percentage = analyze(node.percentage, expressionContext(context, []));
      return {
        ...item,
        sql: `${item.sql} TABLESAMPLE ${node.method}(${percentage.sql.replaceAll(/CAST\(([\d.']+) AS [^)]*\)+/g, '$1').replaceAll("'", '')} PERCENT)`,
      };
    }
    case 'table function':
      return tableFunction(node, context);
    case 'unsupported':
      throw failAt('NOT_SUPPORTED', node.at, `${node.what} is not supported`);
  }
}

function expressionContext(context: RelationContext, fields: readonly Field[]): ExpressionContext {
  const scope: Scope = { fields, ...(context.parent ? { parent: context.parent } : {}) };
  return { statement: context.statement, scope, noAggregates: 'JOIN clause', noWindows: 'JOIN clause' };
}

function derived(query: QueryResultShape, context: RelationContext, lateral = false): FromItem {
  const alias = context.statement.freshName('r');
  const fields = query.columns.map((column, index) => ({
    type: column.type,
    sql: `${alias}.c${index}`,
    qualifier: [],
    ...(column.name === undefined ? {} : { name: column.name }),
  }));
  return { sql: `(${query.sql}) AS ${alias}`, fields, ...(lateral ? { lateral } : {}) };
}

function tableFunction(node: Extract<Relation, { kind: 'table function' }>, context: RelationContext): FromItem {
  if (isSequence(node)) return sequenceTable(node, context.statement);
  const resolved = context.names.findTable(node);
  const name = node.name.map((part) => part.text).join('.');
  if (!resolved) throw failAt('FUNCTION_NOT_FOUND', node.at, `Table function '${name}' not registered`);
  const alias = context.statement.freshName('r');
  const fields = resolved.columns.map((column) => ({
    name: column.name,
    type: column.type,
    sql: `${alias}.${quoteName(column.name)}`,
    qualifier: [],
  }));
  return { sql: `${resolved.relation} AS ${alias}`, fields };
}

function table(node: Extract<Relation, { kind: 'table' }>, context: RelationContext): FromItem {
  const { parts } = node.name;
  const alias = context.statement.freshName('r');
  const [only, ...more] = parts;
  const named = only && more.length === 0 ? context.names.findNamedQuery(only.text) : undefined;
  if (only && named) {
    const fields = named.columns.map((column, index) => ({
      type: column.type,
      sql: `${alias}.c${index}`,
      qualifier: [only.text.toLowerCase()],
      ...(column.name === undefined ? {} : { name: column.name }),
      ...(column.name === DEPTH_COLUMN ? { hidden: true, sql: `${alias}.depth` } : {}),
    }));
    return { sql: `${named.alias} AS ${alias}`, fields };
  }
  const resolved = context.names.findTable(node.name);
  if (!resolved)
    throw failAt('TABLE_NOT_FOUND', node.at, `Table '${parts.map((part) => part.text).join('.')}' does not exist`);
  const qualifier = [resolved.catalogName, resolved.schemaName, resolved.tableName].map((part) => part.toLowerCase());
  const fields = resolved.columns.map((column) => ({
    name: column.name,
    type: column.type,
    sql: `${alias}.${quoteName(column.name)}`,
    qualifier,
    ...(column.hidden ? { hidden: true } : {}),
  }));
  return { sql: `${resolved.relation} AS ${alias}`, fields };
}

function aliased(node: Extract<Relation, { kind: 'aliased' }>, item: FromItem): FromItem {
  const visible = item.fields.filter((field) => !field.hidden);
  const { columns, alias } = node;
  if (columns && columns.length !== visible.length) {
    throw failAt(
      'MISMATCHED_COLUMN_ALIASES',
      node.at,
      `Column alias list has ${columns.length} entries but '${alias.text}' has ${visible.length} columns available`,
    );
  }
  const qualifier = [alias.text.toLowerCase()];
  const fields = (columns ? visible : item.fields).map((field, index) => {
    const name = columns?.[index]?.text;
    return { ...field, qualifier, ...(name === undefined ? {} : { name }) };
  });
  return { ...item, fields };
}

function join(node: Extract<Relation, { kind: 'join' }>, context: RelationContext, before: readonly Field[]): FromItem {
  const left = translateRelation(node.left, context, before);
  const right = translateRelation(node.right, context, [...before, ...left.fields]);
  const rightSql = node.right.kind === 'join' ? `(${right.sql})` : right.lateral ? `LATERAL ${right.sql}` : right.sql;
  const lateral = left.lateral ? { lateral: true } : {};
  if (node.type === 'cross') {
    const sql = right.lateral ? `${left.sql} JOIN ${rightSql} ON true` : `${left.sql} CROSS JOIN ${rightSql}`;
    return { sql, fields: [...left.fields, ...right.fields], ...lateral };
  }
  const word = { inner: 'JOIN', left: 'LEFT JOIN', right: 'RIGHT JOIN', full: 'FULL JOIN' }[node.type];
  const using = node.natural ? commonNames(left.fields, right.fields) : node.using;
  if (using) {
    const merged = mergeUsing(using, node.type, left.fields, right.fields, node);
    return { sql: `${left.sql} ${word} ${rightSql} ON ${merged.on}`, fields: merged.fields, ...lateral };
  }
  const fields = [...left.fields, ...right.fields];
  const lifted =
    node.on && node.type !== 'inner'
      ? liftSubqueries(node.on, { left, right: { ...right, sql: rightSql } }, (each) =>
          expressionContext(context, [...before, ...each]),
        )
      : undefined;
  if (lifted)
    return { sql: `${lifted.left} ${word} ${lifted.right} ON ${lifted.on.join(' AND ')}`, fields, ...lateral };
  const on = node.on
    ? condition(node.on, expressionContext(context, [...before, ...fields]), 'JOIN ON clause').sql
    : 'true';
  return { sql: `${left.sql} ${word} ${rightSql} ON ${on}`, fields, ...lateral };
}

function commonNames(left: readonly Field[], right: readonly Field[]): readonly Name[] {
  const names = new Set(right.map((field) => field.name?.toLowerCase()));
  return left.flatMap((field) =>
    field.name !== undefined && !field.hidden && names.has(field.name.toLowerCase())
      ? [{ text: field.name, quoted: false, at: { line: 1, col: 1 } }]
      : [],
  );
}

/** USING: the named columns once, first; then what is left of both sides. */
function mergeUsing(
  using: readonly Name[],
  type: 'inner' | 'left' | 'right' | 'full',
  left: readonly Field[],
  right: readonly Field[],
  node: Relation,
) {
  const find = (fields: readonly Field[], name: Name, side: string) => {
    const matches = fields.filter((field) => field.name?.toLowerCase() === name.text.toLowerCase());
    if (matches.length > 1) throw failAt('AMBIGUOUS_NAME', name.at, `Column '${name.text}' is ambiguous`);
    const [field] = matches;
    if (!field) throw failAt('COLUMN_NOT_FOUND', name.at, `Column '${name.text}' is missing from ${side} side of join`);
    return field;
  };
  const repeated = using.find(
    (name, index) => using.findIndex((each) => each.text.toLowerCase() === name.text.toLowerCase()) < index,
  );
  if (repeated)
    throw failAt(
      'DUPLICATE_COLUMN_NAME',
      repeated.at,
      `Column '${repeated.text}' appears multiple times in JOIN USING clause`,
    );
  const pairs = using.map((name) => ({ name, a: find(left, name, 'left'), b: find(right, name, 'right') }));
  const merged = pairs.map(({ name, a, b }) => {
    const common = commonSuperType(a.type, b.type);
    if (!common) throw failAt('TYPE_MISMATCH', node.at, `Column types of ${name.text} do not match in USING`);
    const x = coerceTo(a, common).sql;
    const y = coerceTo(b, common).sql;
    const sql = type === 'full' ? `coalesce(${x}, ${y})` : type === 'right' ? y : x;
    return {
      on: equalSql(common, x, y),
      field: { name: a.name ?? name.text, type: common, sql, qualifier: [] } satisfies Field,
    };
  });
  const taken = new Set<Field>(pairs.flatMap(({ a, b }) => [a, b]));
  const rest = [...left, ...right].filter((field) => !taken.has(field));
  return {
    on: merged.map((each) => each.on).join(' AND ') || 'true',
    fields: [...merged.map((each) => each.field), ...rest],
  };
}

/** UNNEST: one row an element; several arrays side by side, the shorter ones padded with NULL. */
function unnest(
  node: Extract<Relation, { kind: 'unnest' }>,
  context: RelationContext,
  left: readonly Field[],
): FromItem {
  const inner = expressionContext(context, left);
  const alias = context.statement.freshName('r');
  const parts = node.arguments.map((each) => unnested(each, analyze(each, inner)));
  const columns = parts.map((part, index) => `unnest(${part.list}) AS u${index}`);
  const fields = parts.flatMap((part, index) => part.fields(`${alias}.u${index}`));
  const longest = parts.map((part) => `coalesce(len(${part.list}), 0)`).join(', ');
  const ordinality = node.ordinality ? [`unnest(range(1, greatest(${longest}, 0) + 1)) AS o`] : [];
  const number: Field[] = node.ordinality ? [{ type: BIGINT, sql: `${alias}.o`, qualifier: [] }] : [];
  return {
    sql: `(SELECT ${[...columns, ...ordinality].join(', ')}) AS ${alias}`,
    fields: [...fields, ...number],
    lateral: true,
  };
}

function unnested(
  node: Expression,
  value: Typed,
): { readonly list: string; readonly fields: (column: string) => readonly Field[] } {
  const { type, sql } = value;
  if (type.kind === 'map') {
    return {
      list: `map_entries(${sql})`,
      fields: (column) => [
        { type: type.key, sql: `(${column}).key`, qualifier: [] },
        { type: type.value, sql: `(${column}).value`, qualifier: [] },
      ],
    };
  }
  if (type.kind !== 'array') throw failAt('INVALID_FUNCTION_ARGUMENT', node.at, `Cannot unnest type: ${type.kind}`);
  const { element } = type;
  if (element.kind !== 'row') return { list: sql, fields: (column) => [{ type: element, sql: column, qualifier: [] }] };
  return {
    list: sql,
    fields: (column) =>
      element.fields.map((field, index) => ({
        type: field.type,
        sql: `(${column}).f${index}`,
        qualifier: [],
        ...(field.name === undefined ? {} : { name: field.name }),
      })),
  };
}
