import type { Expression, GroupingElement, Select } from '../parse/syntax-tree.ts';
import { hasIdentity, identitySql } from '../emit/compare.ts';
import { failAt, type Typed } from '../emit/typed.ts';
import { INTEGER } from '../types/type-text.ts';
import type { TrinoType } from '../trino-type.ts';
import { analyze } from './expression.ts';
import { hasAggregate, keyText } from './key-text.ts';
import type { ExpressionContext, Grouping } from './context.ts';
import { markAggregate, markPart, replaceAggregates } from './pushable.ts';
import { findField, type Field, type Scope } from './scope.ts';

/** The rows of a grouped query: its keys are k0, k1, …, its aggregates a0, a1, …; complete once all of the query is analysed. */
export interface GroupedRows {
  readonly context: ExpressionContext;
  /** the relation's text, after every expression of the query was analysed */
  readonly sql: () => string;
}

/** Divides a query with GROUP BY or aggregates in two: the grouped relation, and what is computed from its columns. */
export function groupRows(
  written: Select,
  source: ExpressionContext,
  { from, withText }: { readonly from: string; readonly withText: string },
): GroupedRows {
  const select = withAutomaticKeys(written, source.scope);
  const alias = source.statement.freshName('g');
  const sourceContext: ExpressionContext = { ...source, noWindows: 'GROUP BY clause' };
  const keys: { readonly text: string; readonly value: Typed }[] = [];
  const positions = new Map<string, number>();
  const keyOf = (node: Expression): number => {
    const expression = ordinal(node, select);
    const text = keyText(expression, source.scope);
    const known = positions.get(text);
    if (known !== undefined) return known;
    const value = analyze(expression, { ...sourceContext, noAggregates: 'GROUP BY clause' });
    positions.set(text, keys.length);
    keys.push({ text, value });
    return keys.length - 1;
  };
  const sets = groupingSets(select, keyOf);
  const aggregates: Typed[] = [];
  /** those of DuckDB that they are made of */
  const primitives: string[] = [];
  const kinds = new Set(keys.map(({ text }) => text[0]));
  const column = (index: number): Typed => ({ type: keys[index]?.value.type ?? INTEGER, sql: `${alias}.k${index}` });
  const grouping: Grouping = {
    source,
    findKey: (node) => {
      if (kinds.size === 0 || (node.kind !== 'name' && node.kind !== 'field' && !kinds.has('{'))) return undefined;
      const index = positions.get(keyText(node, source.scope));
      return index === undefined ? undefined : column(index);
    },
    markAggregate: (sql) => markAggregate(primitives, sql),
    addAggregate: (value) => ({ type: value.type, sql: `${alias}.${register(aggregates, value)}` }),
    translateGroupingOperation: (columns) => {
      const indexes = columns.map((each) => {
        const index = positions.get(keyText(each, source.scope));
        if (index === undefined)
          throw failAt(
            'INVALID_ARGUMENTS',
            each.at,
            'The arguments to GROUPING() must be expressions referenced by the GROUP BY',
          );
        return index;
      });
      const args = indexes.map((index) => groupExpression(keys[index]?.value)).join(', ');
      return {
        type: INTEGER,
        sql: `${alias}.${register(aggregates, { type: INTEGER, sql: `CAST(grouping(${args}) AS INTEGER)` })}`,
      };
    },
  };
  const scope = groupedScope(source.scope, positions, column);
  return {
    context: { statement: source.statement, scope, grouping, ...(source.windows ? { windows: source.windows } : {}) },
    sql: () => {
      const selected = keys.map(({ value }, index) => `${keyColumn(value)} AS k${index}`);
      const computed = (replace: (index: number) => string) =>
        aggregates.map(({ sql }, index) => `${replaceAggregates(sql, replace)} AS a${index}`);
      const plain = [...selected, ...computed((index) => primitives[index] ?? '')];
      const list = plain.length > 0 ? plain.join(', ') : 'count(*) AS a0';
      const values = keys.map(({ value }) => value);
      const rest = `${from}${groupByText(sets, values)}`;
      const text = `(SELECT ${list}${rest}) AS ${alias}`;
      if (sets.length > 1 || (keys.length === 0 && primitives.length === 0)) return text;
      const counted = primitives.map((sql, index) => `${sql} AS p${index}`);
      const outer = [...keys.map((_key, index) => `k${index}`), ...computed((index) => `p${index}`)];
      return markPart(source.statement.pushable, {
        plain: text,
        query: `${withText}SELECT ${[...selected, ...counted].join(', ')}${rest}`,
        columns: [...keys.map((_key, index) => `k${index}`), ...primitives.map((_sql, index) => `p${index}`)],
        pushed: (answer) => `(SELECT ${outer.join(', ')} FROM (${answer})) AS ${alias}`,
      });
    },
  };
}

/** `AUTO` in GROUP BY groups by every item of the select list that holds no aggregate. */
function withAutomaticKeys(select: Select, scope: Scope): Select {
  if (!select.groupBy) return select;
  const isAutomatic = (element: GroupingElement): boolean => {
    const name = element.kind === 'simple' && element.set.length === 1 ? element.set[0] : undefined;
    if (name?.kind !== 'name' || name.name.quoted || name.name.text.toLowerCase() !== 'auto') return false;
    return !findField(scope, [name.name], name.at);
  };
  const set = select.items.flatMap((item) =>
    item.kind === 'expression' && !hasAggregate(item.expression) ? [item.expression] : [],
  );
  const elements = select.groupBy.elements.map<GroupingElement>((element) =>
    isAutomatic(element) ? { kind: 'simple', set } : element,
  );
  return { ...select, groupBy: { ...select.groupBy, elements } };
}

function register(aggregates: Typed[], value: Typed): string {
  const known = aggregates.findIndex((each) => each.sql === value.sql);
  if (known >= 0) return `a${known}`;
  aggregates.push(value);
  return `a${aggregates.length - 1}`;
}

/** A key whose identity is not its value (an instant with its zone) shows any of its group's values. */
const keyColumn = (value: Typed) => (hasIdentity(value.type) ? `any_value(${value.sql})` : value.sql);
const groupExpression = (value: Typed | undefined) => (value ? identitySql(value.type, value.sql) : 'NULL');

function groupByText(sets: readonly (readonly number[])[], keys: readonly Typed[]): string {
  const byPosition = !keys.some((key) => hasIdentity(key.type));
  const text = (index: number) => (byPosition ? String(index + 1) : groupExpression(keys[index]));
  const [only, ...more] = sets;
  if (!only) return '';
  if (more.length === 0) return only.length === 0 ? '' : ` GROUP BY ${only.map(text).join(', ')}`;
  const expression = (index: number) => groupExpression(keys[index]);
  return ` GROUP BY GROUPING SETS (${sets.map((set) => `(${set.map(expression).join(', ')})`).join(', ')})`;
}

/** `GROUP BY 2` is the second item of the select list. */
function ordinal(node: Expression, select: Select): Expression {
  if (node.kind !== 'integer') return node;
  const item = select.items[Number(node.text) - 1];
  if (item?.kind !== 'expression')
    throw failAt('INVALID_COLUMN_REFERENCE', node.at, `GROUP BY position ${node.text} is not in select list`);
  return item.expression;
}

/** The grouping sets as lists of keys: the elements of GROUP BY multiply. */
function groupingSets(select: Select, keyOf: (node: Expression) => number): readonly (readonly number[])[] {
  if (!select.groupBy) return [[]];
  const product = select.groupBy.elements.reduce<readonly (readonly number[])[]>(
    (sets, element) => sets.flatMap((set) => elementSets(element, keyOf).map((more) => [...set, ...more])),
    [[]],
  );
  if (!select.groupBy.distinct) return product;
  const seen = new Map(product.map((set) => [[...new Set(set)].sort((a, b) => a - b).join(), set]));
  return [...seen.values()];
}

function elementSets(element: GroupingElement, keyOf: (node: Expression) => number): readonly (readonly number[])[] {
  if (element.kind === 'simple') return [element.set.map(keyOf)];
  const sets = element.sets.map((set) => set.map(keyOf));
  switch (element.kind) {
    case 'sets':
      return sets;
    case 'rollup':
      return Array.from({ length: sets.length + 1 }, (_unused, index) => sets.slice(0, sets.length - index).flat());
    case 'cube':
      return sets.reduceRight<readonly (readonly number[])[]>(
        (rest, set) => [...rest.map((each) => [...set, ...each]), ...rest],
        [[]],
      );
  }
}

/** After grouping, a column that is a key is the key's column; any other may not be named. */
function groupedScope(
  source: Scope,
  positions: ReadonlyMap<string, number>,
  column: (index: number) => { readonly type: TrinoType; readonly sql: string },
): Scope {
  const fields = source.fields.map<Field>((field) => {
    const index = positions.get(`#${field.sql}`);
    return index === undefined ? { ...field, ungrouped: true } : { ...field, ...column(index) };
  });
  return { fields, ...(source.parent ? { parent: source.parent } : {}) };
}
