import type { Expression } from '../parse/syntax-tree.ts';
import { printType } from '../types/type-text.ts';
import { duckdbType } from '../types/physical-type.ts';
import type { TrinoType } from '../trino-type.ts';
import { castTo } from '../casts/cast.ts';
import { failAt, type Typed } from '../emit/typed.ts';
import { analyze } from './expression.ts';
import type { ExpressionContext } from './context.ts';

/** `x AT TIME ZONE 'zone'`: the same instant in another zone. */
export function atTimeZone(node: Extract<Expression, { kind: 'at time zone' }>, context: ExpressionContext): Typed {
  const value = analyze(node.operand, context);
  const zone = analyze(node.zone, context);
  const isOffset = zone.type.kind === 'interval day to second';
  if (zone.type.kind !== 'varchar' && !isOffset) {
    throw failAt(
      'TYPE_MISMATCH',
      node.at,
      `Type of time zone must be varchar or interval (actual ${printType(zone.type)})`,
    );
  }
  return inZone(value, isOffset ? `ergane_offset_text(${zone.sql})` : zone.sql, () =>
    failAt(
      'TYPE_MISMATCH',
      node.at,
      `Type of value must be a time or timestamp with or without time zone (actual ${printType(value.type)})`,
    ),
  );
}

export function inZone(value: Typed, zone: string, fail: () => Error): Typed {
  const at = { line: 1, col: 1 };
  if (value.type.kind === 'timestamp' || value.type.kind === 'timestamp with time zone') {
    const type: TrinoType = { kind: 'timestamp with time zone', precision: value.type.precision };
    const zoned = castTo(value, type, at);
    return { type, sql: `CAST(ergane_with_zone(CAST(${zoned.sql} AS HUGEINT), ${zone}) AS ${duckdbType(type)})` };
  }
  if (value.type.kind === 'time' || value.type.kind === 'time with time zone') {
    const type: TrinoType = { kind: 'time with time zone', precision: value.type.precision };
    return { type, sql: `ergane_timetz_with_zone(${castTo(value, type, at).sql}, ${zone})` };
  }
  throw fail();
}
