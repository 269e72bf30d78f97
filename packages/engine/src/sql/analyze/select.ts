import type { Expression, Select, SelectItem, SortItem } from '../parse/syntax-tree.ts';
import { hasIdentity, identitySql } from '../emit/compare.ts';
import { failAt, type Typed } from '../emit/typed.ts';
import { analyze, condition } from './expression.ts';
import type { ExpressionContext, QueryResultShape } from './context.ts';
import { groupRows } from './grouping.ts';
import { hasAggregate, keyText, walkExpression } from './key-text.ts';
import { markPart } from './pushable.ts';
import { translateRelation, type RelationContext } from './relation.ts';
import { pathOf, qualifiedFields, type Field, type Scope } from './scope.ts';
import { sortText } from './window.ts';

/** The WITH queries that a part of this query may name. */
function withText({ withTexts = [] }: RelationContext): string {
  return withTexts.length === 0 ? '' : `WITH ${withTexts.join(', ')} `;
}

interface Output {
  readonly name?: string;
  readonly value: Typed;
  readonly node?: Expression;
}

/** A SELECT with the ORDER BY that follows it (which may name both its columns and its tables'). */
export function translateSelect(
  select: Select,
  orderBy: readonly SortItem[],
  context: RelationContext,
): QueryResultShape & { readonly sort: readonly string[] } {
  const item = select.from && translateRelation(select.from, context, []);
  const source: Scope = { fields: item?.fields ?? [], ...(context.parent ? { parent: context.parent } : {}) };
  const windows = new Map(select.windows.map(({ name, window }) => [name, window]));
  const rows: ExpressionContext = { statement: context.statement, scope: source, windows };
  const where =
    select.where &&
    condition(select.where, { ...rows, noAggregates: 'WHERE clause', noWindows: 'WHERE clause' }, 'WHERE clause');
  const from = `${item ? ` FROM ${item.sql}` : ''}${where ? ` WHERE ${where.sql}` : ''}`;
  const isGrouped =
    Boolean(select.groupBy) || Boolean(select.having) || hasAggregate(select.items) || hasAggregate(orderBy);
  const grouped = isGrouped ? groupRows(select, rows, { from, withText: withText(context) }) : undefined;
  const inner: ExpressionContext = grouped?.context ?? rows;
  const outputs = select.items.flatMap((each) => outputsOf(each, inner));
  if (outputs.length === 0)
    throw failAt('COLUMN_NOT_FOUND', select.at, 'SELECT * not allowed in queries without FROM clause');
  const having = select.having && condition(select.having, { ...inner, noWindows: 'HAVING clause' }, 'HAVING clause');
  const sort = orderBy.map((each) => sortKey(each, outputs, inner, select));
  const columns = outputs.map(({ name, value }) =>
    name === undefined ? { type: value.type } : { name, type: value.type },
  );
  const list = outputs.map(({ value }, index) => `${value.sql} AS c${index}`).join(', ');
  const rest = grouped ? ` FROM ${grouped.sql()}${having ? ` WHERE ${having.sql}` : ''}` : from;
  if (!select.distinct)
    return { sql: `SELECT ${list}${rest}`, columns, sort: sort.map(({ text }) => text).filter((text) => text !== '') };
  return distinctRows(`SELECT ${list}${rest}`, columns, sort, context);
}

function distinctRows(
  sql: string,
  columns: QueryResultShape['columns'],
  sort: readonly { readonly item: SortItem; readonly output?: number }[],
  context: RelationContext,
): QueryResultShape & { readonly sort: readonly string[] } {
  const alias = context.statement.freshName('r');
  const names = columns.map((_column, index) => `${alias}.c${index}`);
  const on = columns.some((column) => hasIdentity(column.type))
    ? ` ON (${columns.map((column, index) => identitySql(column.type, `${alias}.c${index}`)).join(', ')})`
    : '';
  const text = `SELECT DISTINCT${on} ${names.map((name, index) => `${name} AS c${index}`).join(', ')} FROM (${sql}) AS ${alias}`;
  const distinct = markPart(context.statement.pushable, {
    plain: text,
    query: `${withText(context)}${text}`,
    columns: columns.map((_column, index) => `c${index}`),
    pushed: (answer) => answer,
  });
  if (sort.length === 0) return { sql: distinct, columns, sort: [] };
  const outer = context.statement.freshName('r');
  const keys = sort.map(({ item, output }) => {
    const column = output === undefined ? undefined : columns[output];
    if (!column)
      throw failAt(
        'EXPRESSION_NOT_IN_DISTINCT',
        item.expression.at,
        'For SELECT DISTINCT, ORDER BY expressions must appear in select list',
      );
    return sortText({ type: column.type, sql: `${outer}.c${output}` }, item);
  });
  const list = columns.map((_column, index) => `${outer}.c${index} AS c${index}`).join(', ');
  return { sql: `SELECT ${list} FROM (${distinct}) AS ${outer}`, columns, sort: keys };
}

function outputsOf(item: SelectItem, context: ExpressionContext): readonly Output[] {
  switch (item.kind) {
    case 'expression': {
      const name = item.alias?.text ?? nameOf(item.expression);
      const value = analyze(item.expression, context);
      return [{ value, node: item.expression, ...(name === undefined ? {} : { name }) }];
    }
    case 'all':
      return context.scope.fields.filter((field) => !field.hidden).map((field) => fromField(field, item));
    case 'all of':
      return allOf(item, context);
  }
}

function nameOf(node: Expression): string | undefined {
  if (node.kind === 'name') return node.name.text;
  return node.kind === 'field' && pathOf(node) ? node.field.text : undefined;
}

function fromField(field: Field, item: SelectItem): Output {
  if (field.ungrouped) {
    throw failAt(
      'EXPRESSION_NOT_AGGREGATE',
      item.at,
      `Column '${[...field.qualifier.slice(-1), field.name ?? ''].join('.')}' not in GROUP BY clause`,
    );
  }
  const value: Typed = { type: field.type, sql: field.sql };
  return field.name === undefined ? { value } : { value, name: field.name };
}

/** `t.*`, or the fields of a row: `(expression).*`. */
function allOf(item: Extract<SelectItem, { kind: 'all of' }>, context: ExpressionContext): readonly Output[] {
  const path = pathOf(item.base);
  for (let scope: Scope | undefined = context.scope; path && scope; scope = scope.parent) {
    const fields = qualifiedFields(scope, path).filter((field) => !field.hidden);
    if (fields.length > 0)
      return renamed(
        fields.map((field) => fromField(field, item)),
        item,
      );
  }
  if (path?.length === 1 && path[0]) {
    throw failAt('TABLE_NOT_FOUND', item.at, `Unable to resolve reference ${path[0].text}`);
  }
  const row = analyze(item.base, context);
  if (row.type.kind !== 'row') throw failAt('TYPE_MISMATCH', item.at, 'expected expression of type Row');
  const outputs = row.type.fields.map<Output>((field, index) => {
    const value: Typed = { type: field.type, sql: `(${row.sql}).f${index}` };
    return field.name === undefined ? { value } : { value, name: field.name };
  });
  return renamed(outputs, item);
}

function renamed(outputs: readonly Output[], item: Extract<SelectItem, { kind: 'all of' }>): readonly Output[] {
  const { aliases } = item;
  if (!aliases) return outputs;
  if (aliases.length !== outputs.length) {
    throw failAt(
      'MISMATCHED_COLUMN_ALIASES',
      item.at,
      `Column alias list has ${aliases.length} entries but relation has ${outputs.length} columns`,
    );
  }
  return outputs.map((output, index) => {
    const alias = aliases[index];
    if (!alias) return output;
    // Trino shows these aliases in upper case unless they are quoted
    return { ...output, name: alias.quoted ? alias.text : alias.text.toUpperCase() };
  });
}

/** What one ORDER BY item sorts by: the output it names, or an expression over the tables. */
function sortKey(item: SortItem, outputs: readonly Output[], context: ExpressionContext, select: Select) {
  const { expression } = item;
  if (expression.kind === 'integer') {
    const output = Number(expression.text) - 1;
    const value = outputs[output]?.value;
    if (!value)
      throw failAt(
        'INVALID_COLUMN_REFERENCE',
        expression.at,
        `ORDER BY position ${expression.text} is not in select list`,
      );
    return { item, text: value.literal ? '' : sortText(value, item), output };
  }
  const output =
    namedOutput(expression, outputs) ?? (select.distinct ? sameOutput(expression, outputs, context) : undefined);
  const known = output === undefined ? undefined : outputs[output]?.value;
  if (known && output !== undefined) return { item, text: known.literal ? '' : sortText(known, item), output };
  if (select.distinct) return { item, text: '' };
  const named = outputs.flatMap<Field>(({ name, value }) =>
    name === undefined ? [] : [{ name, type: value.type, sql: value.sql, qualifier: [] }],
  );
  const scope: Scope = { fields: dedupe(named), parent: context.scope };
  return { item, text: sortText(analyze(expression, { ...context, scope }), item) };
}

function dedupe(fields: readonly Field[]): readonly Field[] {
  return fields.filter(
    (field, index) => fields.findIndex((each) => each.name === field.name && each.sql === field.sql) === index,
  );
}

function namedOutput(node: Expression, outputs: readonly Output[]): number | undefined {
  if (node.kind !== 'name') return undefined;
  const name = node.name.text.toLowerCase();
  const matches = outputs.flatMap((output, index) => (output.name?.toLowerCase() === name ? [index] : []));
  const [first] = matches;
  if (matches.some((index) => outputs[index]?.value.sql !== outputs[first ?? 0]?.value.sql)) {
    throw failAt('AMBIGUOUS_NAME', node.at, `Column '${node.name.text}' is ambiguous`);
  }
  return first;
}

function sameOutput(node: Expression, outputs: readonly Output[], context: ExpressionContext): number | undefined {
  const names = new Set(outputs.map((output) => output.name?.toLowerCase()));
  let isShadowed = false;
  walkExpression(node, (each) => {
    isShadowed ||= each.kind === 'name' && names.has(each.name.text.toLowerCase());
  });
  if (isShadowed) return undefined;
  const text = keyText(node, context.scope);
  const index = outputs.findIndex((output) => output.node && keyText(output.node, context.scope) === text);
  return index < 0 ? undefined : index;
}
