import type { Value } from '@ergane/protocol';
import { DataType, DateUnit } from 'apache-arrow';
import type { PlanConstant } from './plan-expression.ts';

/** A constant of the plan as a value of a column: exact, or between two values (`below` is the greatest smaller one). */
export type ColumnValue =
  { readonly kind: 'exact'; readonly value: Value } | { readonly kind: 'between'; readonly below: Value };

/** undefined: the constant cannot be said as a value of the column's type. */
export function columnValue(type: DataType, { type: { id, scale }, value }: PlanConstant): ColumnValue | undefined {
  if (value === null) return undefined;
  if (DataType.isDate(type) && type.unit === DateUnit.MILLISECOND)
    return id === 'TIMESTAMP' && typeof value === 'bigint' ? millisOf(value) : undefined;
  const exact = exactValue(type, { id, scale, value });
  return exact === undefined ? undefined : { kind: 'exact', value: exact };
}

/** The plan has microseconds, the wire milliseconds. */
function millisOf(micros: bigint): ColumnValue {
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  const millis = (micros - rest) / 1000n;
  return rest === 0n ? { kind: 'exact', value: millis } : { kind: 'between', below: millis };
}

function exactValue(
  type: DataType,
  { id, scale, value }: { id: string; scale: number; value: NonNullable<PlanConstant['value']> },
): Value | undefined {
  if (DataType.isInt(type)) {
    if (typeof value !== 'bigint' || !INTEGERS.has(id)) return undefined;
    return type.bitWidth === 64 ? value : Number(value);
  }
  if (DataType.isDate(type)) return id === 'DATE' && typeof value === 'bigint' ? Number(value) : undefined;
  if (DataType.isDecimal(type))
    return id === 'DECIMAL' && scale === type.scale && typeof value === 'bigint' ? value : undefined;
  if (DataType.isFloat(type))
    return (id === 'DOUBLE' || id === 'FLOAT') && typeof value === 'number' ? value : undefined;
  if (DataType.isBool(type)) return typeof value === 'boolean' ? value : undefined;
  if (DataType.isUtf8(type)) return id === 'VARCHAR' && typeof value === 'string' ? value : undefined;
  if (DataType.isBinary(type)) return value instanceof Uint8Array ? value : undefined;
  return undefined;
}

const INTEGERS = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT']);

/**
 * Whether a range up to or from this value means the same here, in DuckDB (bytes of UTF-8) and in Java (UTF-16 units): both orders
 * agree unless surrogates are compared with characters above them.
 */
export function isSafeBound(value: Value): boolean {
  return typeof value !== 'string' || !/[\ud800-\uffff]/.test(value);
}
