import type { JsonCall, JsonTableColumn, Relation } from '../parse/syntax-tree.ts';
import { BIGINT, JSON_TYPE } from '../types/type-text.ts';
import { bound, once } from '../emit/once.ts';
import { failAt, quoteText } from '../emit/typed.ts';
import { analyze } from './expression.ts';
import { pathArguments } from './json.ts';
import type { ExpressionContext } from './context.ts';
import type { Field } from './scope.ts';

interface JsonTableItem {
  readonly sql: string;
  readonly fields: readonly Field[];
  readonly lateral: true;
}

/**
 * JSON_TABLE as a list of structs that is unnested: u0, o0 are the item and its number, u1, o1 those of the nested path in it, and so
 * on. An item without nested ones stays, with NULLs. Two nested paths side by side are not supported.
 */
export function jsonTable(node: Extract<Relation, { kind: 'json table' }>, context: ExpressionContext): JsonTableItem {
  const alias = context.statement.freshName('r');
  const row = `(${alias}.u)`;
  const levels: { readonly rows: JsonCall; readonly columns: readonly JsonTableColumn[] }[] = [];
  for (let level: { rows: JsonCall; columns: readonly JsonTableColumn[] } | undefined = node; level;) {
    levels.push(level);
    const nested: readonly Extract<JsonTableColumn, { kind: 'nested' }>[] = level.columns.filter(
      (column) => column.kind === 'nested',
    );
    if (nested.length > 1)
      throw failAt('NOT_SUPPORTED', node.at, 'sibling NESTED paths of JSON_TABLE are not supported');
    level = nested[0];
  }
  const list = levels.reduce(
    (all, { rows }, depth) => (depth === 0 ? first(rows, context) : inner(all, rows, depth, context)),
    '',
  );
  const fieldsAt = (columns: readonly JsonTableColumn[], depth: number): Field[] =>
    columns.flatMap((column) => {
      if (column.kind === 'nested') return fieldsAt(column.columns, depth + 1);
      // as in Trino, a name without quotes is in upper case
      const name = column.name.quoted ? column.name.text : column.name.text.toUpperCase();
      if (column.kind === 'ordinality') return [{ name, type: BIGINT, sql: `${row}.o${depth}`, qualifier: [] }];
      const value = analyze(column.call, withItem(`${row}.u${depth}`, context));
      return [{ name, type: value.type, sql: value.sql, qualifier: [] }];
    });
  return { sql: `(SELECT unnest(${list}) AS u) AS ${alias}`, fields: fieldsAt(node.columns, 0), lateral: true };
}

/** The scope in which `$item` is an item of the row path. */
function withItem(sql: string, context: ExpressionContext): ExpressionContext {
  const item: Field = { name: '$item', type: JSON_TYPE, sql, qualifier: [] };
  return { ...context, scope: { fields: [item], parent: context.scope } };
}

function items(rows: JsonCall, context: ExpressionContext): string {
  return `ergane_sql_json_items(${pathArguments(rows, context)}, ${quoteText(rows.onError?.kind ?? 'null')})`;
}

const first = (rows: JsonCall, context: ExpressionContext) =>
  bound((item) =>
    bound(
      (at) => `list_transform(${items(rows, context)}, lambda ${item}, ${at}: struct_pack(u0 := ${item}, o0 := ${at}))`,
    ),
  );

function inner(list: string, rows: JsonCall, depth: number, context: ExpressionContext): string {
  return bound((outer) =>
    bound((item) =>
      bound((at) => {
        const kept = Array.from({ length: depth }, (_unused, level) => [
          `u${level} := (${outer}).u${level}`,
          `o${level} := (${outer}).o${level}`,
        ]).flat();
        const struct = (value: string, number: string) =>
          `struct_pack(${[...kept, `u${depth} := ${value}`, `o${depth} := ${number}`].join(', ')})`;
        const found = once(items(rows, withItem(`(${outer}).u${depth - 1}`, context)), (each) => {
          const none = struct('CAST(NULL AS VARCHAR)', 'CAST(NULL AS BIGINT)');
          return `(CASE WHEN coalesce(len(${each}), 0) = 0 THEN [${none}] ELSE list_transform(${each}, lambda ${item}, ${at}: ${struct(item, at)}) END)`;
        });
        return `flatten(list_transform(${list}, lambda ${outer}: ${found}))`;
      }),
    ),
  );
}
