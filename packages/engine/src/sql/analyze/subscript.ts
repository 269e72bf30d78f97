import type { Expression } from '../parse/syntax-tree.ts';
import { BIGINT, printType } from '../types/type-text.ts';
import { canCoerce } from '../types/coercion.ts';
import { duckdbType } from '../types/physical-type.ts';
import { coerceTo } from '../casts/cast.ts';
import { failAt, failSql, type Typed } from '../emit/typed.ts';
import { analyze } from './expression.ts';
import type { ExpressionContext } from './context.ts';

/** `array[1]`, `map['k']`, `row[1]`: what lies outside is an error. */
export function subscript(node: Extract<Expression, { kind: 'subscript' }>, context: ExpressionContext): Typed {
  const base = analyze(node.base, context);
  const index = analyze(node.index, context);
  const mismatch = () =>
    failAt('TYPE_MISMATCH', node.at, `Cannot apply operator: ${printType(base.type)}[${printType(index.type)}]`);
  if (base.type.kind === 'array') {
    if (!canCoerce(index.type, BIGINT)) throw mismatch();
    const at = coerceTo(index, BIGINT).sql;
    const type = duckdbType(base.type.element);
    const zero = failSql('INVALID_FUNCTION_ARGUMENT', 'SQL array indices start at 1', type);
    const negative = failSql('INVALID_FUNCTION_ARGUMENT', 'Array subscript is negative', type);
    const outside = failSql(
      'INVALID_FUNCTION_ARGUMENT',
      'Array subscript must be less than or equal to array length',
      type,
    );
    return {
      type: base.type.element,
      sql: `(CASE WHEN ${at} = 0 THEN ${zero} WHEN ${at} < 0 THEN ${negative} WHEN ${at} > len(${base.sql}) THEN ${outside} ELSE ${base.sql}[${at}] END)`,
    };
  }
  if (base.type.kind === 'map') {
    if (!canCoerce(index.type, base.type.key)) throw mismatch();
    const key = coerceTo(index, base.type.key).sql;
    const missing = failSql('INVALID_FUNCTION_ARGUMENT', 'Key not present in map', duckdbType(base.type.value));
    return {
      type: base.type.value,
      sql: `(CASE WHEN NOT map_contains(${base.sql}, ${key}) THEN ${missing} ELSE ${base.sql}[${key}] END)`,
    };
  }
  if (base.type.kind === 'row') {
    const position = index.literal && 'unscaled' in index.literal ? Number(index.literal.unscaled) : undefined;
    if (position === undefined)
      throw failAt('TYPE_MISMATCH', node.at, 'Subscript expression on ROW requires a constant index');
    const field = base.type.fields[position - 1];
    if (!field)
      throw failAt(
        'INVALID_FUNCTION_ARGUMENT',
        node.at,
        `Invalid subscript index: ${position}. ROW indices start at 1`,
      );
    return { type: field.type, sql: `(${base.sql}).f${position - 1}` };
  }

  throw mismatch();
}
