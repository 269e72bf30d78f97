import type { Expression, FrameBound, WindowSpecification } from '../parse/syntax-tree.ts';
import type { TrinoType } from '../trino-type.ts';
import { failAt, type Typed } from '../emit/typed.ts';
import { printType } from '../types/type-text.ts';
import { analyze } from './expression.ts';
import type { ExpressionContext } from './context.ts';

type Frame = NonNullable<WindowSpecification['frame']>;

const isNegative = (node: Expression) =>
  node.kind === 'null' || (node.kind === 'negate' && node.operand.kind === 'integer');

/** A window's frame; the offsets of RANGE are in the unit of the key that the window is ordered by. */
export function frameText(frame: Frame, key: Typed | undefined, context: ExpressionContext): string {
  const bound = (each: FrameBound): string => {
    switch (each.kind) {
      case 'unbounded':
        return `UNBOUNDED ${each.following ? 'FOLLOWING' : 'PRECEDING'}`;
      case 'current row':
        return 'CURRENT ROW';
      case 'offset': {
        if (isNegative(each.value))
          throw failAt('INVALID_WINDOW_FRAME', each.value.at, 'Window frame offset value must not be negative or null');
        const offset = analyze(each.value, context);
        const sql = frame.unit === 'range' ? rangeOffset(offset, key, each.value) : offset.sql;
        return `${sql} ${each.following ? 'FOLLOWING' : 'PRECEDING'}`;
      }
    }
  };
  const { start, end } = frame;
  const order = (each: FrameBound) =>
    each.kind === 'unbounded' ? (each.following ? 4 : 0) : each.kind === 'current row' ? 2 : each.following ? 3 : 1;
  if (order(start) === 4 || order(end) === 0 || order(start) > order(end)) {
    throw failAt('INVALID_WINDOW_FRAME', { line: 1, col: 1 }, 'Window frame starts after it ends');
  }
  return `${frame.unit.toUpperCase()} BETWEEN ${bound(start)} AND ${bound(end)}`;
}

/** The key as a frame of intervals needs it: DuckDB adds no interval to a DATE without making it a TIMESTAMP. */
export const frameKey = (frame: Frame | undefined, key: Typed): string =>
  frame?.unit === 'range' && key.type.kind === 'date' && [frame.start, frame.end].some((each) => each.kind === 'offset')
    ? `CAST(${key.sql} AS TIMESTAMP)`
    : key.sql;

function rangeOffset(offset: Typed, key: Typed | undefined, node: Expression): string {
  const isMonths = offset.type.kind === 'interval year to month';
  if (!key || (!isMonths && offset.type.kind !== 'interval day to second')) return offset.sql;
  const { type } = key;
  if (type.kind === 'date' || (type.kind === 'timestamp' && type.precision <= 6))
    return isMonths ? `to_months(${offset.sql})` : `to_milliseconds(${offset.sql})`;
  const unit = isMonths ? undefined : millisecondOf(type);
  if (unit === undefined)
    throw failAt(
      'NOT_SUPPORTED',
      node.at,
      `a frame of ${printType(offset.type)} over ${printType(type)} is not supported`,
    );
  return `(${offset.sql} * ${unit})`;
}

/** A millisecond in the unit in which values of the type are held, or compared. */
function millisecondOf(type: TrinoType): string | undefined {
  if (type.kind === 'time') return '1000000000';
  if (type.kind === 'timestamp') return '1000000000::HUGEINT';
  if (type.kind === 'timestamp with time zone') return type.precision <= 3 ? '1' : '1000000000::HUGEINT';
  return type.kind === 'interval day to second' ? '1' : undefined;
}
