import type {
  JsonPathInvocationContext,
  JsonQueryBehaviorContext,
  JsonQueryWrapperBehaviorContext,
  JsonRepresentationContext,
  JsonValueBehaviorContext,
  JsonValueExpressionContext,
} from 'dt-sql-parser/dist/lib/trino/TrinoSqlParser.js';
import { buildExpression } from './build-expression.ts';
import { buildType } from './build-type.ts';
import { nameOf, positionOf, stringOf, type Dispatch } from './cst.ts';
import { loadGrammar } from './grammar.ts';
import type { Expression, JsonBehavior, JsonCall, JsonInput } from './syntax-tree.ts';

/** Adds JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT and JSON_ARRAY. */
export function addJson(dispatch: Dispatch<Expression>): void {
  const c = loadGrammar().contexts;
  dispatch
    .on(c.JsonExistsContext, (node) => {
      const onError = node.jsonExistsErrorBehavior()?.getText().toLowerCase();
      return {
        ...start('json_exists', node.jsonPathInvocation()),
        ...(onError === 'true' || onError === 'false' || onError === 'unknown' || onError === 'error'
          ? { onError: { kind: onError } as const }
          : {}),
      };
    })
    .on(c.JsonValueContext, (node) => ({
      ...start('json_value', node.jsonPathInvocation()),
      ...(node.type() ? { returning: buildType(node.type()) } : {}),
      ...(node._emptyBehavior ? { onEmpty: valueBehavior(node._emptyBehavior) } : {}),
      ...(node._errorBehavior ? { onError: valueBehavior(node._errorBehavior) } : {}),
    }))
    .on(c.JsonQueryContext, (node) => {
      const wrapper = node.jsonQueryWrapperBehavior();
      return {
        ...start('json_query', node.jsonPathInvocation()),
        ...(node.type() ? { returning: buildType(node.type()) } : {}),
        ...format(node.jsonRepresentation()),
        ...(node._emptyBehavior ? { onEmpty: queryBehavior(node._emptyBehavior) } : {}),
        ...(node._errorBehavior ? { onError: queryBehavior(node._errorBehavior) } : {}),
        ...(wrapper ? { wrapper: wrapperOf(wrapper) } : {}),
        ...(node.KW_QUOTES() ? { quotes: node.KW_OMIT() ? ('omit' as const) : ('keep' as const) } : {}),
      };
    })
    .on(c.JsonObjectContext, (node) => ({
      kind: 'json',
      at: positionOf(node),
      function: 'json_object',
      passing: [],
      members: node.jsonObjectMember().map((member) => ({
        key: buildExpression(member.expression()),
        value: input(member.jsonValueExpression()),
      })),
      nullOnNull: node.KW_ABSENT() === null,
      uniqueKeys: node.KW_UNIQUE() !== null && node.KW_WITHOUT() === null,
      ...(node.type() ? { returning: buildType(node.type()) } : {}),
      ...format(node.jsonRepresentation()),
    }))
    .on(c.JsonArrayContext, (node) => ({
      kind: 'json',
      at: positionOf(node),
      function: 'json_array',
      passing: [],
      members: node.jsonValueExpression().map((value) => ({ value: input(value) })),
      nullOnNull: node.KW_ABSENT() === null && /nullonnull/i.test(node.getText()),
      ...(node.type() ? { returning: buildType(node.type()) } : {}),
      ...format(node.jsonRepresentation()),
    }));
}

export function start(name: 'json_exists' | 'json_value' | 'json_query', node: JsonPathInvocationContext): JsonCall {
  return {
    kind: 'json',
    at: positionOf(node),
    function: name,
    input: input(node.jsonValueExpression()),
    path: stringOf(node._path),
    passing: node.jsonArgument().map((argument) => ({
      name: nameOf(argument.identifier()).text,
      value: input(argument.jsonValueExpression()),
    })),
    members: [],
  };
}

function input(node: JsonValueExpressionContext): JsonInput {
  const representation = node.jsonRepresentation();
  return {
    expression: buildExpression(node.expression()),
    ...(representation ? { format: representation.getText().toLowerCase() } : {}),
  };
}

export function format(node: JsonRepresentationContext | null): { readonly returningFormat?: string } {
  return node ? { returningFormat: node.getText().toLowerCase() } : {};
}

export function valueBehavior(node: JsonValueBehaviorContext): JsonBehavior {
  if (node.KW_ERROR()) return { kind: 'error' };
  if (node.KW_DEFAULT()) return { kind: 'default', value: buildExpression(node.expression()) };
  return { kind: 'null' };
}

export function queryBehavior(node: JsonQueryBehaviorContext): JsonBehavior {
  if (node.KW_ERROR()) return { kind: 'error' };
  if (node.KW_ARRAY()) return { kind: 'empty array' };
  if (node.KW_OBJECT()) return { kind: 'empty object' };
  return { kind: 'null' };
}

export function wrapperOf(node: JsonQueryWrapperBehaviorContext): 'without' | 'conditional' | 'unconditional' {
  if (node.KW_WITHOUT()) return 'without';
  return node.KW_CONDITIONAL() ? 'conditional' : 'unconditional';
}
