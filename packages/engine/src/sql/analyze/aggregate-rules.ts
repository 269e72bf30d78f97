import type { FunctionCall } from '../parse/syntax-tree.ts';
import { failAt } from '../emit/typed.ts';
import type { ExpressionContext, Grouping } from './context.ts';

/** Whether an aggregate may stand here; gives the grouping that takes it. */
export function checkAggregate(node: FunctionCall, context: ExpressionContext): Grouping {
  if (context.noAggregates === 'an aggregate') {
    throw failAt('NESTED_AGGREGATION', node.at, `Cannot nest aggregations inside aggregation '${node.name}'`);
  }
  if (!context.grouping) {
    const where = context.noAggregates ?? 'this clause';
    throw failAt(
      'EXPRESSION_NOT_SCALAR',
      node.at,
      `${where} cannot contain aggregations, window functions or grouping operations: ${node.name}`,
    );
  }
  return context.grouping;
}

/** The context in which an aggregate's arguments are read. */
export function inAggregate(source: ExpressionContext): ExpressionContext {
  return { ...source, noAggregates: 'an aggregate', noWindows: 'an aggregate' };
}
