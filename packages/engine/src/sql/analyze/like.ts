import type { Expression } from '../parse/syntax-tree.ts';
import { BOOLEAN, VARCHAR, printType } from '../types/type-text.ts';
import { coerceTo } from '../casts/cast.ts';
import { failAt, quoteText, type Typed } from '../emit/typed.ts';
import { analyze } from './expression.ts';
import type { ExpressionContext } from './context.ts';

const literalText = (value: Typed) => (value.literal && 'text' in value.literal ? value.literal.text : undefined);

function checkEscapes(pattern: string, escape: string, node: Extract<Expression, { kind: 'like' }>): void {
  if ([...escape].length !== 1) {
    throw failAt('INVALID_FUNCTION_ARGUMENT', node.at, 'Escape string must be a single character');
  }
  const rest = pattern
    .replaceAll(escape + escape, '')
    .replaceAll(`${escape}%`, '')
    .replaceAll(`${escape}_`, '');
  if (rest.includes(escape)) {
    throw failAt(
      'INVALID_FUNCTION_ARGUMENT',
      node.at,
      `Escape character must be followed by '%', '_' or the escape character itself`,
    );
  }
}

/** `LIKE`, with ESCAPE checked as Trino checks it. */
export function like(node: Extract<Expression, { kind: 'like' }>, context: ExpressionContext): Typed {
  const value = analyze(node.operand, context);
  const pattern = analyze(node.pattern, context);
  const escape = node.escape && analyze(node.escape, context);
  for (const [part, name, { at }] of [
    [value, 'Left side of LIKE expression', node.operand],
    [pattern, 'Pattern for LIKE expression', node.pattern],
    ...(escape ? [[escape, 'Escape for LIKE expression', node.escape ?? node] as const] : []),
  ] as const) {
    if (part.type.kind !== 'varchar' && part.type.kind !== 'unknown' && part.type.kind !== 'char') {
      throw failAt('TYPE_MISMATCH', at, `${name} must evaluate to a varchar (actual: ${printType(part.type)})`);
    }
  }
  const [a, b] = [coerceTo(value, VARCHAR).sql, coerceTo(pattern, VARCHAR).sql];
  if (!escape) return { type: BOOLEAN, sql: `(${a} LIKE ${b})` };
  const known = literalText(pattern);
  const sign = literalText(escape);
  if (known !== undefined && sign !== undefined) {
    checkEscapes(known, sign, node);
    return { type: BOOLEAN, sql: `(${a} LIKE ${b} ESCAPE ${quoteText(sign)})` };
  }
  return { type: BOOLEAN, sql: `ergane_like(${a}, ${b}, ${coerceTo(escape, VARCHAR).sql})` };
}
