import type { JsonTableColumnContext, JsonTableContext } from 'dt-sql-parser/dist/lib/trino/TrinoSqlParser.js';
import { format, queryBehavior, start, valueBehavior, wrapperOf } from './build-json.ts';
import { buildType } from './build-type.ts';
import { nameOf, positionOf, stringOf, unsupported } from './cst.ts';
import { loadGrammar } from './grammar.ts';
import type { JsonBehavior, JsonCall, JsonTableColumn, Name, Relation } from './syntax-tree.ts';

/** JSON_TABLE with the default plan. */
export function buildJsonTable(node: JsonTableContext): Relation {
  if (node.KW_PLAN()) throw unsupported(node, 'PLAN of JSON_TABLE');
  const failing = node.KW_ON() !== null && node.KW_ERROR().length === 2;
  const onError: { readonly onError?: JsonBehavior } = failing ? { onError: { kind: 'error' } } : {};
  const rows: JsonCall = { ...start('json_query', node.jsonPathInvocation()), ...onError };
  return {
    kind: 'json table',
    at: positionOf(node),
    rows,
    columns: node.jsonTableColumn().map((column) => buildColumn(column, rows)),
  };
}

function buildColumn(node: JsonTableColumnContext, rows: JsonCall): JsonTableColumn {
  const c = loadGrammar().contexts;
  const at = positionOf(node);
  const call = (name: JsonCall['function'], path: string): JsonCall => ({
    kind: 'json',
    at,
    function: name,
    input: { expression: { kind: 'name', at, name: { text: '$item', quoted: true, at } } },
    path,
    passing: rows.passing,
    members: [],
    ...(rows.onError ? { onError: rows.onError } : {}),
  });
  if (node instanceof c.OrdinalityColumnContext) return { kind: 'ordinality', name: nameOf(node.identifier()) };
  if (node instanceof c.NestedColumnsContext) {
    const nested = call('json_query', stringOf(node.string()));
    return { kind: 'nested', rows: nested, columns: node.jsonTableColumn().map((column) => buildColumn(column, rows)) };
  }
  if (node instanceof c.ValueColumnContext) {
    const name = nameOf(node.identifier());
    const path = node.string();
    const value: JsonCall = {
      ...call('json_value', path ? stringOf(path) : memberPath(name)),
      returning: buildType(node.type()),
      ...(node._emptyBehavior ? { onEmpty: valueBehavior(node._emptyBehavior) } : {}),
      ...(node._errorBehavior ? { onError: valueBehavior(node._errorBehavior) } : {}),
    };
    return { kind: 'value', name, call: value };
  }
  if (!(node instanceof c.QueryColumnContext)) throw unsupported(node, 'this column of JSON_TABLE');
  const name = nameOf(node.identifier());
  const path = node.string();
  const wrapper = node.jsonQueryWrapperBehavior();
  const query: JsonCall = {
    ...call('json_query', path ? stringOf(path) : memberPath(name)),
    returning: buildType(node.type()),
    ...format(node.jsonRepresentation()),
    ...(wrapper ? { wrapper: wrapperOf(wrapper) } : {}),
    ...(node.KW_QUOTES() ? { quotes: node.KW_OMIT() ? ('omit' as const) : ('keep' as const) } : {}),
    ...(node._emptyBehavior ? { onEmpty: queryBehavior(node._emptyBehavior) } : {}),
    ...(node._errorBehavior ? { onError: queryBehavior(node._errorBehavior) } : {}),
  };
  return { kind: 'value', name, call: query };
}

/** Without a path a column is the member of its name; a name without quotes is in upper case. */
const memberPath = ({ text, quoted }: Name) =>
  `lax $."${(quoted ? text : text.toUpperCase()).replaceAll(/["\\\\]/g, '\\\\$&')}"`;
