import type { Constraints, FederationExpression } from '../constraints.ts';
import { ErganeError } from '../errors.ts';
import { encodeArrowType, type Json } from './arrow-type.ts';
import type { BlockWriter } from './block.ts';
import { encodeValueSet } from './value-set.ts';

/**
 * Constraints as a version has them, members in Java's order (section 3.1). What an older version cannot say is only a help to the
 * callee and is left out, but for a passthrough query, which is the question itself.
 */
export function encodeConstraints(constraints: Constraints, blocks: BlockWriter): Json {
  const { summary, expression, orderByClause, limit, queryPassthroughArguments, queryPlan } = constraints;
  const { version } = blocks;
  if (version < 5) assertNoPassthrough(queryPassthroughArguments, version);
  return {
    summary: Object.fromEntries(Object.entries(summary).map(([column, set]) => [column, encodeValueSet(set, blocks)])),
    ...(version >= 4 && {
      expression: expression.map((item) => encodeExpression(item, blocks)),
      orderByClause: orderByClause.map(({ columnName, direction }) => ({ columnName, direction })),
      limit,
    }),
    ...(version >= 5 && { queryPassthroughArguments }),
    ...(version >= 6 && {
      queryPlan: queryPlan && { substraitVersion: queryPlan.substraitVersion, substraitPlan: queryPlan.substraitPlan },
    }),
  };
}

/** @throws ErganeError NOT_SUPPORTED: a peer of version 4 or less would read a table instead */
export function assertNoPassthrough(passthrough: Readonly<Record<string, string>>, version: number): void {
  if (Object.keys(passthrough).length > 0)
    throw new ErganeError(
      'NOT_SUPPORTED',
      `the function speaks version ${version} of the federation protocol, which has no query passthrough (version 5 has): update the function, or write the query as SQL over its tables`,
    );
}

function encodeExpression(expression: FederationExpression, blocks: BlockWriter): Json {
  const type = encodeArrowType(expression.type);
  switch (expression.kind) {
    case 'FunctionCallExpression':
      return {
        '@type': expression.kind,
        type,
        functionName: { functionName: expression.functionName },
        arguments: expression.arguments.map((item) => encodeExpression(item, blocks)),
      };
    case 'VariableExpression':
      return { '@type': expression.kind, columnName: expression.columnName, type };
    case 'ConstantExpression':
      return { '@type': expression.kind, valueBlock: blocks.block(expression.valueBlock), type };
  }
}
