import type { Expression } from '../parse/syntax-tree.ts';
import { BOOLEAN, VARCHAR, printType } from '../types/type-text.ts';
import { coerceTo } from '../casts/cast.ts';
import { failAt, type Typed } from '../emit/typed.ts';
import { analyze } from './expression.ts';
import type { ExpressionContext } from './context.ts';

/** `LIKE`, with ESCAPE checked as Trino checks it. */
export function like(node: Extract<Expression, { kind: 'like' }>, context: ExpressionContext): Typed {
  const value = analyze(node.operand, context);
  const pattern = analyze(node.pattern, context);
  const escape = node.escape && analyze(node.escape, context);
  for (const [part, name] of [
    [value, 'Left side of LIKE expression'],
    [pattern, 'Pattern for LIKE expression'],
    ...(escape ? [[escape, 'Escape for LIKE expression'] as const] : []),
  ] as const) {
    if (part.type.kind !== 'varchar' && part.type.kind !== 'unknown' && part.type.kind !== 'char') {
      throw failAt('TYPE_MISMATCH', node.at, `${name} must evaluate to a varchar (actual: ${printType(part.type)})`);
    }
  }
  const [a, b] = [coerceTo(value, VARCHAR).sql, coerceTo(pattern, VARCHAR).sql];
  if (!escape) return { type: BOOLEAN, sql: `(${a} LIKE ${b})` };
  return { type: BOOLEAN, sql: `ergane_like(${a}, ${b}, ${coerceTo(escape, VARCHAR).sql})` };
}
