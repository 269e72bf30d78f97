import type { Constraints, FederationExpression, OrderByField } from '../constraints.ts';
import { Found, invalid } from '../invalid.ts';
import { decodeArrowType } from './arrow-type.ts';
import type { BlockReader } from './block.ts';
import { JsonObject, readArray, readInteger, readMap, readText } from './json-object.ts';
import { decodeValueSet } from './value-set.ts';

/** An expression deeper than this would not fit the stack. */
const MAX_DEPTH = 500;

/** Constraints of any version; what a version has not is empty (section 3.1). */
export function decodeConstraints(object: JsonObject, blocks: BlockReader): Constraints {
  const readSet = (value: unknown, path: string) => decodeValueSet(value, path, blocks);
  const readExpression = (value: unknown, path: string) => decodeExpression(value, path, { blocks, depth: 0 });
  return {
    summary: object.map('summary', readSet),
    expression: object.optional('expression', (value, path) => readArray(value, path, readExpression)) ?? [],
    orderByClause: object.optional('orderByClause', (value, path) => readArray(value, path, decodeOrderBy)) ?? [],
    limit: object.optional('limit', readInteger) ?? -1,
    queryPassthroughArguments:
      object.optional('queryPassthroughArguments', (value, path) => readMap(value, path, readText)) ?? {},
    queryPlan:
      object.optional('queryPlan', (value, path) => {
        const plan = new JsonObject(value, path);
        return { substraitVersion: plan.text('substraitVersion'), substraitPlan: plan.text('substraitPlan') };
      }) ?? null,
  };
}

function decodeOrderBy(value: unknown, path: string): OrderByField {
  const field = new JsonObject(value, path);
  const directions = ['ASC_NULLS_FIRST', 'ASC_NULLS_LAST', 'DESC_NULLS_FIRST', 'DESC_NULLS_LAST'] as const;
  return { columnName: field.text('columnName'), direction: field.word('direction', directions) };
}

interface ExpressionContext {
  readonly blocks: BlockReader;
  readonly depth: number;
}

function decodeExpression(value: unknown, path: string, { blocks, depth }: ExpressionContext): FederationExpression {
  if (depth > MAX_DEPTH) throw invalid(path, `expressions at most ${MAX_DEPTH} deep`, new Found('deeper ones'));
  const object = new JsonObject(value, path);
  const kind = object.word('@type', ['FunctionCallExpression', 'VariableExpression', 'ConstantExpression']);
  const type = decodeArrowType(object.get('type'), object.at('type'));
  switch (kind) {
    case 'VariableExpression':
      return { kind, columnName: object.text('columnName'), type };
    case 'ConstantExpression':
      return { kind, valueBlock: blocks.block(object.get('valueBlock'), object.at('valueBlock')), type };
    case 'FunctionCallExpression': {
      const functionName = object.object('functionName').text('functionName');
      const readArgument = (item: unknown, at: string) => decodeExpression(item, at, { blocks, depth: depth + 1 });
      return { kind, type, functionName, arguments: object.array('arguments', readArgument) };
    }
  }
}
