import type { JsonCall } from '../parse/syntax-tree.ts';
import { failAt, type Typed } from '../emit/typed.ts';
import type { ExpressionContext } from './context.ts';

/** The SQL standard's JSON functions. */
export function analyzeJson(node: JsonCall, _context: ExpressionContext): Typed {
  throw failAt('NOT_SUPPORTED', node.at, `${node.function.toUpperCase()} is not supported`);
}
